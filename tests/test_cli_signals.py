"""SIGINT and SIGTERM end the command at once, at whatever moment they come, and nothing is left behind."""

import functools
import json
import os
import random
import signal
import subprocess
import threading
import time
from pathlib import Path

import large
import pytest
from promptness import SLOW, assert_prompt

ROUNDS = 10
DEEP_ROUNDS = 100
FEW, MANY = 100_000, 1_000_000  # entries
BETA = "2025-12-04-beta"
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 143}


def start(cli, *words, **kwargs):
    """The command, once it has begun its work: the first report of progress is there."""
    process = subprocess.Popen(
        [cli.path, *map(str, words), "--progress=always"],
        stdin=kwargs.pop("stdin", subprocess.DEVNULL),
        stdout=kwargs.pop("stdout", subprocess.PIPE),
        stderr=subprocess.PIPE,
        **kwargs,
    )
    assert process.stderr.read(1) == b"\r"
    return process


def end(process, number):
    """Sends the signal; (exit code, seconds it took, standard output, standard error)."""
    watchdog = threading.Timer(30, process.kill)
    watchdog.start()
    sent = time.monotonic()
    process.send_signal(number)
    process.wait()  # with a time limit it would look only now and then
    took = time.monotonic() - sent
    watchdog.cancel()
    out = process.stdout.read() if process.stdout else b""
    err = process.stderr.read()
    process.stderr.close()
    return process.returncode, took, out, err


@pytest.fixture
def old(tmp_path):
    """A directory with an output file from an earlier run."""
    where = tmp_path / "out"
    where.mkdir()
    (where / "m.json").write_text("old")
    return where / "m.json"


def interrupt_at_random(cli, tree, old, number, rounds, quiet=False):
    """Interrupts snapshots of a tree that is quickly done, at moments all over their run."""
    begun = time.monotonic()
    cli.ok("snapshot", tree, "-o", old)
    whole = time.monotonic() - begun
    complete = old.read_bytes()
    times = []
    for _ in range(10 * rounds):
        if len(times) == rounds:
            break
        old.write_text("old")
        process = start(cli, "snapshot", tree, "-o", old)
        time.sleep(random.uniform(0, 0.8 * whole))
        code, took, _, err = end(process, number)
        assert os.listdir(old.parent) == ["m.json"]
        if code == 0:
            assert old.read_bytes() == complete
            continue
        assert code == CODES[number], err
        assert err.endswith(b"template-cli: cancelled\n")
        assert old.read_text() == "old"
        times.append(took)
    assert len(times) >= rounds // 3, "too few were interrupted to tell"
    assert_prompt(times, quiet=quiet)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_at_random_moments(cli, many_files, old, number):
    interrupt_at_random(cli, many_files, old, number, ROUNDS)


@pytest.mark.deep
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_at_many_random_moments(cli, many_files, old, number):
    interrupt_at_random(cli, many_files, old, number, DEEP_ROUNDS, quiet=True)


@pytest.fixture
def endless(large_file, tmp_path):
    """Command lines that would take longer than any test waits."""
    tree = tmp_path / "big"
    tree.mkdir()
    (tree / "link").symlink_to(large_file)
    manifest = tmp_path / "big.json"
    entry = {"hash": "00", "mtime": 0, "path": "link", "size": large_file.stat().st_size}
    manifest.write_text(
        json.dumps({"hashAlg": "xxh128", "manifestVersion": "2023-03-03", "paths": [entry], "totalSize": 0})
    )
    sums = tmp_path / "sums.txt"
    sums.write_text(f"{'0' * 32}  {large_file}\n")
    return {
        "snapshot": ["snapshot", tree],
        "diff": ["diff", manifest, tree, "--rehash"],
        "verify": ["verify", manifest, tree, "--symlinks=follow"],
        "hash": ["hash", large_file],
        "check": ["hash", "--check", sums],
    }


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("name", ["snapshot", "diff", "verify", "hash", "check"])
def test_every_long_command(cli, endless, name, number):
    times = []
    for moment in (0, 0.01, 0.3):
        process = start(cli, *endless[name])
        time.sleep(moment)
        code, took, out, err = end(process, number)
        assert (code, out) == (CODES[number], b"")
        assert err.endswith(b"template-cli: cancelled\n")
        times.append(took)
    assert_prompt(times)


@pytest.fixture(scope="module")
def manifests(tmp_path_factory):
    """A function from a count to a folder of manifests of so many entries, and an empty one."""

    @functools.cache
    def make(count):
        folder = tmp_path_factory.mktemp("manifests")
        for name, write in (("old", large.write), ("beta", large.write_beta)):
            write(folder / name, count)
            write(folder / f"{name}-changed", count, changed=True)
        (folder / "empty").mkdir()
        return folder

    return make


