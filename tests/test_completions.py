"""Completion in real shells, and the manual page, both made from the option tables."""

import os
import re
import select
import subprocess
import time

import pytest
from terminals import open_terminal

SHELLS = ("bash", "zsh", "fish")


@pytest.fixture(scope="module")
def surface(cli):
    return cli.json("surface")


@pytest.fixture
def place(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inside").touch()
    (tmp_path / "old manifest").touch()
    (tmp_path / "old.json").touch()
    return tmp_path


def words_of(line):
    """A command line as bash takes it apart: `=` is a word of its own; a blank at the end begins one."""
    words = re.findall(r"=|[^\s=]+", line)
    return words if line[-1] not in " " else [*words, ""]


def in_bash(cli, line, where=None):
    """The words that bash would offer at the end of a line."""
    words = words_of(line)
    script = """
        source <("$1" completions bash); shift
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        template_cli; printf '%s\\n' "${COMPREPLY[@]}"
    """
    done = subprocess.run(
        ["bash", "--norc", "-c", script, "bash", cli.path, *words],
        cwd=where,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return sorted(filter(None, done.stdout.split("\n")))


def in_fish(cli, line, where=None):
    script = f"source (printf '%s' \"$script\" | psub); complete -C '{line}'"
    environment = {**os.environ, "script": cli.ok("completions", "fish").decode(), "HOME": str(where or os.getcwd())}
    done = subprocess.run(
        ["fish", "--no-config", "-c", script], cwd=where, capture_output=True, text=True, check=True, env=environment
    )
    assert done.stderr == ""
    return sorted(row.split("\t")[0].rstrip("/") for row in done.stdout.splitlines())


ZSHRC = """
PROMPT='> '; COLUMNS=300; LINES=1000; LISTMAX=10000
unsetopt prompt_sp
fpath=($ZDOTDIR $fpath)
autoload -Uz compinit
compinit -D -u
zstyle ':completion:*' verbose no
bindkey '^I' list-choices
zle-line-init() { print -n "<ready>" }
zle -N zle-line-init
"""


class Zsh:
    """An interactive zsh in a terminal: a tab at the end of a line, and what it shows."""

    def __init__(self, cli, where):
        (where / "_template-cli").write_bytes(cli.ok("completions", "zsh"))
        (where / ".zshrc").write_text(ZSHRC)
        self.screen, end = open_terminal()
        environment = {"PATH": os.defpath, "TERM": "dumb", "ZDOTDIR": str(where), "LC_ALL": "C.UTF-8"}
        self.process = subprocess.Popen(
            ["zsh", "-o", "no_global_rcs", "-i"],
            stdin=end,
            stdout=end,
            stderr=end,
            env=environment,
            cwd=where,
            start_new_session=True,
        )
        os.close(end)
        self.until("<ready>")

    def until(self, mark):
        seen, end = "", time.monotonic() + 20
        while mark not in seen:
            assert select.select([self.screen], [], [], max(0, end - time.monotonic()))[0], seen
            seen += os.read(self.screen, 65536).decode()
        return seen

    def offers(self, line):
        """What is shown between the line and its being thrown away."""
        os.write(self.screen, f"{line}\t\x15\n".encode())
        return self.until("<ready>")

    def close(self):
        os.close(self.screen)
        self.process.kill()
        self.process.wait()


# Lines, and what is offered at their ends.
LINES = {
    "template-cli sn": ["snapshot"],
    "template-cli --color never ver": ["verify", "version"],
    "template-cli help dif": ["diff"],
    "template-cli completions ": ["bash", "fish", "zsh"],
    "template-cli snapshot --dest": ["--destination"],
    "template-cli snapshot --symlinks f": ["follow"],
    "template-cli snapshot --json --symlinks f": ["follow"],
    "template-cli inspect old": ["old manifest", "old.json"],
    "template-cli merge old.json old.j": ["old.json"],
    "template-cli snapshot -q fol": ["folder"],
    "template-cli snapshot --destination fol": ["folder"],
    "template-cli snapshot -j 2 fol": ["folder"],
    "template-cli verify old.json fol": ["folder"],
}


@pytest.mark.parametrize("line", LINES)
def test_bash_offers(cli, place, line):
    assert in_bash(cli, line, place) == LINES[line]


def test_bash_knows_a_value_behind_its_sign(cli, place):
    assert in_bash(cli, "template-cli snapshot --symlinks=f", place) == ["follow"]
    assert in_bash(cli, "template-cli snapshot --symlinks=", place) == in_bash(
        cli, "template-cli snapshot --symlinks ", place
    )
    assert in_bash(cli, "template-cli snapshot --symlinks=follow fol", place) == ["folder"]
    assert in_bash(cli, "template-cli snapshot -- --dest", place) == []
    assert in_bash(cli, "template-cli snapshot --jobs ", place) == []


def test_bash_offers_every_option_of_every_command(cli, surface):
    names = [command["name"] for command in surface["commands"]]
    assert in_bash(cli, "template-cli ") == sorted(names)
    for command in surface["commands"]:
        options = {name for option in command["options"] for name in option["names"]}
        assert set(in_bash(cli, f"template-cli {command['name']} -")) == options
        for option in command["options"]:
            if option["choices"]:
                offered = in_bash(cli, f"template-cli {command['name']} {option['names'][-1]} ")
                assert offered == sorted(option["choices"])


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_is_complete_or_an_error(cli, shell):
    assert len(cli.ok("completions", shell).splitlines()) > 100
    done = cli.run("completions", shell.upper())
    assert done.returncode == 2 and shell in done.stderr.decode()


@pytest.mark.shells
@pytest.mark.parametrize("line", LINES)
def test_fish_offers(cli, place, line):
    assert in_fish(cli, line, place) == LINES[line]


@pytest.mark.shells
def test_fish_offers_every_option_of_every_command(cli, surface):
    for command in surface["commands"]:
        offered = set(in_fish(cli, f"template-cli {command['name']} --"))
        assert offered >= {option["names"][-1] for option in command["options"]}


@pytest.mark.shells
def test_zsh_offers(cli, place, surface):
    zsh = Zsh(cli, place)
    try:
        assert "old.json" in zsh.offers("template-cli inspect old")
        assert "fish" in zsh.offers("template-cli completions ")
        assert "verify" in zsh.offers("template-cli --color never ver")
        assert "folder" in zsh.offers("template-cli verify old.json ")
        shown = zsh.offers("template-cli snapshot --symlinks=")
        assert "follow" in shown and "skip" in shown
        for command in surface["commands"]:
            shown = zsh.offers(f"template-cli {command['name']} --")
            for option in command["options"]:
                assert option["names"][-1] in shown, (command["name"], option["names"], shown)
    finally:
        zsh.close()


@pytest.mark.shells
@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_reads_its_script(cli, tmp_path, shell):
    (tmp_path / "script").write_bytes(cli.ok("completions", shell))
    subprocess.run([shell, "-n", tmp_path / "script"], check=True)


@pytest.mark.shells
def test_the_manual_page_is_in_its_language(cli):
    done = subprocess.run(["mandoc", "-Tlint"], input=cli.ok("man"), capture_output=True, check=False)
    said = [line for line in done.stdout.decode().splitlines() if "missing date" not in line]
    assert said == []


def test_the_manual_page_has_everything(cli, surface):
    page = cli.ok("man").decode().replace("\\fB", "").replace("\\fR", "").replace("\\-", "-")
    for command in surface["commands"]:
        assert f"\n.SS {command['name']} " in page
        for option in command["options"]:
            assert ", ".join(option["names"]) in page
    for code in surface["exitCodes"]:
        assert f".TP\n{code['code']}\n" in page
