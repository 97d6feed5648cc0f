"""Reads what steps tell a workflow's runner, as GitHub's runner reads it: commands in their output, and files."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = re.compile(r"\s*::([\w-]+)(?:\s+(.*?))?::(.*)", re.S)
OLD_FORM = re.compile(r"##\[([\w-]+)(?: ([^\]]*))?\](.*)", re.S)  # anywhere in a line
STOP = "stop-commands"
ESCAPES = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))


class Malformed(Exception):
    """A file that a step wrote is not in the form that runners read."""


class Command:
    """A command that a runner takes from a line of output."""

    def __init__(self, name: str, properties: str, message: str) -> None:
        self.name = name
        pairs = (pair.partition("=") for pair in re.split("[,;]", properties) if pair)
        self.properties = {key.strip(): unescaped(text) for key, _, text in pairs}
        self.message = unescaped(message)


def unescaped(text: str) -> str:
    for code, sign in ESCAPES:
        text = text.replace(code, sign)
    return text


def commands(output: str) -> Iterator[Command]:
    """The commands in a step's output, those aside that it has said not to take."""
    stopped = ""
    for line in output.split("\n"):
        if stopped:
            stopped = "" if line.strip() == f"::{stopped}::" else stopped
            continue
        match = COMMAND.fullmatch(line) or OLD_FORM.search(line)
        if match and match[1] == STOP:
            stopped = match[3].strip()
        elif match:
            yield Command(match[1], match[2] or "", match[3])


def assignments(text: str) -> dict[str, str]:
    """The names and values in a file like GITHUB_OUTPUT's."""
    found: dict[str, str] = {}
    lines = text.split("\n")
    while lines:
        line = lines.pop(0)
        plain, block = line.find("="), line.find("<<")
        if not line:
            continue
        if block >= 0 and (plain < 0 or block < plain):
            name, end = line.split("<<", 1)
            if end not in lines:
                raise Malformed(f"{name} is not ended by {end}")
            held = lines[: lines.index(end)]
            del lines[: len(held) + 1]
            found[name] = "\n".join(held)
        elif plain > 0:
            name, _, found_text = line.partition("=")
            found[name] = found_text
        else:
            raise Malformed(f"neither a value nor its begin: {line[:60]!r}")
    return found
