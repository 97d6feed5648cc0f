"""The files of a run: written as a whole, on success, failure and interruption; and the results that are kept."""

import io
import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from runs import HOSTILE, finding, gate

from ci import policy
from ci.outputs import files, history
from ci.outputs.document import commit
from ci.outputs.plain import as_json
from ci.runner.model import Result
from ci.runner.report import Report

WRONG = "return [Finding('it is wrong', 'a.c', 3)]"
FORMS = ("json", "junit", "sarif")


def asked(folder):
    return [f"--{form}={folder / form}" for form in FORMS]


def results(project):
    return [json.loads(path.read_text()) for path in sorted((project.root / "build/ci/results").iterdir())]


@pytest.mark.parametrize(("body", "code"), [("return []", 0), (WRONG, 1)])
def test_all_forms_are_written_and_the_text_stays(project, tmp_path, body, code):
    project.gate("one", body)
    done = project.run("one", *asked(tmp_path / "new" / "folder"))
    assert done.returncode == code
    assert done.out.splitlines()[-1].startswith("gates: ")
    run = json.loads((tmp_path / "new/folder/json").read_text())
    assert run["ok"] is (code == 0)
    assert run["command"].startswith("./ci.sh one --json=")
    (one,) = run["gates"]
    assert (one["summary"], one["reproduce"]) == ("is one", "./ci.sh one")
    assert 0 <= one["start"] <= one["start"] + one["seconds"] <= run["seconds"] + 0.01
    assert (tmp_path / "new/folder/junit").read_text().count("<testcase") == 1
    assert json.loads((tmp_path / "new/folder/sarif").read_text())["version"] == "2.1.0"
    assert sorted(path.name for path in (tmp_path / "new/folder").iterdir()) == sorted(FORMS)


def test_json_goes_to_a_file_and_to_stdout_at_once(project, tmp_path):
    project.gate("one")
    done = project.run("one", "--json", f"--json={tmp_path / 'run'}")
    assert json.loads(done.out) == json.loads((tmp_path / "run").read_text())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_what_it_knows(project, number):
    project.gate("a_quick", WRONG)
    project.gate("b_slow", "open('began', 'w').close(); ctx.run(['sleep', '300']); return []")
    project.gate("c_late", extra="needs=['b_slow']")
    process = project.start("all", "-j2", *asked(project.root))
    until = time.monotonic() + 20
    while not (project.root / "began").exists() and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(number)
    out, _ = process.communicate(timeout=20)
    assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[number]
    run = json.loads((project.root / "json").read_text())
    assert (run["interrupted"], run["ok"]) == (True, False)
    found = {gate["name"]: (gate["status"], gate["reason"]) for gate in run["gates"]}
    assert found == {
        "a_quick": ("failed", ""),
        "b_slow": ("skipped", "interrupted on the way"),
        "c_late": ("skipped", "interrupted before it began"),
    }
    assert "interrupted" in (project.root / "junit").read_text()
    assert json.loads((project.root / "sarif").read_text())["runs"][0]["invocations"][0]["executionSuccessful"] is False
    assert out.splitlines()[-1] == "gates: 0 passed, 1 failed, 2 skipped"
    assert results(project) == [run]


@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_cannot_be_written_is_known_before_the_run(project, tmp_path, form):
    project.gate("one", "open('ran', 'w').close(); return []")
    (tmp_path / "plain").write_text("")
    done = project.run("one", f"--{form}={tmp_path / 'plain' / 'below'}")
    assert done.returncode == 2
    assert done.err.count("\n") == 1
    done = project.run("one", f"--{form}={tmp_path}")
    assert (done.returncode, done.err) == (2, f"ci.sh: {tmp_path} is a folder\n")
    assert not (project.root / "ran").exists()


@pytest.mark.parametrize("form", ["junit", "sarif"])
def test_a_form_needs_a_file(project, form):
    project.gate("one")
    done = project.run("one", f"--{form}")
    assert (done.returncode, done.err) == (2, f"ci.sh: --{form} takes a file: --{form}=FILE\n")


def test_a_file_that_could_not_be_written_is_no_success(project):
    project.gate("one")
    done = project.run("one", "--junit=/dev/full")
    assert done.returncode == 3
    assert done.err == "ci.sh: /dev/full: not written: No space left on device\n"
    assert done.out.splitlines()[-1] == "gates: 1 passed, 0 failed, 0 skipped"
    assert Path("/dev/full").is_char_device()


