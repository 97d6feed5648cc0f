"""The runner: order, statuses, exit codes, and that nothing it starts outlives it."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from ci import policy

FIND = "return [Finding('it is wrong', 'a.c', 3)]"


def last(process):
    return process.out.splitlines()[-1]


def test_a_gate_passes(project):
    project.gate("fine")
    done = project.run("fine")
    assert done.returncode == 0
    assert done.out.splitlines()[0].split()[:2] == ["passed", "fine"]
    assert last(done) == "gates: 1 passed, 0 failed, 0 skipped"


def test_a_finding_fails_the_gate_and_says_where(project):
    project.gate("fine")
    project.gate("wrong", FIND)
    done = project.run("fine", "wrong")
    assert done.returncode == 1
    assert "  a.c:3: it is wrong" in done.out.splitlines()
    assert "reproduce: ./ci.sh wrong" in done.out.splitlines()
    assert last(done) == "gates: 1 passed, 1 failed, 0 skipped"


def test_a_gate_that_raises_has_failed(project):
    project.gate("broken", "raise ValueError('oh')")
    done = project.run("broken")
    assert done.returncode == 1
    assert "the gate itself failed: ValueError('oh')" in done.out


def test_a_gate_that_cannot_be_loaded_fails_alone(project):
    project.gate("fine")
    project.gate("broken", head="import nowhere")
    done = project.run("all")
    assert done.returncode == 1
    assert "ci/gates/broken.py: cannot be loaded: ModuleNotFoundError" in done.out
    assert last(done) == "gates: 1 passed, 1 failed, 0 skipped"


def test_a_skip_is_no_pass_and_may_be_refused(project):
    project.gate("absent", "raise Skip('no such tool; run: get it')")
    done = project.run("absent")
    assert done.returncode == 0
    assert last(done) == "gates: 0 passed, 0 failed, 1 skipped"
    assert "no such tool; run: get it" in done.out
    refused = project.run("absent", "--no-skips")
    assert refused.returncode == 1
    assert last(refused) == "gates: 0 passed, 1 failed, 0 skipped"


def test_what_a_gate_needs_runs_before_it(project):
    project.gate("first", "time.sleep(0.2); open('first', 'w').close(); return []")
    project.gate("second", "return [] if os.path.exists('first') else [Finding('early')]", "needs=['first']")
    done = project.run("second")
    assert done.returncode == 0
    assert last(done) == "gates: 2 passed, 0 failed, 0 skipped"


@pytest.mark.parametrize("flags", [(), ("--no-skips",)])
def test_a_failed_need_skips_what_needs_it(project, flags):
    project.gate("first", FIND)
    project.gate("second", extra="needs=['first']")
    project.gate("third", extra="needs=['second']")
    done = project.run("third", *flags)
    assert done.returncode == 1
    assert "needs first, which failed" in done.out
    assert last(done).startswith("gates: 0 passed, 1 failed, 2 skipped") or flags


def test_gates_run_at_once(project):
    for name in ("one", "two"):
        project.gate(
            name,
            f"open({name!r}, 'w').close()\n    until = time.monotonic() + 5\n"
            "    while not (os.path.exists('one') and os.path.exists('two')):\n"
            "        if time.monotonic() > until: return [Finding('alone')]\n"
            "        time.sleep(0.01)\n"
            "    return []",
        )
    assert project.run("one", "two", "--jobs", "2").returncode == 0
    for name in ("one", "two"):
        (project.root / name).unlink()
    alone = project.run("one", "two", "-j1", "--timeout", "1")
    assert alone.returncode == 1


def test_a_gate_may_have_the_machine_for_itself(project):
    times = (
        "began = time.monotonic(); time.sleep(0.3); open({!r}, 'w').write(f'{{began}} {{time.monotonic()}}'); return []"
    )
    for name in ("a", "b", "c"):
        project.gate(name, times.format(name), extra="alone=True" if name == "b" else "")
    assert project.run("a", "b", "c", "--jobs", "3").returncode == 0
    a, b, c = ([float(word) for word in (project.root / name).read_text().split()] for name in ("a", "b", "c"))
    assert a[0] < c[1] and c[0] < a[1]
    assert all(b[1] <= other[0] or other[1] <= b[0] for other in (a, c))


def test_fail_fast_stops_the_rest(project):
    project.gate("a_wrong", FIND)
    project.gate("b_slow", "ctx.run(['sleep', '60']); return []")
    began = time.monotonic()
    done = project.run("a_wrong", "b_slow", "--fail-fast")
    assert done.returncode == 1
    assert "stopped by --fail-fast" in done.out
    assert time.monotonic() - began < 20


def test_all_leaves_deep_gates_out(project):
    project.gate("quick")
    project.gate("slow", extra="deep=True")
    assert last(project.run("all")) == "gates: 1 passed, 0 failed, 0 skipped"
    assert last(project.run("deep")) == "gates: 2 passed, 0 failed, 0 skipped"


def git(project, *args):
    identity = ["-c", "user.name=x", "-c", "user.email=x@x.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *args], cwd=project.root, check=True, capture_output=True)


def test_changed_leaves_out_what_reads_nothing_that_changed(project):
    project.gate("docs", extra="inputs=['**/*.md']")
    project.gate("code", extra="inputs=['**/*.c']")
    project.gate("built", extra="inputs=['none']")
    project.gate("tried", extra="inputs=['tests/*'], needs=['built']")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "all")
    assert last(project.run("all", "--changed")) == "gates: 0 passed, 0 failed, 0 skipped"
    (project.root / "new.md").write_text("")
    done = project.run("all", "--changed")
    assert last(done) == "gates: 1 passed, 0 failed, 0 skipped"
    assert [line.split()[:3] for line in done.out.splitlines() if "code" in line] == [["not", "needed", "code"]]
    (project.root / "tests").mkdir()
    (project.root / "tests" / "a").write_text("")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "more")
    assert last(project.run("all", "--changed")) == "gates: 0 passed, 0 failed, 0 skipped"
    assert last(project.run("all", "--changed=HEAD^")) == "gates: 3 passed, 0 failed, 0 skipped"
    (project.root / "ci" / "policy.py").write_text((project.root / "ci" / "policy.py").read_text() + "\n")
    assert last(project.run("all", "--changed")) == "gates: 4 passed, 0 failed, 0 skipped"


def test_changed_since_nowhere_is_a_wrong_command_line(project):
    project.gate("fine")
    done = project.run("fine", "--changed=nowhere")
    assert done.returncode == 2
    assert "--changed=nowhere" in done.err


def test_what_takes_long_starts_first(project):
    note = "open('order', 'a').write(ctx.name + ' '); return []"
    for name, extra in (("a", "seconds=1"), ("b", "seconds=1"), ("c", "seconds=9"), ("d", "seconds=99, needs=['b']")):
        project.gate(name, note, extra)
    assert project.run("all", "-j1").returncode == 0
    assert (project.root / "order").read_text().split() == ["b", "d", "c", "a"]


def test_findings_beyond_what_can_be_read_are_counted(project):
    project.gate("many", "return [Finding(f'no {n}', details='tool') for n in range(50)]")
    done = project.run("many")
    assert done.out.count("  no ") == policy.SHOWN_FINDINGS
    assert done.out.count("| tool") == policy.SHOWN_DETAILS
    assert f"  and {50 - policy.SHOWN_FINDINGS} more" in done.out
    assert len(json.loads(project.run("many", "--json").out)["gates"][0]["findings"]) == 50


def test_listing_names_every_gate(project):
    project.gate("quick")
    project.gate("slow", extra="deep=True")
    for args in ((), ("--list",), ("--help",)):
        done = project.run(*args)
        assert done.returncode == 0
        assert "  quick  is quick" in done.out
        assert "  slow   is slow (deep)" in done.out


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("fien",), "no gate 'fien'; did you mean 'fine'?"),
        (("--quick", "fine"), "no option '--quick'"),
        (("fine", "--jobs"), "--jobs takes a number, not ''"),
        (("fine", "--jobs", "many"), "--jobs takes a number, not 'many'"),
        (("fine", "--timeout=-1"), "--timeout takes a number above 0, not -1"),
        (("fine", "other", "--", "-k", "x"), "arguments after -- need exactly one gate"),
        (("doctor", "fine"), "doctor takes no names"),
        (("fine", "-xfix"), "no option '-xfix'"),
        (("fine", "-fresh"), "no option '-fresh'"),
        (("prove", "fine", "--", "-k", "x"), "prove takes no arguments after --"),
        (("demo", "--", "x"), "demo takes no arguments after --"),
    ],
)
def test_a_wrong_command_line_is_one_line_and_exit_2(project, args, words):
    project.gate("fine")
    project.gate("other")
    done = project.run(*args)
    assert done.returncode == 2
    assert done.err.splitlines() == [f"ci.sh: {words}"]


def test_gates_that_need_each_other_are_refused(project):
    project.gate("one", extra="needs=['two']")
    project.gate("two", extra="needs=['one']")
    done = project.run("one")
    assert done.returncode != 0
    assert "one -> two -> one" in done.err


def test_arguments_go_to_the_gate(project):
    project.gate("told", "return [] if ctx.args == ['-k', 'a b'] else [Finding(str(ctx.args))]")
    assert project.run("told", "--", "-k", "a b").returncode == 0


def test_fix_mends_and_then_checks(project):
    project.gate(
        "mended",
        "return [] if [ctx.tree.text(path) for path in ctx.tree.glob('*.txt')] == ['mended'] else [Finding('broken')]",
        "fix=fix, inputs=['*.txt']",
        "def fix(ctx):\n    assert ctx.tree.text('a.txt') == 'broken'\n    open('a.txt', 'w').write('mended')\n",
    )
    (project.root / "a.txt").write_text("broken")
    assert project.run("mended").returncode == 1
    assert project.run("mended", "--fix").returncode == 0


def test_the_line_that_reproduces_a_failure_has_the_time_limit(project):
    project.gate("slow", "ctx.run(['sleep', '300']); return []")
    project.gate("quick", FIND)
    assert "reproduce: ./ci.sh slow --timeout=0.5" in project.run("slow", "--timeout=0.5").out.splitlines()
    out = project.run("quick", "--timeout", "9", "--", "x y").out
    assert "reproduce: ./ci.sh quick --timeout=9 -- 'x y'" in out.splitlines()


def test_json_is_one_document_on_stdout(project):
    project.gate("fine")
    project.gate("wrong", FIND)
    done = project.run("fine", "wrong", "--json")
    document = json.loads(done.out)
    assert document["ok"] is False
    assert [(gate["name"], gate["status"]) for gate in document["gates"]] == [("fine", "passed"), ("wrong", "failed")]
    assert document["gates"][1]["findings"] == [{"path": "a.c", "line": 3, "message": "it is wrong", "details": ""}]
    assert document["gates"][1]["reproduce"] == "./ci.sh wrong"
    assert done.err.splitlines()[-1] == "gates: 1 passed, 1 failed, 0 skipped"


def test_what_the_caller_has_for_runs_of_its_own_reaches_no_gate(project, monkeypatch):
    foreign = ("TEMPLATE_CLI", "PYTHONPATH", "PYTHONOPTIMIZE", "PYTEST_ADDOPTS", "SHELLCHECK_OPTS", "MYPYPATH")
    for name in foreign:
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("CFLAGS", "-O1")
    project.gate("told", "return [Finding(ctx.must(['env']))]")
    names = {line.strip().split("=")[0] for line in project.run("told").out.splitlines()}
    assert not names & set(foreign)
    assert {"CFLAGS", "PYTHON", "PYTHONPYCACHEPREFIX"} <= names


def test_a_command_that_is_not_there_is_a_finding(project):
    project.gate("lost", "ctx.must(['/nowhere/tool']); return []")
    done = project.run("lost")
    assert done.returncode == 1
    assert "`/nowhere/tool` exits with 127" in done.out


def test_much_output_is_kept_in_the_log_and_shown_in_part(project):
    project.gate("loud", "ctx.must(['sh', '-c', 'seq 3000000; exit 1'])")
    done = project.run("loud")
    assert done.returncode == 1
    assert len(done.out) < 5000
    assert "| 3000000" in done.out
    (log,) = (project.root / "build/ci/log/loud").iterdir()
    assert log.stat().st_size > 20_000_000


def test_one_step_is_made_once_for_all(project):
    body = "ctx.once('thing', lambda ctx: ctx.must(['sh', '-c', 'echo made >> made'])); return []"
    for name in ("one", "two", "three"):
        project.gate(name, body)
    assert project.run("one", "two", "three", "-j3").returncode == 0
    assert (project.root / "made").read_text() == "made\n"


# A process that starts another in its group and one that leaves the group, and tells their numbers.
FAMILY = "sleep 300 & echo $! >> pids; setsid sleep 300 & echo $! >> pids; echo $$ >> pids; wait"


def pids(project, count=3, seconds=10):
    """The numbers of the family's processes, once all are there."""
    until = time.monotonic() + seconds
    path = project.root / "pids"
    while time.monotonic() < until:
        found = path.read_text().split() if path.exists() else []
        if len(found) == count:
            return [int(pid) for pid in found]
        time.sleep(0.02)
    raise AssertionError("the gate did not start its processes")


