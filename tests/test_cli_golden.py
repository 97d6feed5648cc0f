"""The golden cases of tests/cli, one test each, and the runner that reads them."""

import importlib.util
from pathlib import Path

import pytest

RUNNER = Path(__file__).parent / "cli" / "run.py"


def load_runner():
    spec = importlib.util.spec_from_file_location("cli_runner", RUNNER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


run = load_runner()


@pytest.mark.parametrize("case", run.all_cases(), ids=lambda case: case.id)
def test_golden(case, cli):
    run.run_case(case, cli.path)


@pytest.fixture
def fake(tmp_path):
    """A function that runs the only case of a text against a shell script in place of the command."""

    def check(script, text, update=None):
        binary = tmp_path / "command"
        binary.write_text(f"#!/bin/sh\n{script}\n")
        binary.chmod(0o755)
        file = tmp_path / "fake.test"
        file.write_text(text)
        (case,) = run.parse(file)
        run.run_case(case, binary, update)
        return file

    return check


SCRIPT = "echo out; printf last; echo err >&2; exit 3"
RIGHT = "== it\n$ template-cli\n| out\n|- last\n! err\n= 3\n"


def test_a_case_that_is_as_expected_passes(fake):
    fake(SCRIPT, RIGHT)


@pytest.mark.parametrize(
    "wrong",
    [
        RIGHT.replace("| out", "| other"),
        RIGHT.replace("|- last", "| last"),
        RIGHT.replace("|- last\n", ""),
        RIGHT.replace("! err\n", ""),
        RIGHT.replace("= 3\n", ""),
        RIGHT.replace("= 3", "= 4"),
        RIGHT.replace("| out\n", "| out\n| more\n"),
    ],
)
def test_a_case_that_differs_fails(fake, wrong):
    with pytest.raises(AssertionError, match="template-cli"):
        fake(SCRIPT, wrong)


def test_a_file_left_behind_fails(fake):
    with pytest.raises(AssertionError, match="left behind"):
        fake("echo x >.m.json.tmp", "== it\n$ template-cli -o m.json\n")


def test_a_file_that_the_line_names_may_stay(fake):
    fake("echo x >m.json", "== it\n$ template-cli -o m.json\n")


def test_placeholders_stand_for_what_varies(fake):
    fake("echo build 0123456789abcdef and more", "== it\n$ template-cli\n| build <hex16> <*>\n")
    with pytest.raises(AssertionError):
        fake("echo build 0123", "== it\n$ template-cli\n| build <hex16><*>\n")


def test_update_writes_what_the_command_did(fake):
    update = {}
    file = fake(SCRIPT, "== it\n$ template-cli\n| old\n\n# after\n", update)
    run.rewrite(file, run.parse(file), update)
    assert file.read_text() == RIGHT + "\n# after\n"


def test_output_without_a_command_is_no_case(fake):
    with pytest.raises(run.Broken):
        fake("true", "== it\nfile a\n| out\n")


def test_outputs_that_cannot_be_printed_come_back():
    for data in (b"\xff\x1b[0m", b"a\\nb", "caf\u00e9\u2028".encode(), b"\t"):
        assert run.unescape(run.escape(data)) == data
