"""`surface` says what the command really takes, and help says the same."""

import json

import pytest


@pytest.fixture(scope="module")
def surface(cli):
    return json.loads(cli.ok("surface"))


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the commands run for real


def options_of(surface):
    return [(command["name"], option) for command in surface["commands"] for option in command["options"]]


def arguments_for(surface, name):
    """As many words as the command needs, all naming what is not there."""
    (command,) = [command for command in surface["commands"] if command["name"] == name]
    return ["nope" for argument in command["arguments"] if argument["required"]]


def errors(cli, *words):
    done = cli.run(*words)
    return done.returncode, done.stderr.decode().splitlines()


def test_commands(surface):
    assert surface["schema"] == "template-cli/surface/1"
    assert [command["name"] for command in surface["commands"]] == [
        "snapshot",
        "diff",
        "report",
        "merge",
        "verify",
        "hash",
        "inspect",
        "convert",
        "submit",
        "surface",
        "completions",
        "man",
        "version",
        "help",
    ]


def test_every_command_has_the_common_options(surface):
    for command in surface["commands"]:
        names = {name for option in command["options"] for name in option["names"]}
        assert {"--quiet", "-q", "--progress", "--color", "--help", "-h"} <= names
        assert ("--json" in names) == (command["name"] not in ("completions", "help", "man"))


def test_every_option_is_taken_under_each_of_its_names(cli, surface):
    for command, option in options_of(surface):
        value = [] if option["metavar"] is None else [(option["choices"] or ["1"])[0]]
        for name in option["names"]:
            code, lines = errors(cli, command, name, *value, *arguments_for(surface, command))
            assert not any("option" in line or "choice" in line for line in lines), (command, name, lines)
            wants_another = (
                "--delta needs --base",
                "--name needs --destination",
                "--json needs -o FILE",
                "--exit-code needs OLD and NEW",
                "no completions",
                "submit needs --dry-run",
                "there is nothing to submit",
            )
            assert code != 2 or any(why in lines[0] for why in wants_another), (command, name, lines)


def test_an_option_without_metavar_takes_no_value_and_one_with_it_needs_one(cli, surface):
    for command, option in options_of(surface):
        long = option["names"][-1]
        if option["metavar"] is None:
            code, lines = errors(cli, command, f"{long}=x")
            assert (code, lines[0]) == (2, f"template-cli: no value is taken by {long}")
        else:
            code, lines = errors(cli, command, long)
            assert code == 2
            assert lines[0].split(" (")[0] == f"template-cli: value missing for {long}"


def test_choices_are_all_there_are(cli, surface):
    for command, option in options_of(surface):
        if option["choices"] is not None:
            code, lines = errors(cli, command, option["names"][-1], "nonsense")
            assert code == 2
            assert lines[0].endswith(f": nonsense (one of {', '.join(option['choices'])})")


def test_required_arguments_are_required(cli, surface):
    for command in surface["commands"]:
        for count, argument in enumerate(command["arguments"]):
            if argument["required"]:
                code, lines = errors(cli, command["name"], *["x"] * count)
                assert (code, lines[0]) == (2, f"template-cli: missing argument: {argument['name']}")
        if not any(argument["repeatable"] for argument in command["arguments"]):
            code, lines = errors(cli, command["name"], *["x"] * len(command["arguments"]), "surplus")
            assert (code, lines[0]) == (2, "template-cli: unexpected argument: surplus")


def test_help_names_every_option_and_summary(cli, surface):
    overview = cli.ok("help").decode()
    for command in surface["commands"]:
        page = cli.ok("help", command["name"]).decode()
        assert f"  {command['name']} " in overview
        assert " ".join(command["summary"].split()) in " ".join(overview.split())
        for option in command["options"]:
            assert ", ".join(option["names"]) in page
            assert option["summary"] in " ".join(page.split())


def test_help_fits_a_terminal(cli, surface):
    for page in ([], *([command["name"]] for command in surface["commands"])):
        assert max(map(len, cli.ok("help", *page).decode().splitlines())) <= 80


def test_exit_codes_are_those_of_help(cli, surface):
    lines = cli.ok("help").decode().splitlines()
    for code in surface["exitCodes"]:
        assert f"{code['code']:5}  {code['meaning']}" in lines
