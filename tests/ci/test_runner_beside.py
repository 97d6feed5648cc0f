"""Runs beside each other in one checkout: neither breaks the other, and what builds goes one after the other."""

import os
import signal
import time

import pytest
from test_runner import last

UNTIL = "\n    while not os.path.exists({0!r}): time.sleep(0.01)\n    "
# Fails when another does the same at the same time.
ALONE = "os.mkdir('busy'); time.sleep(0.4); os.rmdir('busy'); return []"


def until(there, seconds=20):
    end = time.monotonic() + seconds
    while not there() and time.monotonic() < end:
        time.sleep(0.01)
    assert there()


def ended(process):
    process.out, process.err = process.communicate(timeout=60)
    return process


def test_a_run_leaves_the_logs_of_another_alone(project):
    wait = "touch $$.begun; while [ ! -e go ]; do sleep 0.02; done; echo said"
    body = f"ctx.must(['true'])\n    return [] if ctx.must(['sh', '-c', {wait!r}]) == 'said\\n' else [Finding('lost')]"
    project.gate("talks", body)
    runs = []
    for count in (1, 2, 3):
        runs.append(project.start("talks"))
        until(lambda count=count: len(list(project.root.glob("*.begun"))) == count)
    time.sleep(0.6)  # the runner looks at its logs from time to time
    (project.root / "go").write_text("")
    for run in map(ended, runs):
        assert (run.returncode, last(run)) == (0, "gates: 1 passed, 0 failed, 0 skipped"), run.out + run.err
    names = {path.parent.parent.name for path in (project.root / "build/ci").glob("log*/talks/002-sh.log")}
    assert names == {"log", "log-2", "log-3"}
    assert ended(project.start("talks")).returncode == 0
    assert not list((project.root / "build/ci").glob("log-4"))


def test_logs_that_are_gone_end_no_run(project):
    project.gate("long", UNTIL.format("go") + "return []", head="")
    project.gate("talks", "import shutil; ctx.run(['sh', '-c', 'rm -r build/ci/log/talks; sleep 1.2']); return []")
    (project.root / "go").write_text("")
    done = project.run("long", "talks", "-j2")
    assert "Traceback" not in done.err and "ci.sh:" not in done.err
    assert last(done) == "gates: 2 passed, 0 failed, 0 skipped"


@pytest.mark.parametrize("name", ["base", "above"])
def test_runs_that_build_wait_for_each_other_and_say_so(project, name):
    project.gate("base", ALONE, "builds=True")
    project.gate("above", ALONE, "needs=['base']")
    runs = [project.start(name, "--fresh", "-j1") for _ in range(3)]
    waited = 0
    for run in map(ended, runs):
        assert run.returncode == 0, run.out + run.err
        first = run.out.splitlines()[0]
        waited += first.startswith(f"waits for `./ci.sh {name} --fresh -j1` (process ")
        assert "waits" not in first or first.endswith("), which builds in this checkout")
    assert waited == 2


def test_a_run_that_builds_nothing_waits_for_nobody(project):
    project.gate("base", UNTIL.format("go") + "return []", "builds=True")
    project.gate("quick", "open(ctx.scratch('x') + '/file', 'w').close(); return []")
    builds = project.start("base")
    until((project.root / "build/ci/lock/build").exists)
    done = project.run("quick")
    assert (done.returncode, "waits" in done.out) == (0, False)
    assert not (project.root / "build/ci/x").exists()  # where the one that builds may have its own
    (project.root / "go").write_text("")
    assert ended(builds).returncode == 0


def test_who_has_waited_needs_not_ask_again_what_has_passed_meanwhile(project):
    body = "open('build/runs', 'a').write('x')" + UNTIL.format("build/go") + "return []"
    project.gate("base", body, "builds=True, always='', inputs=['*.txt']")
    runs = []
    for _ in range(2):
        runs.append(project.start("base"))
        until((project.root / "build/runs").exists)
    time.sleep(0.5)
    (project.root / "build/go").write_text("")
    assert [ended(run).returncode for run in runs] == [0, 0]
    assert (project.root / "build/runs").read_text() == "x"
    assert "not needed base" in runs[1].out


def test_a_gate_may_call_the_runner(project):
    project.gate("base", extra="builds=True")
    project.gate("calls", "ctx.must(['./ci.sh', 'base']); return []", "needs=['base']")
    done = project.run("calls", "--timeout", "20")
    assert (done.returncode, "waits" in done.out) == (0, False), done.out


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nobody_waits_for_a_run_that_was_ended(project, number):
    project.gate("base", "ctx.run(['sleep', '300']); return []", "builds=True")
    first = project.start("base")
    until(lambda: (project.root / "build/ci/log/base/001-sleep.log").exists())
    second = project.start("base", "--timeout=0.2")
    time.sleep(0.5)
    assert second.poll() is None
    os.kill(first.pid, number)
    ended(first)
    assert "took longer than 0.2 s" in ended(second).out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_waits_can_be_ended(project, number):
    project.gate("base", UNTIL.format("go") + "return []", "builds=True")
    first = project.start("base")
    until((project.root / "build/ci/lock/build").exists)
    second = project.start("base", "--json=out.json")
    assert second.stdout.readline().startswith("waits for `./ci.sh base` (process ")
    second.send_signal(number)
    assert ended(second).returncode in (130, 143)
    assert '"interrupted": true' in (project.root / "out.json").read_text()
    (project.root / "go").write_text("")
    assert ended(first).returncode == 0
