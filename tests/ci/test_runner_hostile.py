"""Gates that misbehave, and ends at any moment: the run says what happened, and leaves no process and no lock."""

import fcntl
import json
import os
import random
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from terminals import open_terminal
from test_runner import alive, gone, last, pids

ENDS_WITH = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGKILL: -9}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("sys.exit(0)", "the gate itself failed: SystemExit(0)"),
        ("raise KeyboardInterrupt", "the gate itself failed: KeyboardInterrupt()"),
        ("return None", "the gate itself failed: TypeError("),
        ("return 7", "the gate itself failed: TypeError("),
        ("return ['no finding']", "returned 'no finding', which is no Finding"),
        ("return [Finding('ok'), object()]", "which is no Finding"),
        ("return (1 / 0 for _ in 'a')", "the gate itself failed: ZeroDivisionError("),
        ("ctx.must(['sh', '-c', 'kill -SEGV $$'])", "exits with -11"),
        ("ctx.must(['/'])", "exits with 127"),
        ("ctx.must(['sh', '-c', 'exit 3'], cwd='/nowhere')", "`sh -c exit 3` exits with "),
    ],
)
def test_a_gate_that_misbehaves_has_failed(project, body, says):
    project.gate("bad", body)
    project.gate("fine")
    done = project.run("bad", "fine")
    assert done.returncode == 1
    assert says in done.out
    assert last(done) == "gates: 1 passed, 1 failed, 0 skipped"


@pytest.mark.parametrize(
    "body",
    [
        "sys.stdout.close()",
        "os.close(1)",
        "os.close(1); os.close(2)",
        "sys.stdout.close(); sys.stderr.close()",
        "print('noise'); sys.stdout.buffer.write(bytes(range(256)))",
        "os.write(1, b'\\xff\\x00noise')",
        "ctx.must(['sh', '-c', 'echo noise; echo noise >&2; exec >&- 2>&-; sleep 0.1'])",
        "ctx.must([sys.executable, '-c', 'import sys; sys.stdout.buffer.write(bytes(range(256)) * 100)'])",
    ],
)
def test_what_a_gate_does_to_the_streams_spoils_no_answer(project, body):
    project.gate("rude", f"{body}\n    return [Finding('it is wrong')]")
    project.gate("after", "time.sleep(0.2); return []")
    done = project.run("rude", "after", "--json", "-j1")
    assert done.returncode == 1
    assert [gate["status"] for gate in json.loads(done.out)["gates"]] == ["failed", "passed"]
    plain = project.run("rude", "after", "-j1")
    assert plain.returncode == 1
    assert last(plain) == "gates: 1 passed, 1 failed, 0 skipped"


def test_binary_output_of_a_command_is_shown(project):
    script = "import sys; sys.stdout.buffer.write(b'\\\\xff\\\\xfe bad\\\\r\\\\n'); sys.exit(1)"
    project.gate("binary", f'ctx.must([sys.executable, "-c", "{script}"])')
    done = project.run("binary")
    assert done.returncode == 1
    assert "| \ufffd\ufffd bad" in done.out


def test_streams_that_are_closed_from_the_start(project):
    project.gate("fine", "ctx.must(['sh', '-c', 'echo x; cat; echo y >&2']); return []")
    for how in (">&-", "2>&-", "<&-", "<&- >&- 2>&-"):
        done = subprocess.run(["sh", "-c", f"./ci.sh fine {how}"], cwd=project.root, capture_output=True, timeout=60)
        assert done.returncode == 0, (how, done.stderr)


def test_a_reader_that_leaves_ends_the_run_quietly(project):
    project.gate("fine", "ctx.run(['sleep', '0.2']); return []")
    script = "./ci.sh fine | true"
    done = subprocess.run(["sh", "-c", script], cwd=project.root, capture_output=True, text=True, timeout=60)
    assert "Traceback" not in done.stderr


def test_a_gate_that_only_computes_is_ended_late_too(project):
    project.gate("busy", "\n    while True: pass")
    project.gate("waits", "time.sleep(600)")
    project.gate("pool", head="from ci.tools.parallel import gather", body="gather(time.sleep, [600, 600], 2)")
    began = time.monotonic()
    done = project.run("busy", "waits", "pool", "-j3", "--timeout", "0.5")
    assert done.returncode == 1
    assert done.out.count("took longer than 0.5 s and was ended") == 3
    assert time.monotonic() - began < 15


