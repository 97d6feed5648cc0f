"""Values that somebody hostile would give to an Action's inputs, and what must be so after a call with one of them."""

from __future__ import annotations

import os
import re

from ci import policy
from ci.tools import composite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CANARY = "canary"
SHELL = (
    "$(touch canary)",
    "`touch canary`",
    "; touch canary;",
    "| touch canary",
    "&& touch canary",
    "x\ntouch canary\n",
    "'; touch canary; '",
    '"; touch canary; "',
    "${IFS}touch${IFS}canary",
    "$HOME",
    "~",
    "a b",
    "'",
    '"',
    "\\",
    "*",
    "[",
    "{a,b}",
)
OPTIONS = ("-", "--", "-h", "--help", "--version", "-o", "--output=canary", "-ocanary", "--json", "@canary")
COMMANDS = (
    "::error::x",
    "x\n::error::x",
    "::add-path::/canary",
    "x\n::set-env name=CANARY::x",
    "::stop-commands::x",
    "##[add-mask]x",
    "x\n##[set-output name=changed]false",
    "%0A::error::x",
    "a%0D%0A::error::x",
    "x\r::error::x",
)
VALUES_OF_FILES = ("x\nchanged=false", "EOF\nchanged=false", "changed<<EOF\nfalse\nEOF\n", "x=y", "x<<y")
EXPRESSIONS = ("${{ github.token }}", "${{ secrets.X }}", "{{ x }}", "%PATH%", "$(id)")
PATHS = ("../canary", "/dev/full", "/dev/null", "/proc/self/environ", "./", "a/../b", "C:\\x", "\\\\x\\y", "no/such")
TEXTS = ("", " ", "\t", "\n", "\x01", "\x1b[31m", "\x7f", "ä", "日本語", "😀", "\u202e", "\ufeff", "\udcff", "<b>|*_`")
LONG = ("A" * 100_000, "a/" * 20_000, "*" * 1_000, "[a-" * 500, "x\n" * 5_000, "../" * 3_000 + "canary")
ALL = (*SHELL, *OPTIONS, *COMMANDS, *VALUES_OF_FILES, *EXPRESSIONS, *PATHS, *TEXTS, *LONG)
# Inputs that take them, and the command that makes something of each.
INPUTS = {
    "path": "snapshot",
    "manifest": "snapshot",
    "base": "diff",
    "include": "snapshot",
    "exclude": "diff",
    "symlinks": "verify",
    "command": "",
    "version": "snapshot",
    "wheel": "snapshot",
    "python": "snapshot",
    "fail-on-difference": "snapshot",
}
ANSWERS = {
    "content-hash": r"[0-9a-f]{32}|",
    "manifest-hash": r"[0-9a-f]{32}|",
    "file-count": r"\d+|",
    "total-size": r"\d+|",
    "changed": "true|false|",
    "added": r"\d+|",
    "modified": r"\d+|",
    "deleted": r"\d+|",
    "tool-version": rf"{policy.VERSION}|",
}


def calls() -> Iterator[tuple[str, str, dict[str, str]]]:
    """An input, its hostile value, and all inputs of the call. Each value meets every second input, and the
    path of a snapshot and of a hash."""
    for place, (name, command) in enumerate(INPUTS.items()):
        for number, value in enumerate(ALL):
            if name == "path" or (number + place) % 2:
                given = {"command": command, "path": "tree", **OTHERS.get(command, {}), name: value}
                yield name, value, {key: text for key, text in given.items() if text or key == name}
    for value in ALL:
        yield "path", value, {"command": "hash", "path": value}


OTHERS = {"diff": {"base": "base.json"}, "verify": {"manifest": "base.json", "fail-on-difference": "false"}}


def tree(workspace: str, but: str) -> dict[str, str]:
    """Paths below a folder, one folder in it aside, with what tells that one was touched."""
    found = {}
    for at, folders, names in os.walk(workspace):
        folders[:] = [name for name in folders if os.path.join(at, name) != but]
        for name in [*folders, *names]:
            path = os.path.join(at, name)
            stat = os.lstat(path)
            touched = "" if name in folders else f"{stat.st_size} {stat.st_mtime_ns}"
            found[os.path.relpath(path, workspace)] = f"{stat.st_ino} {touched}"
    return found


def faults(job: composite.Job, good: bool, outputs: Mapping[str, str], target: str) -> Iterator[str]:
    """What a call did beyond its outputs; `target` is the manifest's place, if an input names one."""
    for name, text in outputs.items():
        if not re.fullmatch(ANSWERS.get(name, ".*"), text, re.S):
            yield f"output {name} is {text[:60]!r}"
    own = re.escape(os.path.join(job.temporary, policy.ACTION_PREFIX)) + r"\w+/"
    for name, file in (("manifest", "manifest.json"), ("report", "report.json")):
        text = outputs.get(name, "")
        if text and not re.fullmatch(own + file, text) and not (name == "manifest" and text == target):
            yield f"output {name} is {text[:60]!r}"
    for command in job.commands:
        if command.name not in ("error", "notice", "warning") or command.properties.get("title") != "template-pkg":
            yield f"the runner took the command {command.name} {command.properties} from it"
    if not good and not any(command.name == "error" for command in job.commands):
        yield "it failed and said nothing"
    if "Traceback" in job.output:
        yield "a script of the Action fell over"
    if job.env or job.path:
        yield f"later steps would see {job.env} {job.path}"
    strange = [name for name in os.listdir(job.temporary) if not name.startswith(policy.ACTION_PREFIX)]
    if strange:
        yield f"{strange[0]!r} lies in the runner's temporary folder"


def changed(before: Mapping[str, str], after: Mapping[str, str], target: str, workspace: str) -> Iterator[str]:
    """Files of the workspace that a call made, changed or lost; but for the manifest where it was asked for."""
    allowed = os.path.relpath(target, workspace) if target else ""
    for path in sorted({*before, *after}):
        if before.get(path) != after.get(path) and path != allowed:
            yield f"{path[:60]!r} is not as it was"
