"""What changes while the command works: kills at random moments, files in motion, links that take directories' places."""

import contextlib
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

import template_pkg as tp

# ---------------------------------------------------------------- kills
# Every command that writes a file: from the folder of inputs and that of outputs to its words.
WRITERS = {
    "snapshot": lambda i, o: ["snapshot", i / "tree", "-o", o / "m", "--index", i / "index"],
    "snapshot by name": lambda i, o: ["snapshot", i / "tree", "--destination", o, "--name", "job"],
    "convert": lambda i, o: ["convert", i / "new", "-o", o / "m"],
    "merge": lambda i, o: ["merge", i / "old", i / "new", "-o", o / "m"],
    "diff": lambda i, o: ["diff", i / "old", i / "new", "--as-manifest", "-o", o / "m"],
    "report": lambda i, o: ["report", i / "old", i / "new", "-o", o / "m"],
    "submit": lambda i, o: ["submit", "--dry-run", "--input-dir", i / "tree", "-o", o / "m"],
}


def manifest_of(count, changed):
    rows = [
        {"hash": f"{i + (i % 9 == 0) * changed:032x}", "mtime": i, "path": f"d{i % 97:02}/{i:06}", "size": i}
        for i in range(count)
    ]
    return json.dumps({"hashAlg": "xxh128", "manifestVersion": "2023-03-03", "paths": rows, "totalSize": 0})


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """A tree of 300 files, and two manifests that take some milliseconds to read and to write."""
    folder = tmp_path_factory.mktemp("inputs")
    (folder / "tree").mkdir()
    for i in range(300):
        (folder / "tree" / f"{i:03}").write_bytes(b"%d" % i)
    (folder / "old").write_text(manifest_of(5_000, 0))
    (folder / "new").write_text(manifest_of(5_000, 1))
    return folder


def complete(folder):
    """What lies under final names, by content: names have their times in them."""
    return [path.read_bytes() for path in folder.iterdir() if not path.name.endswith(".tmp")]


def kill_at_random(cli, words, inputs, folder, rounds, chance):
    """How many runs were killed, and how many of those came to write."""
    command = [cli.path, *map(str, words(inputs, folder))]
    begun = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    whole = time.monotonic() - begun
    (truth,) = complete(folder)
    killed = writing = 0
    while killed < rounds:
        for path in folder.iterdir():
            path.unlink()
        old = truth[:100] if "-o" in words(inputs, folder) and chance.random() < 0.5 else None
        if old is not None:
            (folder / "m").write_bytes(old)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.random() * whole * 1.1)
        process.kill()
        if process.wait() == 0:
            whole = max(whole * 0.98, 0.001)  # it is done sooner than it was thought to be
        else:
            killed += 1
            writing += any(path.name.endswith(".tmp") for path in folder.iterdir())
            whole *= 1.002
        assert complete(folder) in ([old] if old else [], [truth])
        if killed % 20 == 0:  # nothing has to be repaired before the next run
            done = subprocess.run(command, capture_output=True, check=True)
            assert complete(folder)[-1] == truth and b"warning" not in done.stderr
    return killed, writing


@pytest.fixture
def chance(seed):
    return random.Random(seed)


def test_every_command_that_writes_is_killed(cli):
    commands = cli.json("surface")["commands"]
    writing = {c["name"] for c in commands for option in c["options"] if "--output" in option["names"]}
    assert writing == {name.split()[0] for name in WRITERS}


@pytest.mark.parametrize("name", WRITERS)
def test_a_kill_leaves_the_old_file_or_the_new_one(cli, inputs, tmp_path, chance, name):
    kill_at_random(cli, WRITERS[name], inputs, tmp_path, 3, chance)


@pytest.mark.deep
def test_kills_leave_the_old_file_or_the_new_one_in_the_long_run(cli, inputs, tmp_path, chance, rounds):
    counts = {}
    for name, words in WRITERS.items():
        (tmp_path / name).mkdir()
        count = rounds(1200) // len(WRITERS) + 1
        counts[name] = kill_at_random(cli, words, inputs, tmp_path / name, count, chance)
    print(counts)  # killed, and of those while they wrote


# ---------------------------------------------------------------- disturbers
COMMON = r"""
import mmap, os, random, sys
folder, count, seed = sys.argv[1:4]
counter, chance, done = mmap.mmap(os.open(count, os.O_RDWR), 8), random.Random(seed), 0
def count_up(by):
    global done
    done += by
    counter[:8] = done.to_bytes(8, "little")
"""


@contextlib.contextmanager
def beside(script, folder, seed=""):
    """A process that disturbs a folder; gives a function to how often it has done so."""
    count = Path(f"{folder}.count")
    count.write_bytes(bytes(8))
    with subprocess.Popen([sys.executable, "-I", "-c", COMMON + script, folder, count, seed]) as process:

        def counted():
            assert process.poll() is None, "it ended by itself"
            return int.from_bytes(count.read_bytes(), "little")

        try:
            yield counted
        finally:
            process.kill()


