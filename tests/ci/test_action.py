"""The scripts of the Action, one at a time."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from action import annotate, channel, clean, get, inputs, jobs, summary
from ci import policy

START = Path(policy.ROOT, "action", "start.sh")


@pytest.fixture
def runner(tmp_path, capfdbinary):
    """A runner's side: its files, and what was printed."""

    class Runner:
        def __init__(self):
            names = ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")
            self.files = {name: tmp_path / name for name in names}
            self.environ = {name: str(path) for name, path in self.files.items()}
            self.environ["RUNNER_TEMP"] = str(tmp_path / "temp")
            self.channel = channel.Channel(self.environ)

        def printed(self):
            return capfdbinary.readouterr().out.decode()

    return Runner()


def answer(added=(), modified=(), deleted=(), root="/ws/tree"):
    found = jobs.Answer("diff", root)
    found.differ(list(added), list(modified), list(deleted))
    return found


# ---------------------------------------------------------------- channel
def test_a_command_cannot_be_forged_through_its_message_or_properties(runner):
    runner.channel.command("notice", "a%0A\n::error::b", file="x,line=1::y\n")
    assert runner.printed() == "::notice file=x%2Cline=1%3A%3Ay%0A::a%250A%0A::error::b\n"


def test_words_of_others_are_shown_where_the_runner_takes_no_command(runner):
    runner.channel.quote("::add-mask::x\n##[error]y\n")
    first, *said, last = runner.printed().splitlines()
    token = first[len("::stop-commands::") :]
    assert re.fullmatch("[0-9a-f]{32}", token)
    assert said == ["::add-mask::x", "##[error]y"]
    assert last == f"::{token}::"


def test_an_output_holds_any_text(runner):
    runner.channel.output("a", "x\nEOF\nb<<EOF\n")
    first, *lines, last = runner.files["GITHUB_OUTPUT"].read_text().splitlines()
    assert first == f"a<<{last}"
    assert lines == ["x", "EOF", "b<<EOF", ""]


def test_a_failure_is_one_line_of_bounded_length(runner):
    runner.channel.failed("a\n::error::b" + "c" * 9999)
    line = runner.printed()
    assert line.count("\n") == 1 and line.startswith("::error title=template-pkg::a\\n::error::b")
    assert len(line) < policy.ACTION_MESSAGE + 100


def test_outside_of_a_workflow_an_output_is_refused():
    with pytest.raises(channel.Failure, match="GITHUB_OUTPUT is not set"):
        channel.Channel({}).output("a", "b")


# ---------------------------------------------------------------- inputs
def read(**values):
    environ = {f"IN_{name.upper()}": text for name, text in values.items()}
    return inputs.Inputs({**environ, "GITHUB_WORKSPACE": "/ws"})


@pytest.mark.parametrize("path", ["-", "--version", "-o", "a b", "$(id)", "a;b", "~", "::error::x"])
def test_a_path_is_absolute_whatever_it_looks_like(path):
    assert read(path=path).path("path") == f"/ws/{path}"


def test_an_absolute_path_and_none_stay_what_they_are():
    assert read(path="/tmp/x\n").path("path") == "/tmp/x"
    assert read(path="").path("path") == ""


@pytest.mark.parametrize("text", ["a\nb", "a\tb", "\x1b[31m", "a\rb", "\x7f"])
def test_a_control_character_in_a_single_value_is_refused(text):
    with pytest.raises(channel.Failure, match=r"input path holds the character U\+00"):
        read(path=text).text("path")


def test_lines_are_values_and_blank_ones_are_not():
    assert read(include="a\r\n\n  \n -b\n").lines("include") == ["a", " -b"]


@pytest.mark.parametrize("text", ["yes", "True", "1", "false ", "$(true)"])
def test_a_flag_is_true_or_false(text):
    with pytest.raises(channel.Failure, match="neither true nor false"):
        read(summary=text).flag("summary")


def test_a_flag_that_is_not_given_has_its_default():
    assert read().flag("summary", True) is True
    assert read(summary="false").flag("summary", True) is False