def alive(numbers):
    """Those that still run; a zombie that nobody has waited for does not."""
    found = []
    for pid in numbers:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            found.append(pid)
    return found


def gone(numbers, seconds=5):
    until = time.monotonic() + seconds
    while alive(numbers) and time.monotonic() < until:
        time.sleep(0.02)
    return not alive(numbers)


def test_a_gate_that_takes_too_long_is_ended_with_all_it_started(project):
    project.gate("hangs", f"ctx.run(['sh', '-c', {FAMILY!r}]); return []")
    project.gate("fine")
    began = time.monotonic()
    done = project.run("hangs", "fine", "--timeout", "1")
    assert done.returncode == 1
    assert "took longer than 1 s and was ended" in done.out
    assert last(done) == "gates: 1 passed, 1 failed, 0 skipped"
    assert time.monotonic() - began < 10
    assert gone(pids(project))


def test_a_gate_that_leaves_processes_behind_loses_them(project):
    project.gate(
        "leaves",
        "ctx.must(['sh', '-c', 'sleep 300 & echo $! >> pids; setsid sleep 300 & echo $! >> pids'])\n    return []",
    )
    assert project.run("leaves").returncode == 0
    assert gone(pids(project, 2))


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGKILL, -9)]
)
def test_a_signal_ends_the_run_and_all_it_started(project, number, code):
    project.gate("hangs", f"ctx.run(['sh', '-c', {FAMILY!r}]); return []")
    process = project.start("hangs")
    numbers = pids(project)
    process.send_signal(number)
    process.communicate(timeout=20)
    assert process.returncode == code
    assert gone(numbers)