# Forks until it is stopped, each in a session of its own, without the environment, and deaf to requests.
ESCAPES = {
    "deaf": "trap '' TERM INT HUP; echo $$ >> pids; while :; do sleep 1; done",
    "sessions": "for i in 1 2 3; do setsid sleep 300 & echo $! >> pids; done; wait",
    "daemon": "setsid sh -c 'echo $$ >> pids; exec sleep 300 <&- >&- 2>&-' & sleep 300",
    "no environment": "env -i setsid sh -c 'echo $$ >> pids; exec sleep 300' & sleep 300",
    "orphan": "(setsid sh -c '(echo $$ >> pids; exec sleep 300) &') ; sleep 300",
    "stopped": "sleep 300 & echo $! >> pids; kill -STOP $!; wait",
}


@pytest.mark.parametrize("escape", ESCAPES)
def test_nothing_outlives_a_gate_that_is_ended(project, escape):
    project.gate("hangs", f"ctx.run(['sh', '-c', {ESCAPES[escape]!r}]); return []")
    done = project.run("hangs", "--timeout", "1")
    assert done.returncode == 1
    numbers = [int(line) for line in (project.root / "pids").read_text().split()]
    assert numbers
    assert not alive(numbers)  # by now, not some time later


@pytest.mark.parametrize("escape", ESCAPES)
def test_nothing_outlives_a_gate_that_passes(project, escape):
    body = f"import subprocess; subprocess.Popen(['sh', '-c', {ESCAPES[escape]!r}])"
    project.gate("leaves", f"ctx.run([sys.executable, '-c', {body!r}]); ctx.run(['sleep', '0.5']); return []")
    assert project.run("leaves").returncode == 0
    path = project.root / "pids"
    assert gone([int(line) for line in path.read_text().split()] if path.exists() else [], 0)


@pytest.mark.parametrize("escape", ESCAPES)
@pytest.mark.parametrize("whom", ["runner", "group"])
def test_nothing_outlives_a_runner_that_is_killed(project, escape, whom):
    project.gate("hangs", f"ctx.run(['sh', '-c', {ESCAPES[escape]!r}]); return []")
    process = project.start("hangs", start_new_session=True)
    path, until = project.root / "pids", time.monotonic() + 20
    while not (path.exists() and path.read_text()) and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(0.2)
    numbers = [int(line) for line in path.read_text().split()]
    assert numbers
    (process.kill if whom == "runner" else lambda: os.killpg(process.pid, signal.SIGKILL))()
    process.communicate(timeout=20)
    assert process.returncode == -9
    assert gone(numbers)
    until = time.monotonic() + 10
    while of(project.root) and time.monotonic() < until:
        time.sleep(0.02)
    assert not of(project.root)


def test_a_guardian_that_is_killed_fails_what_it_was_to_run(project):
    body = "ctx.run(['sh', '-c', 'kill -9 $PPID; sleep 300 & echo $! >> pids; wait']); return []"
    project.gate("a_bad", body)
    project.gate("b_next", "ctx.run(['true']); return []")
    done = project.run("a_bad", "b_next", "-j1", "--timeout", "20")
    assert done.returncode == 1
    assert done.out.count("the guardian of this run was ended") >= 2
    assert last(done) == "gates: 0 passed, 2 failed, 0 skipped"
    path = project.root / "pids"
    assert gone([int(line) for line in path.read_text().split()] if path.exists() else [])


def test_one_gate_that_is_ended_takes_no_other_along(project):
    project.gate("a", f"ctx.run(['sh', '-c', {ESCAPES['sessions']!r}]); return []", "timeout=0.7")
    project.gate("ab", "ctx.must(['sh', '-c', 'setsid sleep 2 & wait; echo fine > fine']); return []")
    done = project.run("a", "ab", "-j2")
    assert last(done) == "gates: 1 passed, 1 failed, 0 skipped"
    assert (project.root / "fine").exists()


