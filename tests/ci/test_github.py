"""What GitHub reads of a run: commands that are whole and few enough, and a summary that fits and says nothing by itself."""

import os
import re
import subprocess
import sys

import pytest
from runs import HOSTILE, finding, gate, hostile

from ci import policy
from ci.outputs import github
from ci.outputs.document import cleaned

COMMAND = re.compile(r"::(error|warning) ((?:\w+=[^,:]*,?)+)::(.*)")


def undo(text):
    for code, char in (("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, char)
    return text


def read(line):
    """A command as GitHub's runner takes it: kind, properties, message."""
    match = COMMAND.fullmatch(line)
    assert match, line
    pairs = (pair.split("=", 1) for pair in match[2].split(","))
    return match[1], {key: undo(value) for key, value in pairs}, undo(match[3])


def test_a_finding_is_an_error_at_its_place(document, tmp_path):
    run = document(gate("wrong", "failed", [finding("bad", "libs/a.c", 3, "why"), finding("lost")]))
    assert github.notes(run, str(tmp_path)) == [
        "::error file=libs/a.c,line=3,title=wrong::bad%0A%0Awhy",
        "::error title=wrong::lost",
    ]


def test_a_skipped_gate_is_a_warning_and_a_passed_one_is_nothing(document, tmp_path):
    run = document(gate("fine"), gate("idle", "not needed"), gate("absent", "skipped", reason="no tool: get it"))
    assert github.notes(run, str(tmp_path)) == ["::warning title=absent::skipped: no tool: get it"]


def test_paths_begin_where_the_repository_does(document, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    run = document(gate("wrong", "failed", [finding("bad", "a.c", 3)]))
    assert read(github.notes(run, str(tmp_path / "part"))[0])[1]["file"] == "part/a.c"


def test_hostile_text_stays_within_its_command(document, tmp_path):
    lines = github.notes(document(hostile()), str(tmp_path))
    assert all("\n" not in line and "\r" not in line for line in lines)
    kinds, properties, messages = zip(*map(read, lines))
    assert set(kinds) == {"error"}
    assert all(set(each) <= {"file", "line", "title"} for each in properties)
    assert [each["file"] for each in properties[: len(HOSTILE)]] == list(HOSTILE)
    assert messages[:2] == tuple(f"{text}\n\n{text}" for text in HOSTILE[:2])


def test_what_has_no_room_is_counted_in_the_last_one(document, tmp_path):
    many = gate("many", "failed", [finding(f"no {n}", "a.c", n + 1) for n in range(30)])
    few = gate("few", "failed", [finding("lonely")])
    skips = [gate(f"skip{n}", "skipped", reason="no") for n in range(policy.ANNOTATIONS + 2)]
    read_back = [read(line) for line in github.notes(document(many, few, *skips), str(tmp_path))]
    errors = [each for each in read_back if each[0] == "error"]
    warnings = [each for each in read_back if each[0] == "warning"]
    assert len(errors) == len(warnings) == policy.ANNOTATIONS
    assert errors[1][2] == "lonely"  # each gate is seen before another's second finding
    assert errors[-1][2].startswith("22 more have no room here (many: 22)")
    assert warnings[-1][2].startswith("3 more have no room here (skip9: 1, skip10: 1, skip11: 1)")


def test_as_many_as_there_is_room_for_are_all_shown(document, tmp_path):
    run = document(gate("many", "failed", [finding(f"no {n}") for n in range(policy.ANNOTATIONS)]))
    messages = [read(line)[2] for line in github.notes(run, str(tmp_path))]
    assert messages == [f"no {n}" for n in range(policy.ANNOTATIONS)]


def test_a_long_message_says_where_its_end_is(document, tmp_path):
    run = document(gate("loud", "failed", [finding("x", details="y\n" * 9000)]))
    (_, _, message) = read(github.notes(run, str(tmp_path))[0])
    assert len(message) == policy.ANNOTATION_CHARS
    assert message.endswith("(the log in build/ci/log/loud has all)")


def test_an_interrupted_run_says_so_first(document, tmp_path):
    run = document(gate("a", "failed", [finding(f"no {n}") for n in range(99)]), interrupted=True)
    lines = github.notes(run, str(tmp_path))
    assert len(lines) == policy.ANNOTATIONS
    assert read(lines[0])[2].startswith("interrupted")


def test_the_summary_shows_gates_and_findings(document):
    run = document(
        gate("fine"), gate("absent", "skipped", reason="no tool"), gate("wrong", "failed", [finding("bad", "a.c", 3)])
    )
    text = github.summary(run, policy.SUMMARY_BYTES)
    rows = [line for line in text.splitlines() if line.startswith("| <code>")]
    assert [row.split("|")[1:3] for row in rows] == [
        [" <code>wrong</code> ", " \u274c failed "],
        [" <code>absent</code> ", " \u26a0\ufe0f skipped "],
        [" <code>fine</code> ", " \u2705 passed "],
    ]
    assert "- <code>wrong</code> <code>a.c&#58;3</code> bad" in text


def test_nothing_in_the_summary_is_markup_but_its_own(document):
    text = github.summary(cleaned(document(hostile(), command=HOSTILE[0])), policy.SUMMARY_BYTES)
    assert set(re.findall(r"<[^>]*>?", text)) == {"<code>", "</code>", "<pre>", "</pre>"}
    outside = re.sub(r"<pre>.*?</pre>", "", text)
    assert all(line.count("|") == 5 for line in outside.splitlines() if line.startswith("|"))
    assert not re.search(r"[\[`\]~@\\]|https?://|javascript:|\x1b|\0", outside)


@pytest.mark.parametrize("room", [policy.SUMMARY_BYTES, 5000, 600, 10, 0, -5])
def test_the_summary_fits_and_counts_what_does_not(document, room):
    run = document(gate("many", "failed", [finding(f"no {n} \u20ac", details="z" * 900) for n in range(3000)]))
    text = github.summary(run, room)
    assert len(text.encode()) <= max(room, 0)
    if room > 600:
        shown = text.count("<pre>")
        assert f"**and {3000 - shown} more findings**" in text
        assert shown > 0


def start(project, *args, **env):
    """A run as GitHub starts it: not within another run."""
    outer = {key: value for key, value in os.environ.items() if key != "CI_RUN" and not key.startswith("GITHUB_")}
    return subprocess.run(
        ["./ci.sh", *args],
        cwd=project.root,
        env={**outer, "PYTHON": sys.executable, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def commands(log):
    """What GitHub's runner would obey in a log: between stop-commands and its token, nothing."""
    token, found = None, []
    for line in log.splitlines():
        text = line.lstrip()
        stop = re.fullmatch(r"::stop-commands::(\w+)", text)
        if token:
            token = None if text == f"::{token}::" else token
        elif stop:
            token = stop[1]
        elif text.startswith("::") or "##[" in text:
            found.append(line)
    assert token is None
    return found


INJECTION = "return [Finding('::error::pwned', details='::add-mask::x\\n##[add-path]/tmp\\n::set-env name=A::b')]"


def test_on_github_findings_cannot_give_commands(project, tmp_path):
    project.gate("wrong", INJECTION)
    summary = tmp_path / "summary.md"
    summary.write_text("there before\n")
    done = start(project, "wrong", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 1
    (command,) = commands(done.stdout)
    assert read(command) == (
        "error",
        {"title": "wrong"},
        "::error::pwned\n\n::add-mask::x\n##[add-path]/tmp\n::set-env name=A::b",
    )
    assert done.stdout.splitlines()[-2:] == ["reproduce: ./ci.sh wrong", "gates: 0 passed, 1 failed, 0 skipped"]
    assert summary.read_text().startswith("there before\n## gates&#58; 0 passed, 1 failed, 0 skipped\n")


def test_the_json_document_gives_no_command_either(project):
    project.gate("wrong", INJECTION)
    done = start(project, "wrong", "--json", GITHUB_ACTIONS="true")
    assert commands(done.stdout) == []
    assert [read(line)[0] for line in commands(done.stderr)] == ["error"]


def test_elsewhere_annotations_are_asked_for(project, tmp_path):
    project.gate("wrong", INJECTION)
    summary = tmp_path / "summary.md"
    assert not commands(re.sub(r"(?m)^ .*\n", "", start(project, "wrong", GITHUB_STEP_SUMMARY=str(summary)).stdout))
    assert not summary.exists()
    assert len(commands(start(project, "wrong", "--annotations").stdout)) == 1


def test_a_run_within_a_run_is_silent(project, tmp_path):
    project.gate("wrong", INJECTION)
    summary = tmp_path / "summary.md"
    done = start(project, "wrong", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary), CI_RUN="outer")
    assert "stop-commands" not in done.stdout
    assert not summary.exists()


def test_the_summary_of_a_step_that_has_written_much_still_fits(project, tmp_path):
    project.gate("many", "return [Finding('x' * 900, details='y' * 900) for n in range(900)]")
    summary = tmp_path / "summary.md"
    summary.write_text("z" * (policy.SUMMARY_BYTES - 50_000))
    start(project, "many", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))
    assert policy.SUMMARY_BYTES - 3000 < summary.stat().st_size <= policy.SUMMARY_BYTES
    assert "more findings**" in summary.read_text()