def test_a_file_is_replaced_as_a_whole_or_not_at_all(tmp_path, monkeypatch):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("before")
    link.symlink_to(target)

    def fails(*_):
        raise OSError("no")

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OSError, match="no"):
        files.write(str(link), "after")
    assert (target.read_text(), sorted(os.listdir(tmp_path))) == ("before", ["link", "target"])
    monkeypatch.undo()
    files.write(str(link), "after")
    assert (target.read_text(), link.is_symlink()) == ("after", True)


def test_what_is_no_plain_file_is_written_to(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    files.write(str(pipe), "through")
    assert os.read(reader, 99) == b"through"
    assert pipe.is_fifo()
    os.close(reader)


def test_results_are_kept_but_not_without_end(tmp_path, document):
    for n in range(policy.KEPT_RUNS + 5):
        history.keep(str(tmp_path), document(gate("one"), started=f"2026-01-01T00:{n // 60:02}:{n % 60:02}Z"))
    runs, strange = history.runs(str(tmp_path))
    assert len(runs) == policy.KEPT_RUNS
    assert (runs[0]["started"], strange) == ("2026-01-01T00:00:05Z", [])


def test_of_endless_findings_some_are_kept_and_the_rest_counted(tmp_path, document):
    many = [finding(f"no {n}") for n in range(policy.KEPT_FINDINGS + 7)]
    history.keep(str(tmp_path), document(gate("one", "failed", many), gate("two", "failed", many[:-7])))
    ((one, two),) = (run["gates"] for run in history.runs(str(tmp_path))[0])
    assert one["findings"] == [*many[:-7], finding("and 7 more findings")]
    assert two["findings"] == many[:-7]


def test_what_is_no_result_is_told_apart(tmp_path, document):
    history.keep(str(tmp_path), document(gate("one")))
    folder = Path(history.folder(str(tmp_path)))
    for name, text in {
        "a": "{",
        "b": "[]",
        "c": '{"schema": "other/1"}',
        "d": '{"schema": "template-ci/run/1"}',
    }.items():
        (folder / f"{name}.json").write_text(text)
    runs, strange = history.runs(str(tmp_path))
    assert (len(runs), strange) == (1, ["a.json", "b.json", "c.json", "d.json"])


def test_what_cannot_be_kept_does_not_fail_the_run(project):
    project.gate("one")
    (project.root / "build/ci").mkdir(parents=True)
    (project.root / "build/ci/results").write_text("in the way")
    done = project.run("one")
    assert done.returncode == 0
    assert done.err == "ci.sh: the kept results: not written: File exists\n"


def test_a_name_that_is_no_text_harms_no_form(project, tmp_path):
    project.gate("one", "return [Finding('bad \\udcff', 'a\\udcff.c', 1, '\\ud800')]")
    done = project.run("one", *asked(tmp_path))
    assert done.returncode == 1, done.err
    assert "  a\\udcff.c:1: bad \\udcff\n    | \\ud800\n" in done.out
    for form in FORMS:
        (tmp_path / form).read_bytes().decode("utf-8")
    assert "\\udc" not in (tmp_path / "json").read_text()


def test_the_proof_has_all_forms_too(project, tmp_path):
    (project.root / "a.txt").write_text("fine\n")
    project.gate("blind", extra="mutations=[Mutation('a bad word', 'holds BAD', [Edit('a.txt', text='BAD')])]")
    done = project.run("prove", *asked(tmp_path))
    assert done.returncode == 1
    (one,) = json.loads((tmp_path / "json").read_text())["gates"]
    assert (one["reproduce"], one["mutations"]) == ("./ci.sh prove blind", [])
    assert "not caught" in (tmp_path / "junit").read_text()


def test_a_proof_that_cannot_go_on_says_why(project, tmp_path):
    project.gate("deadly", "os._exit(7)")
    done = project.run("prove", "deadly", f"--json={tmp_path / 'json'}")
    assert done.returncode == 1
    assert "exits with 7 (build/ci/log/prove/001-" in done.out
    assert "Traceback" not in done.out + done.err
    run = json.loads((tmp_path / "json").read_text())
    assert (run["ok"], run["interrupted"], run["gates"][0]["status"]) == (False, True, "skipped")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("wrong",), "./ci.sh wrong"),
        (("wrong", "--", "-k", "a b"), "./ci.sh wrong -- -k 'a b'"),
        (("absent", "--no-skips"), "./ci.sh absent --no-skips"),
        (("prove", "absent", "--no-skips"), "./ci.sh prove absent --no-skips"),
    ],
)
def test_each_failure_has_one_line_that_gives_it_again(project, args, words):
    project.gate("wrong", WRONG)
    project.gate("absent", "raise Skip('no tool')")
    done = project.run(*args)
    assert [line for line in done.out.splitlines() if line.startswith("reproduce: ")] == [f"reproduce: {words}"]
    assert done.out.splitlines()[-1].startswith("gates: 0 passed, 1 failed")