# ---------------------------------------------------------------- files in motion
FILES, PAGE, PAGES, TEXTS = 12, 4096, 32, 3
# Moves files from state to state, a page at a time: appends and cuts, writes over in place (even pages, then odd ones),
# puts others in their place, removes.
MOVER = rf"""
def write(path, text, pages, flags=0):
    fd = os.open(path, os.O_RDWR | os.O_CREAT | flags, 0o644)
    for page in pages:
        os.pwrite(fd, bytes([65 + text, 97 + page]) * {PAGE // 2}, page * {PAGE})
    os.close(fd)
def move(number):
    path = os.path.join(folder, str(number))
    text, pages = state.get(number, (0, 0))
    way, other = chance.choice(WAYS), chance.randrange({TEXTS})
    if way == "append" and pages:
        longer = chance.randint(pages, {PAGES})
        write(path, text, range(pages, longer))
        state[number] = text, longer
    elif way == "cut" and pages:
        shorter = chance.randint(1, pages)
        os.truncate(path, shorter * {PAGE})
        state[number] = text, shorter
    elif way == "write over" and pages:
        write(path, other, [*range(0, pages, 2), *range(1, pages, 2)])
        state[number] = other, pages
    elif way == "replace" or not pages:
        pages = chance.randint(1, {PAGES})
        write(folder + ".new", other, range(pages), os.O_TRUNC)
        os.replace(folder + ".new", path)
        state[number] = other, pages
    elif way == "remove" and chance.random() < 0.2:
        os.unlink(path)
        del state[number]
WAYS = ["append", "cut", "write over", "write over", "replace", "remove"]
state = {{}}
while True:
    move(chance.randrange({FILES}))
    count_up(1)
"""


def states():
    """The size and hash of every state that a file is ever in."""
    pages = [[bytes([65 + text, 97 + page]) * (PAGE // 2) for page in range(PAGES)] for text in range(TEXTS)]
    found = {(0, tp.hash_bytes(b""))}
    for old in pages:
        for new in pages:
            for count in range(1, PAGES + 1):
                now = old[:count]
                for page in [*range(0, count, 2), *range(1, count, 2)]:
                    now[page] = new[page]
                    found.add((count * PAGE, tp.hash_bytes(b"".join(now))))
    return found


def plainly(folder):
    """Sizes and hashes as of a reader that takes what it gets."""
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):
            data = path.read_bytes()
            yield len(data), tp.hash_bytes(data)


def scan_in_motion(tmp_path, seed, wanted, options, control=False):
    """Scans until that many files were hashed, or given up, while they moved; how many hashes were of no state.

    With `control`, who reads plainly has to see mixtures of states meanwhile, which may take long.
    """
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "still").write_bytes(b"")
    known = states()
    races = mixed = 0
    with beside(MOVER, folder, seed) as moves:
        while races < wanted:
            before = moves()
            try:
                manifest = tp.snapshot(folder, skip_unreadable=True, **options)
            except (tp.FileChangedError, FileNotFoundError):  # of a file that was gone when its turn came
                races += 1
                continue
            races += min(len(manifest) - 1 + len(manifest.skipped), moves() - before)
            mixed += sum((entry.size, entry.hash) not in known for entry in manifest)
        give_up = time.monotonic() + 300
        while control and all(state in known for state in plainly(folder)):
            assert time.monotonic() < give_up
    return mixed


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("index", [False, True])
def test_no_hash_is_of_a_mixture(tmp_path, seed, index):
    options = {"index": tmp_path / "i"} if index else {}
    assert scan_in_motion(tmp_path, seed, 50, options) == 0


@pytest.mark.deep
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("index", [False, True])
def test_no_hash_is_of_a_mixture_in_the_long_run(tmp_path, seed, rounds, index):
    options = {"index": tmp_path / "i"} if index else {}
    assert scan_in_motion(tmp_path, seed, rounds(5000), options, control=True) == 0


# ---------------------------------------------------------------- links in place of directories
# A directory and a link that leads outside change places, as fast as they can.
SWAPPER = r"""
import ctypes
one, other = os.fsencode(folder) + b"/deep/d", os.fsencode(folder) + b"/deep/l"
renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
while True:
    for _ in range(100):
        if renameat2(-100, one, -100, other, 2):  # RENAME_EXCHANGE
            sys.exit(f"renameat2: {os.strerror(ctypes.get_errno())}")
    count_up(100)
"""
SECRET = b"not to be seen"


@pytest.fixture
def trap(tmp_path):
    """A tree with a directory, beside it one that is not to be seen, and a link to that in the tree."""
    root = tmp_path / "root"
    for name, text in (("root/deep/d/f", b"what is to be seen"), ("outside/f", SECRET)):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(text)
        os.utime(tmp_path / name, (1, 1))
    (root / "deep" / "l").symlink_to(tmp_path / "outside")
    return root


def snapshot_sees(root, **options):
    with contextlib.suppress(OSError):
        return any(entry.hash == tp.hash_bytes(SECRET) for entry in tp.snapshot(root, **options))
    return False


def verify_sees(root):
    """Whether the file outside is taken for the one that the manifest has."""
    row = {"hash": tp.hash_bytes(SECRET), "mtime": 1, "path": "deep/d/f", "size": len(SECRET)}
    text = {"hashAlg": "xxh128", "manifestVersion": "2023-03-03", "paths": [row], "totalSize": len(SECRET)}
    return bool(tp.verify(tp.decode_manifest(json.dumps(text)), root))


SEEING = {
    "skip": lambda root: snapshot_sees(root, symlinks="skip"),
    "keep": lambda root: snapshot_sees(root, symlinks="keep", format="2025-12-04-beta"),
    "verify": verify_sees,
}


def seen_while_swapped(root, name, wanted):
    """How often it saw what it is not to see, in that many swaps."""
    seen = 0
    with beside(SWAPPER, root) as swaps:
        while swaps() < wanted:
            seen += SEEING[name](root)
    return seen


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", SEEING)
def test_no_link_leads_outside_by_a_race(trap, name):
    assert seen_while_swapped(trap, name, 5_000) == 0


def test_a_link_that_may_be_followed_leads_outside(trap):
    assert snapshot_sees(trap, symlinks="follow")


@pytest.mark.deep
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", SEEING)
def test_no_link_leads_outside_by_a_race_in_the_long_run(trap, rounds, name):
    assert seen_while_swapped(trap, name, rounds(200_000)) == 0