def test_a_gate_that_ignores_the_request_to_end_is_made_to(project):
    project.gate(
        "stubborn", "ctx.run(['sh', '-c', 'trap \"\" TERM; echo $$ >> pids; while :; do sleep 1; done']); return []"
    )
    done = project.run("stubborn", "--timeout", "1")
    assert done.returncode == 1
    assert gone(pids(project, 1))


def test_all_files_are_what_git_says(project):
    from ci.runner.tree import Tree

    (project.root / "new.c").write_text("")
    (project.root / "build").mkdir()
    (project.root / "build" / "made.c").write_text("")
    assert Tree(str(project.root)).glob("**/*.c") == ["new.c"]


def test_without_git_all_files_are_what_is_there(context):
    ctx = context({"a.c": "", "d/b.c": "", "build/made.c": "", ".venv/x.c": "", "d/build/kept.c": ""})
    assert ctx.tree.glob("**/*.c") == ["a.c", "d/b.c", "d/build/kept.c"]


def test_the_working_directory_does_not_matter(project, tmp_path_factory):
    project.gate("fine", "return [] if ctx.tree.glob('ci.sh') else [Finding('lost')]")
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    here = os.getcwd()
    try:
        os.chdir(elsewhere)
        assert os.spawnl(os.P_WAIT, str(project.root / "ci.sh"), "ci.sh", "fine") == 0
    finally:
        os.chdir(here)