@pytest.mark.parametrize("command", ["", "Snapshot", "merge", "diff --help", "x" * 5000])
def test_a_command_that_is_none_is_named(command):
    with pytest.raises(channel.Failure, match="not one of snapshot, diff, verify, hash"):
        read(command=command).choice("command", jobs.JOBS)


@pytest.mark.parametrize(("command", "name"), [("hash", "base"), ("verify", "include"), ("verify", "format")])
def test_an_input_that_would_be_ignored_is_refused(command, name):
    with pytest.raises(channel.Failure, match=f"input {name} means nothing to command {command}"):
        jobs.JOBS[command].refuse_foreign(read(command=command, **{name: "x"}))


def test_patterns_and_choices_are_single_arguments():
    given = read(include="-a\nb c", exclude="$(x)", symlinks="--json", format="-o")
    assert jobs.options(given, "include", "exclude", "symlinks", "format") == [
        "--include=-a",
        "--include=b c",
        "--exclude=$(x)",
        "--symlinks=--json",
        "--format=-o",
    ]


def test_a_pipe_or_a_device_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for place in (str(tmp_path / "pipe"), "/dev/zero", str(tmp_path)):
        with pytest.raises(channel.Failure, match="is no file"):
            jobs.readable("path", place)
    assert jobs.readable("base", str(tmp_path), folder=True) == str(tmp_path)
    assert jobs.readable("base", "/missing") == "/missing"


# ---------------------------------------------------------------- get
def wheel_of(path, *names):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "#!/bin/sh\n")
    return str(path)


def test_the_command_alone_is_taken_out_of_a_wheel(tmp_path):
    wheel = wheel_of(tmp_path / "a.whl", f"x-1.data/scripts/{policy.COMMAND}", "../../evil", "x/__init__.py")
    get.from_wheel(wheel, str(tmp_path / "out"))
    assert sorted(os.listdir(tmp_path)) == ["a.whl", "out"]
    assert os.access(tmp_path / "out", os.X_OK)


@pytest.mark.parametrize("names", [(), ("template-cli",), ("x/template-cli", "y.data/scripts/other")])
def test_a_wheel_without_the_command_is_refused(tmp_path, names):
    with pytest.raises(channel.Failure, match="holds no template-cli"):
        get.from_wheel(wheel_of(tmp_path / "a.whl", *names), str(tmp_path / "out"))


def test_what_is_no_wheel_is_refused(tmp_path):
    (tmp_path / "a.whl").write_text("no")
    with pytest.raises(channel.Failure, match="cannot be read as a wheel"):
        get.from_wheel(str(tmp_path / "a.whl"), str(tmp_path / "out"))


@pytest.mark.parametrize(
    "release", ["1.2", "1.2.3 ", "--pre", "1.2.3; rm", "1.2.3 sha256:abc", "@ file:///x", "latest"]
)
def test_a_release_is_a_version_and_perhaps_its_hash(tmp_path, runner, release):
    with pytest.raises(channel.Failure, match="input version is neither"):
        get.released(release, str(tmp_path), runner.channel)


def test_both_a_version_and_a_wheel_are_refused(tmp_path, runner):
    with pytest.raises(channel.Failure, match="both given"):
        get.fill(str(tmp_path), read(version="1.2.3", wheel="x"), runner.channel)


def test_a_call_that_fails_leaves_no_directory(runner):
    with pytest.raises(OSError, match="missing"):
        get.step({**runner.environ, "IN_WHEEL": "/missing.whl"}, runner.channel)
    assert os.listdir(runner.environ["RUNNER_TEMP"]) == []
    assert not runner.files["GITHUB_OUTPUT"].exists()


# ---------------------------------------------------------------- summary, annotations
@pytest.mark.parametrize("name", ["a|b", "`x`", "<img src=x>", "[a](b)", "*a*", "www.x.org", "@a", "a\nb", "\x1b[1m"])
def test_a_name_in_the_summary_is_text(name):
    inside = summary.cell(name)[len("<code>") : -len("</code>")]
    assert re.fullmatch(r"(?:[\w /]|&#\d+;)+", inside)