def test_the_catalogue_fits_a_terminal(project):
    project.gate("one")
    path = project.root / "ci/gates/one.py"
    path.write_text(path.read_text().replace("is one", "is " + "long " * 40))
    lines = project.run().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert sum(line.startswith("       long") for line in lines) >= 2


@pytest.mark.parametrize(
    "value", [None, True, 1, -2.5, "", [], {}, *HOSTILE, {"a": [1, {"b": None, "c": "\u20ac"}], "d": False}]
)
def test_the_short_way_to_json_is_json(value):
    assert json.loads(as_json(value)) == value
    assert as_json(value) == json.dumps(value).replace("##[", "#\\u0023[")


def git(root, *args):
    identity = ["-c", "user.name=x", "-c", "user.email=x@x.example", "-c", "commit.gpgsign=false"]
    return subprocess.run(
        ["git", *identity, *args], cwd=root, check=True, capture_output=True, text=True
    ).stdout.strip()


def test_the_commit_is_what_git_says(tmp_path):
    root = tmp_path / "tree"
    root.mkdir()
    assert commit(str(root)) == ""
    git(root, "init", "-q")
    assert commit(str(root)) == ""
    git(root, "commit", "-q", "--allow-empty", "-m", "x")
    said = git(root, "rev-parse", "HEAD")
    assert commit(str(root)) == said
    git(root, "worktree", "add", "-q", "-b", "other", "../beside")
    git(tmp_path / "beside", "commit", "-q", "--allow-empty", "-m", "y")
    beside = git(tmp_path / "beside", "rev-parse", "HEAD")
    assert commit(str(tmp_path / "beside")) == beside != said
    git(root, "pack-refs", "--all")
    assert (commit(str(root)), commit(str(tmp_path / "beside"))) == (said, beside)
    git(root, "checkout", "-q", "--detach")
    assert commit(str(root)) == said


def test_a_file_is_where_the_caller_is(project, tmp_path):
    project.gate("one")
    there = tmp_path / "elsewhere"
    there.mkdir()
    subprocess.run([project.root / "ci.sh", "one", "--json=run.json"], cwd=there, check=True, capture_output=True)
    assert json.loads((there / "run.json").read_text())["ok"]


class Terminal(io.StringIO):
    """As wide as a test wants it."""

    def __init__(self, columns):
        super().__init__()
        self.columns = columns

    def isatty(self):
        return True

    def fileno(self):
        return self.columns

    def lines(self):
        return [re.sub(r"\x1b\[[0-9;]*[mK]", "", line.rpartition("\r")[2]) for line in self.getvalue().split("\n")]


def test_no_line_of_a_log_of_github_is_moved_over(monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    out = Terminal(80)
    report = Report(out, 6)
    report.started("gate", ["gate"])
    report.say("::notice::first on its line")
    assert out.getvalue() == "::notice::first on its line\n"


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_lines_fit_the_terminal(monkeypatch, columns):
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.setattr(os, "get_terminal_size", lambda columns: os.terminal_size((columns, 24)))
    out = Terminal(columns)
    report = Report(out, 6)
    many = [f"gate{n}" for n in range(40)]
    report.started("gate0", many)
    reason = "no such tool is to be had on this machine; run: apt-get install some-tool another-tool"
    report.ended(Result("absent", "skipped", reason=reason), many)
    report.close([])
    assert max(map(len, out.lines())) <= columns
    assert " ".join(" ".join(out.lines()[:-2]).split()) == f"skipped absent {reason}"
    assert all(len(part) < columns for part in re.split(r"[\r\n]", re.sub(r"\x1b\[[0-9;]*[mK]", "", out.getvalue())))


def test_what_is_no_terminal_gets_whole_lines():
    out = io.StringIO()
    Report(out, 6).ended(Result("absent", "skipped", reason="word " * 40), [])
    assert out.getvalue().count("\n") == 1
