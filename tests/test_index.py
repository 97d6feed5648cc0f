"""The index of a tree: what it saves, and that nothing makes it say what is not so."""

import os
import random
import signal
import subprocess
import threading
import time

import pytest

import template_pkg as tp

AGE = 0.05  # seconds that make a file old enough to be remembered
WHEN = 1_700_000_000_123_456_789


def put(path, text):
    """Writes a file and gives it the time of all others: size and mtime tell nothing."""
    path.write_text(text)
    os.utime(path, ns=(WHEN, WHEN))


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "tree"
    for folder in range(10):
        (root / f"d{folder}").mkdir(parents=True)
        for number in range(30):
            put(root / f"d{folder}" / f"f{number}", f"{folder}/{number}")
    time.sleep(AGE)
    return root


def counts(manifest):
    return manifest.stats.hashed_files, manifest.stats.reused_files


def test_a_second_snapshot_reads_nothing(root, tmp_path):
    first = tp.snapshot(root, index=tmp_path / "i")
    second = tp.snapshot(root, index=str(tmp_path / "i"))
    third = tp.snapshot(root, index=os.fsencode(tmp_path / "i"), rehash=True)
    assert [counts(manifest) for manifest in (first, second, third)] == [(300, 0), (0, 300), (300, 0)]
    assert first == second == third == tp.snapshot(root)


def test_what_changed_behind_size_and_mtime_is_read(root, tmp_path):
    tp.snapshot(root, index=tmp_path / "i")
    put(root / "d3" / "f7", "3/9")
    time.sleep(AGE)
    assert counts(tp.snapshot(root, index=tmp_path / "i")) == (1, 299)


def test_trouble_is_a_warning(root, tmp_path):
    (tmp_path / "notes").write_text("precious")
    with pytest.warns(UserWarning, match=r"notes: is no index: not used, and left as it is"):
        assert tp.snapshot(root, index=tmp_path / "notes").skipped == ()
    assert (tmp_path / "notes").read_text() == "precious"
    with pytest.warns(UserWarning, match=r"index cannot be written: left as it is \(no such file or directory\)"):
        tp.snapshot(root, index=tmp_path / "missing" / "i")


def test_damage_anywhere_costs_time_only(root, tmp_path):
    truth = tp.snapshot(root, index=tmp_path / "i")
    sound = (tmp_path / "i").read_bytes()
    chance = random.Random(11)
    for _ in range(40):
        data = bytearray(sound)
        for _ in range(chance.randrange(1, 4)):
            data[chance.randrange(8, len(data))] ^= 1 << chance.randrange(8)
        data = data[: chance.randrange(9, len(data))] if chance.random() < 0.3 else data
        if data == sound:
            continue
        (tmp_path / "i").write_bytes(data)
        with pytest.warns(UserWarning, match="made anew"):
            assert tp.snapshot(root, index=tmp_path / "i") == truth
        assert counts(tp.snapshot(root, index=tmp_path / "i")) == (0, 300)


def edit_and_look(path, root, index, trials):
    """Edits of the same size and mtime, right before and after snapshots; how many of them were missed."""
    missed = 0
    for trial in range(trials):
        put(path, f"{trial:08}")
        tp.snapshot(root, index=index, jobs=1)
        put(path, f"{trial:07}x")
        missed += tp.snapshot(root, index=index, jobs=1)["f"].hash != tp.hash_file(path)
    return missed


def test_no_racy_edit_is_missed(tmp_path):
    (tmp_path / "tree").mkdir()
    assert edit_and_look(tmp_path / "tree" / "f", tmp_path / "tree", tmp_path / "i", 150) == 0


@pytest.mark.deep
def test_no_racy_edit_is_missed_in_the_long_run(tmp_path, rounds):
    (tmp_path / "tree").mkdir()
    assert edit_and_look(tmp_path / "tree" / "f", tmp_path / "tree", tmp_path / "i", rounds(5000)) == 0


def test_runs_at_the_same_time_agree(root, tmp_path):
    truth = tp.snapshot(root)
    results = []

    def work():
        for number in range(6):
            results.append(tp.snapshot(root, index=tmp_path / "i", rehash=number % 2 == 0))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 24 and all(result == truth for result in results)
    assert counts(tp.snapshot(root, index=tmp_path / "i")) == (0, 300)


def kill_at_random(cli, root, folder, rounds, seed):
    """Snapshots that are killed; after each, the index is sound or not there."""
    truth = tp.snapshot(root)
    chance = random.Random(seed)
    index = folder / "i"
    begun = time.monotonic()
    cli.ok("snapshot", root, "--index", index, "--rehash")
    whole = time.monotonic() - begun
    killed = 0
    for _ in range(rounds):
        words = [cli.path, "snapshot", str(root), "--index", str(index), "--rehash", "-o", str(folder / "m")]
        process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
        time.sleep(chance.random() * whole * 1.2)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        manifest = tp.snapshot(root, index=index)  # a warning would fail the test
        assert manifest == truth and counts(manifest) == (0, 300)
    return killed


@pytest.mark.filterwarnings("error")
def test_a_kill_leaves_a_sound_index(cli, root, tmp_path, seed):
    assert kill_at_random(cli, root, tmp_path, 40, seed) > 0


@pytest.mark.deep
@pytest.mark.filterwarnings("error")
def test_kills_leave_a_sound_index_in_the_long_run(cli, root, tmp_path, seed, rounds):
    count = rounds(1000)
    assert kill_at_random(cli, root, tmp_path, count, seed) > count // 10
