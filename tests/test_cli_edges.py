"""What golden cases cannot hold: terminals, pipes that break, files that change while they are read."""

import contextlib
import fcntl
import json
import os
import re
import resource
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from pathlib import Path

import pytest
from terminals import open_terminal

import template_pkg as tp

TRIES = 40


# ---------------------------------------------------------------- terminals
def read_all(descriptor):
    """What comes out of a terminal or pipe until its other end is closed."""
    data = b""
    with contextlib.suppress(OSError):  # EIO is how a terminal ends
        while piece := os.read(descriptor, 65536):
            data += piece
    return data


class Terminal:
    """A command whose standard error (or output) is a terminal."""

    def __init__(self, cli, *words, columns=80, stream="stderr", env=(), stdin=subprocess.DEVNULL):
        self.screen, end = open_terminal()
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: end}
        environment = {"PATH": os.defpath, "TERM": "xterm", **dict(env)}
        self.process = subprocess.Popen([cli.path, *map(str, words)], stdin=stdin, env=environment, **streams)
        os.close(end)

    def finish(self):
        """What was shown, what came out beside it, and the exit code."""
        seen = read_all(self.screen)
        os.close(self.screen)
        other = (self.process.stdout or self.process.stderr).read()
        return seen.decode(), other.decode(), self.process.wait(timeout=30)


@pytest.fixture
def slow_pipe():
    """The reading end of a pipe that gives a megabyte in the course of 0.6 s."""
    reading, writing = os.pipe()

    def feed():
        with os.fdopen(writing, "wb") as file, contextlib.suppress(BrokenPipeError):
            for _ in range(12):
                file.write(b"x" * 87_500)
                file.flush()
                time.sleep(0.05)

    feeder = threading.Thread(target=feed)
    feeder.start()
    yield reading
    os.close(reading)
    feeder.join()


def drawn_lines(seen):
    return [line for line in re.split(r"\r|\x1b\[K", seen) if line]


def test_a_bar_on_a_terminal_that_clears_itself(cli, slow_pipe):
    seen, out, code = Terminal(cli, "hash", stdin=slow_pipe).finish()
    assert code == 0
    assert out.endswith("  -\n")
    lines = drawn_lines(seen)
    assert lines
    assert all(re.search(r"hashing .*1 files.*/s", line) for line in lines), lines
    assert seen.endswith("\r\x1b[K")


def test_the_bar_fits_a_narrow_terminal(cli, slow_pipe):
    seen, _, _ = Terminal(cli, "hash", stdin=slow_pipe, columns=20).finish()
    lines = drawn_lines(seen)
    assert lines
    assert max(map(len, lines)) <= 19


def test_totals_percentage_and_time_left(cli, large_file):
    terminal = Terminal(cli, "hash", large_file)
    seen = b""
    deadline = time.monotonic() + 30
    while b"left" not in seen and time.monotonic() < deadline:
        seen += os.read(terminal.screen, 65536)
    terminal.process.send_signal(signal.SIGINT)
    rest, _, code = terminal.finish()
    assert code == 130
    size = rb"[\d.]+ [KMGT]?i?B"
    assert re.search(rb"hashing  \[=* *\]  0/1 files  %b  %b/s  [\d:]+ left" % (size, size), seen), seen
    assert rest.endswith("\r\x1b[Ktemplate-cli: cancelled\r\n")


@pytest.mark.parametrize(
    ("words", "env"),
    [
        (["--progress=never"], {}),
        (["--quiet"], {}),
        ([], {"TERM": "dumb"}),
    ],
)
def test_no_bar(cli, slow_pipe, words, env):
    assert Terminal(cli, "hash", *words, stdin=slow_pipe, env=env).finish()[0] == ""


def test_no_bar_without_a_terminal_unless_asked_for(cli, slow_pipe):
    done = subprocess.run([cli.path, "hash"], stdin=slow_pipe, capture_output=True, check=True)
    assert done.stderr == b""


def test_a_bar_asked_for(cli, tree):
    done = cli.run("hash", tree(a="x") / "a", "--progress=always", "--quiet")
    assert re.match(rb"\r\w+  \[ *\]  0/1 files  0 B  0 B/s\x1b\[K", done.stderr)
    assert done.stderr.endswith(b"\r\x1b[K")


def test_a_short_work_draws_nothing(cli, tree):
    assert Terminal(cli, "snapshot", tree(a="x"), "-o", "/dev/null").finish() == ("", "", 0)


@pytest.mark.parametrize(
    ("words", "env", "colored"),
    [
        ([], {}, True),
        ([], {"NO_COLOR": "1"}, False),
        ([], {"NO_COLOR": ""}, True),
        (["--color=never"], {}, False),
        (["--color=always"], {"NO_COLOR": "1"}, True),
    ],
)
def test_color_on_a_terminal(cli, tree, words, env, colored):
    root = tree(old__a="1", new__a="2")
    seen, _, _ = Terminal(cli, "diff", root / "old", root / "new", *words, stream="stdout", env=env).finish()
    assert seen == ("\x1b[33mM\x1b[0m a\r\n" if colored else "M a\r\n")


# ---------------------------------------------------------------- pipes
def test_a_reader_that_goes_away_ends_it_in_silence(cli, many_files):
    """SIGPIPE is as the caller left it: here, at its default."""
    process = subprocess.Popen([cli.path, "snapshot", many_files], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=30) == -signal.SIGPIPE


def test_a_reader_that_goes_away_is_an_error_where_sigpipe_is_ignored(cli, many_files):
    process = subprocess.Popen(
        [cli.path, "snapshot", many_files],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        restore_signals=False,
        preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN),
    )
    process.stdout.close()
    assert process.stderr.read() == b"template-cli: standard output: broken pipe\n"
    assert process.wait(timeout=30) == 3