def test_the_summary_lists_what_changed_up_to_a_limit():
    names = [f"f{i}" for i in range(policy.ACTION_ROWS + 5)]
    text = summary.text(answer(added=names, deleted=["gone"]), failing=True)
    assert "205 added, 0 modified, 1 deleted" in text
    assert text.count("| added |") == policy.ACTION_ROWS
    assert "and 6 more" in text


def test_annotations_stay_within_what_a_runner_keeps(runner):
    for count in (1, 9, 10, 11, 5000):
        for failing in (False, True):
            annotate.write(answer(added=map(str, range(count))), failing, "/ws", runner.channel)
            lines = runner.printed().splitlines()
            room = policy.ACTION_ANNOTATIONS - failing
            assert len(lines) == min(count, room)
            counted = sum("::added: " in line for line in lines)
            assert counted == count or f"and {count - counted} more" in lines[-1]


def test_an_annotation_names_the_file_as_the_repository_does(runner, tmp_path):
    annotate.write(answer(added=["a"], root=str(tmp_path)), False, str(tmp_path.parent), runner.channel)
    annotate.write(answer(added=["a"], root=str(tmp_path)), False, str(tmp_path / "other"), runner.channel)
    inside, outside = runner.printed().splitlines()
    assert f"file={tmp_path.name}/a" in inside
    assert "file=" not in outside


def test_the_report_is_json_whatever_the_names():
    document = json.loads(json.dumps(answer(added=["\udc80\ud800\n"]).document(), ensure_ascii=True))
    assert document["added"] == ["\udc80\ud800\n"]
    assert document["changed"] is True


# ---------------------------------------------------------------- clean
def test_cleanup_removes_what_calls_made_and_nothing_else(runner, tmp_path):
    temp = tmp_path / "temp"
    (temp / "other").mkdir(parents=True)
    (tmp_path / "target").mkdir()
    for name in ("a", "b"):
        (temp / f"{policy.ACTION_PREFIX}{name}" / "bin").mkdir(parents=True)
    (temp / f"{policy.ACTION_PREFIX}link").symlink_to(tmp_path / "target")
    (temp / f"{policy.ACTION_PREFIX}file").write_text("")
    assert clean.step(runner.environ, runner.channel) == 0
    left = {f"{policy.ACTION_PREFIX}link", f"{policy.ACTION_PREFIX}file", "other"}
    assert set(os.listdir(temp)) == left
    assert (tmp_path / "target").is_dir()
    assert re.findall(r"^(\d)$", runner.files["GITHUB_OUTPUT"].read_text(), re.M) == ["2", "0"]


def test_cleanup_says_what_it_could_not_remove(runner, tmp_path, monkeypatch):
    (tmp_path / "temp" / f"{policy.ACTION_PREFIX}a").mkdir(parents=True)

    def refuse(path):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("shutil.rmtree", refuse)
    assert clean.step(runner.environ, runner.channel) == 0
    assert "::warning " in runner.printed()
    assert re.findall(r"^(\d)$", runner.files["GITHUB_OUTPUT"].read_text(), re.M) == ["0", "1"]


# ---------------------------------------------------------------- start.sh
@pytest.mark.parametrize(
    "python", ["-c", "--version", "no-such-python", "exit", "/", "/etc/passwd", "true", "a b", "$(id)", "/bin/sh"]
)
def test_a_python_that_is_none_is_refused(tmp_path, python):
    done = subprocess.run(
        [START, "get"], env={**os.environ, "IN_PYTHON": python}, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 3
    assert re.fullmatch(r"::error title=template-pkg::input python .*\n", done.stdout)
    assert os.listdir(tmp_path) == []


def test_any_python_that_is_new_enough_will_do(tmp_path):
    env = {**os.environ, "IN_PYTHON": sys.executable, "RUNNER_TEMP": str(tmp_path / "a b"), "IN_WHEEL": "/no.whl"}
    env.update({"GITHUB_OUTPUT": str(tmp_path / "out"), "PYTHONPATH": "/nowhere", "PYTHONHOME": "/nowhere"})
    done = subprocess.run([START, "get"], env=env, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (3, "::error title=template-pkg::/no.whl: No such file or directory\n")