def test_a_hundred_megabytes_of_output_do_no_harm(project):
    shout = "import sys\\nfor _ in range(100): sys.stdout.write('x' * 1048575 + chr(10))\\nsys.exit(1)"
    project.gate("loud", f'ctx.must([sys.executable, "-c", "{shout}"])')
    before = os.times()
    done = subprocess.run(
        ["sh", "-c", f"ulimit -v 1000000; exec {sys.executable} -I -S -X utf8 ci.py loud"],
        cwd=project.root,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1, done.stderr
    assert "exits with 1" in done.stdout
    assert (project.root / "build/ci/log/loud/001-python").parent.exists()
    assert sum(file.stat().st_size for file in (project.root / "build/ci/log/loud").iterdir()) == 100 << 20
    assert os.times().children_user - before.children_user < 30


def test_output_without_end_is_ended_and_its_end_kept(project):
    policy = project.root / "ci" / "policy.py"
    text = policy.read_text()
    assert "LOG_BYTES = 1 << 30" in text
    policy.write_text(text.replace("LOG_BYTES = 1 << 30", "LOG_BYTES = 1 << 20"))
    project.gate("wild", "ctx.must(['sh', '-c', 'while :; do seq 100000; sleep 0.01; done'])")
    done = project.run("wild")
    assert done.returncode == 1
    assert "printed more than 1 MB and was ended" in done.out
    (log,) = (project.root / "build/ci/log/wild").iterdir()
    assert 0 < log.stat().st_size <= 8 << 20


def test_fail_fast_ends_what_runs_with_all_it_started(project):
    project.gate("a_wrong", "\n    while not os.path.exists('pids'): time.sleep(0.01)\n    return [Finding('no')]")
    project.gate("b_hangs", f"ctx.run(['sh', '-c', {ESCAPES['sessions']!r}]); return []")
    done = project.run("a_wrong", "b_hangs", "--fail-fast", "-j2")
    assert done.returncode == 1
    assert "stopped by --fail-fast" in done.out
    assert not alive(pids(project, len((project.root / "pids").read_text().split())))


def test_a_second_run_waits_for_no_lock_of_a_dead_one(project):
    head = "from ci.tools.lock import locked"
    project.gate(
        "holds", "\n    with locked(ctx.root, 'x'):\n        ctx.run(['sleep', '300'])\n    return []", head=head
    )
    process = project.start("holds")
    lock = project.root / "build/ci/lock/x"
    until = time.monotonic() + 10
    while not lock.exists() and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=20)
    project.gate("holds", "\n    with locked(ctx.root, 'x'):\n        return []", head=head)
    assert project.run("holds", "--timeout", "5").returncode == 0


BUSY = (
    "\n    for i in range(1000):"
    "\n        ctx.run(['sh', '-c', 'setsid sleep 300 & env -i setsid sleep 300 & sleep 300 & echo $$ >> pids;"
    " sleep 0.02; exec sleep 0.01'])"
    "\n    return []"
)


def of(root):
    """All processes that work in a folder; the system itself keeps this list."""
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdigit() and int(path.name) != os.getpid():
            try:
                if os.readlink(path / "cwd") == str(root) and path.joinpath("cmdline").read_bytes():
                    found.append(int(path.name))
            except OSError:
                pass
    return found


def free(lock):
    if lock.exists():
        with lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def ends_at_random_moments(project, count, seed=0):
    random.seed(seed)
    for name in ("one", "two"):
        project.gate(name, BUSY)
    held = BUSY.replace("\n", "\n    ")
    project.gate("holds", f"\n    from ci.tools.lock import locked\n    with locked(ctx.root, 'x'):{held}")
    for number in range(count):
        signals = random.choices(list(ENDS_WITH), k=random.choice((1, 1, 2, 3)))
        process = project.start("one", "two", "holds", "-j3")
        time.sleep(random.uniform(0, 0.4))
        for each in signals:
            process.send_signal(each)
            time.sleep(random.choice((0, 0.001, 0.01)))
        try:
            errors = process.communicate(timeout=10)[1]
        except subprocess.TimeoutExpired as late:
            assert b"Failed checking if argv[0]" in (late.stderr or b"")  # Python, beginning, kept it to itself
            process.terminate()
            errors = process.communicate(timeout=30)[1]
        if process.returncode != 1 or not errors.startswith("Fatal Python error: init"):  # before a line of ours ran
            assert process.returncode in {*ENDS_WITH.values(), *(-each for each in ENDS_WITH)}, (number, signals)
        until = time.monotonic() + 10
        while of(project.root) and time.monotonic() < until:
            time.sleep(0.02)
        assert not of(project.root), (number, signals)
        free(project.root / "build/ci/lock/x")