def test_a_pipe_that_does_not_block(cli, many_files):
    whole = cli.ok("snapshot", many_files)
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    process = subprocess.Popen([cli.path, "snapshot", many_files], stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    time.sleep(0.5)  # the pipe is full by now
    assert read_all(reading) == whole
    os.close(reading)
    assert process.wait(timeout=30) == 0
    assert process.stderr.read() == b""


@pytest.fixture
def fed():
    """A function that gives bytes as the path of a pipe, as a shell's <(...) does."""
    opened = []

    def feed(data):
        reading, writing = os.pipe()
        os.write(writing, data)
        os.close(writing)
        opened.append(reading)
        return f"/dev/fd/{reading}", reading

    yield feed
    for descriptor in opened:
        os.close(descriptor)


def test_pipes_in_place_of_files(cli, tree, fed):
    root = tree(a="1")
    manifest = cli.ok("snapshot", root)
    path, descriptor = fed(manifest)
    assert json.loads(cli.ok("inspect", path, "--json", pass_fds=[descriptor]))["canonical"]
    path, descriptor = fed(manifest)
    assert cli.ok("diff", path, root, pass_fds=[descriptor]) == b""
    path, descriptor = fed(b"hello")
    digest = cli.ok("hash", path, pass_fds=[descriptor]).split()[0]
    assert digest == b"b5e9c1ad071b3e7fc779cfaa5e523818"


def test_output_into_a_pipe_is_written_directly(cli, tree, tmp_path):
    root = tree(a="1")
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    done = cli.run("snapshot", root, "-o", fifo)
    assert (done.returncode, done.stderr) == (0, b"")
    assert os.read(reading, 65536) == cli.ok("snapshot", root)
    os.close(reading)
    assert fifo.is_fifo()


def test_as_many_files_as_allowed_may_be_open(cli, large_file):
    """The soft limit is lifted to the hard one, so that deep trees are walked fast."""

    def lower():
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(64, hard), hard))

    process = subprocess.Popen(
        [cli.path, "hash", large_file, "--progress=always"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lower,
    )
    process.stderr.read(1)  # it has begun
    limits = Path(f"/proc/{process.pid}/limits").read_text()
    process.kill()
    process.communicate()
    soft, hard = re.search(r"Max open files +(\S+) +(\S+)", limits).groups()
    assert soft == hard


# ---------------------------------------------------------------- trees that change
def test_a_file_that_vanishes(cli, tmp_path):
    """It was listed, and is gone when its turn comes: an error that names it, no manifest, and nothing else."""
    root = tmp_path / "root"
    root.mkdir()
    out = tmp_path / "out"
    out.mkdir()
    for _ in range(TRIES):
        names = [root / f"{i:05}" for i in range(3000)]
        for name in names:
            name.write_bytes(b"x")
        process = subprocess.Popen(
            [cli.path, "snapshot", root, "-o", out / "m.json", "--progress=always", "-j1"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        select.select([process.stderr], [], [], 10)
        for name in reversed(names):
            name.unlink()
        _, err = process.communicate(timeout=30)
        line = err.decode().rpartition("\x1b[K")[2]
        if process.returncode == 3:
            name = re.escape(str(root))
            assert re.fullmatch(rf"template-cli: {name}/\d{{5}}: vanished while the tree was read\n", line)
            assert os.listdir(out) == []
            return
        assert process.returncode in (0, 4), line
        (out / "m.json").unlink(missing_ok=True)
    pytest.fail("no file vanished in time, in any try")


@pytest.fixture
def restless(tmp_path):
    """A tree with a file that is another at every reading: the kernel's maker of random numbers."""
    root = tmp_path / "restless"
    root.mkdir()
    (root / "calm").write_bytes(b"x")
    (root / "busy").symlink_to("/proc/sys/kernel/random/uuid")
    return root


def test_a_file_that_never_rests(cli, restless):
    done = cli.run("snapshot", restless)
    assert (done.returncode, done.stdout) == (3, b"")
    assert done.stderr.decode() == f"template-cli: {restless}/busy: file kept changing while it was read\n"
    assert cli.run("hash", restless / "busy").returncode == 3


def test_a_file_that_never_rests_can_be_passed_over(cli, restless, tmp_path):
    done = cli.run("snapshot", restless, "-o", tmp_path / "m.json", "--skip-unreadable", "--json")
    assert done.returncode == 0
    assert done.stderr == b"template-cli: warning: busy: kept changing while it was read, skipped\n"
    assert json.loads(done.stdout)["skipped"] == [{"path": "busy", "reason": "changed"}]


# ---------------------------------------------------------------- names
def test_a_manifest_goes_where_it_is_wanted_under_its_name(cli, tree, tmp_path):
    root = tree(a="x")
    out = tmp_path / "out"
    out.mkdir()
    for words, name in (([], None), (["--name", "job"], "job")):
        begun = time.time()
        path = cli.ok("snapshot", root, "--destination", out, *words).decode().rstrip("\n")
        names = [tp.manifest_name(str(root), name=name, when=when) for when in (begun, time.time())]
        assert Path(path).parent == out and Path(path).name in names
        assert tp.Manifest.from_path(path) == tp.snapshot(root)
    said = cli.json("snapshot", root, "--destination", out, "--name", "third")
    assert Path(said["manifest"]).is_file() and len(list(out.iterdir())) == 3
    assert cli.ok("snapshot", root, "--base", path, "--delta", "--destination", out, "--name", "fourth") == b""
    assert len(list(out.iterdir())) == 3