ON_MANIFESTS = {
    "convert": ["convert", "old"],
    "convert to beta": ["convert", "old", "--format", BETA],
    "convert from beta": ["convert", "beta", "--format", "2023-03-03"],
    "merge": ["merge", "old", "old-changed"],
    "merge of beta": ["merge", "beta", "beta-changed"],
    "report": ["report", "old", "old-changed"],
    "diff": ["diff", "old", "old-changed", "--all"],
    "diff as a document": ["diff", "old", "old-changed", "--all", "--json"],
    "diff as a manifest": ["diff", "beta", "beta-changed", "--as-manifest"],
    "inspect": ["inspect", "old", "--entries"],
    "inspect as a document": ["inspect", "beta", "--entries", "--json"],
    "verify": ["verify", "old", "empty", "--json"],
}


def wait_until_it_catches(process, number):
    """Until the command has a handler for the signal, or has ended."""
    status = Path(f"/proc/{process.pid}/status")
    while (
        process.poll() is None and not int(status.read_text().partition("SigCgt:")[2].split()[0], 16) >> number - 1 & 1
    ):
        pass


def interrupt_work(cli, folder, name, old, rounds, quiet=False):
    words = [cli.path, *ON_MANIFESTS[name]]
    if words[1] not in ("inspect", "verify"):  # they have nothing but standard output
        words += ["-o", str(old)]
    where = {"cwd": folder, "stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    begun = time.monotonic()
    assert subprocess.run(words, check=False, **where).returncode == (words[1] == "verify")
    whole = time.monotonic() - begun
    times = []
    for _ in range(10 * rounds):
        if len(times) == rounds:
            break
        old.write_text("old")
        process = subprocess.Popen(words, **where)
        wait_until_it_catches(process, signal.SIGINT)
        time.sleep(random.uniform(0, 0.9 * whole))
        code, took, _, err = end(process, signal.SIGINT)
        assert os.listdir(old.parent) == ["m.json"]
        if code in (0, 1):
            continue
        assert (code, err) == (130, b"template-cli: cancelled\n")
        assert old.read_text() == "old"
        times.append(took)
    assert len(times) >= rounds // 3, "too few were interrupted to tell"
    assert_prompt(times, quiet=quiet)


@pytest.mark.parametrize("name", ON_MANIFESTS)
def test_work_on_manifests(cli, manifests, old, name):
    interrupt_work(cli, manifests(FEW), name, old, ROUNDS)


@pytest.mark.deep
@pytest.mark.parametrize("name", ON_MANIFESTS)
def test_work_on_large_manifests(cli, manifests, old, name):
    interrupt_work(cli, manifests(MANY), name, old, 3 * ROUNDS, quiet=True)


def test_with_json_the_end_is_a_document(cli, endless):
    process = start(cli, *endless["hash"], "--json")
    code, _, out, _ = end(process, signal.SIGTERM)
    assert code == 143
    assert json.loads(out) == {
        "schema": "template-cli/error/1",
        "status": "E_CANCELLED",
        "exitCode": 143,
        "path": None,
        "message": "cancelled",
        "hint": None,
    }


def wait_until_asleep(process):
    """Until the command waits for somebody else."""
    stat = Path(f"/proc/{process.pid}/stat")
    calm = 0
    deadline = time.monotonic() + 20
    while calm < 5:
        assert process.poll() is None
        assert time.monotonic() < deadline
        calm = calm + 1 if stat.read_text().rpartition(")")[2].split()[0] == "S" else 0
        time.sleep(0.01)


@pytest.mark.parametrize(
    "words", [["hash"], ["hash", "-"], ["inspect", "-"], ["convert", "-"], ["merge", "-"], ["hash", "--check", "-"]]
)
def test_while_waiting_for_standard_input(cli, words):
    reading, writing = os.pipe()
    process = subprocess.Popen([cli.path, *words], stdin=reading, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    os.close(reading)
    wait_until_asleep(process)
    code, took, out, err = end(process, signal.SIGINT)
    os.close(writing)
    assert (code, out, err) == (130, b"", b"template-cli: cancelled\n")
    assert took < SLOW


def test_while_nobody_reads_what_it_writes(cli, many_files):
    process = subprocess.Popen([cli.path, "snapshot", many_files], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_until_asleep(process)
    sent = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.wait(timeout=30)
    assert time.monotonic() - sent < SLOW
    assert process.returncode == 130
    assert process.stderr.read() == b"template-cli: cancelled\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_while_nobody_opens_the_pipe_it_is_to_write_to(cli, many_files, tmp_path, number):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    process = start(cli, "snapshot", many_files, "-o", pipe)
    wait_until_asleep(process)
    code, took, out, err = end(process, number)
    assert (code, out) == (CODES[number], b"")
    assert err.endswith(b"template-cli: cancelled\n")
    assert took < SLOW


def test_a_signal_that_is_ignored_stays_ignored(cli, many_files, old):
    """As for a job that a shell has put into the background."""
    process = start(
        cli, "snapshot", many_files, "-o", old, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)
    )
    code, _, _, err = end(process, signal.SIGINT)
    assert code == 0, err
    assert old.read_bytes().startswith(b"{")