def test_an_end_at_any_moment_leaves_no_process_and_no_lock(project):
    ends_at_random_moments(project, 15)


@pytest.mark.deep
def test_an_end_at_any_moment_leaves_no_process_and_no_lock_many_times(project):
    ends_at_random_moments(project, 200, seed=1)


def test_the_line_of_what_runs_is_alive_and_fits(project):
    names = [f"gate_with_a_long_name_{letter}" for letter in "abcd"]
    for name in names:
        project.gate(name, "ctx.run(['sleep', '1.3']); return []")
    plain = {name: value for name, value in os.environ.items() if name != "GITHUB_ACTIONS"}
    screen, end = open_terminal()
    fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    process = subprocess.Popen(
        ["./ci.sh", *names, "-j4"],
        cwd=project.root,
        env={**plain, "TERM": "xterm", "PYTHON": sys.executable},
        stdin=end,
        stdout=end,
        stderr=end,
    )
    os.close(end)
    text = b""
    while True:
        try:
            read = os.read(screen, 65536)
        except OSError:  # the other end is closed
            break
        text += read
        if not read:
            break
    assert process.wait() == 0
    os.close(screen)
    lines = [line for line in text.decode().split("\x1b[K") if "running" in line]
    assert any(" 1 s" in line for line in lines)
    assert max(len(line.splitlines()[0].rstrip("\r")) for line in lines[1:]) <= 60
    assert text.decode().rstrip().endswith("gates: 4 passed, 0 failed, 0 skipped")


def test_a_refused_skip_stops_the_rest_too(project):
    project.gate("a_absent", "raise Skip('no such tool')")
    for name in ("b", "c"):
        project.gate(name, extra="needs=['a_absent']")
    done = project.run("b", "c", "--no-skips", "--fail-fast")
    assert done.returncode == 1
    assert last(done).startswith("gates: 0 passed, 1 failed")


def test_a_late_gate_is_ended_while_others_answer(project):
    project.gate("a_late", "ctx.run(['sleep', '60']); return []", "seconds=9, timeout=1")
    for number in range(12):
        project.gate(f"b{number}", "time.sleep(0.2); return []")
    began = time.monotonic()
    done = project.run("all", "-j2")
    assert last(done) == "gates: 12 passed, 1 failed, 0 skipped"
    lines = [line.split()[1] for line in done.out.splitlines()]
    assert lines.index("a_late") < 10
    assert time.monotonic() - began < 30


def test_a_step_whose_maker_was_ended_is_made_by_the_next(project):
    step = "lambda ctx: ctx.must(['sh', '-c', 'if [ ! -e tried ]; then touch tried; sleep 60; fi; echo made'])"
    project.gate("a_first", f"return [] if ctx.once('step', {step}) else []", "seconds=9, timeout=1")
    project.gate(
        "b_second", f"time.sleep(0.3); return [] if ctx.once('step', {step}) == 'made\\n' else [Finding('no')]"
    )
    done = project.run("a_first", "b_second", "-j2")
    assert last(done) == "gates: 1 passed, 1 failed, 0 skipped", done.out


def test_what_a_shell_ignores_for_its_jobs_reaches_no_command(project):
    script = "grep SigIgn /proc/self/status"
    project.gate("deaf", f"return [Finding(ctx.must(['sh', '-c', {script!r}]), 'a', 1)]")
    done = subprocess.run(
        ["sh", "-c", "trap '' INT QUIT HUP TERM PIPE; ./ci.sh deaf"],
        cwd=project.root,
        capture_output=True,
        text=True,
        timeout=60,
    )
    ignored = int(re.search(r"SigIgn:\t(\w+)", done.stdout)[1], 16)
    assert ignored & 0x7FFFFFFF == 0  # beyond are those that libc keeps for itself


def test_arguments_that_a_gate_does_not_take_are_not_passed_over(project):
    project.gate("deaf")
    project.gate("listens", "return [Finding('heard')] if ctx.args == ['--fix'] else []")
    for name, words in (("deaf", "the gate made nothing of: -- --fix"), ("listens", "heard")):
        done = project.run(name, "--", "--fix")
        assert done.returncode == 1
        assert words in done.out
        assert project.run(name).returncode == 0
