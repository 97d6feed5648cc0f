"""Runs the C tests and the command under valgrind's memcheck."""

from __future__ import annotations

import json
import os
import re

from ci.runner.model import Broken, Finding
from ci.tools import native
from ci.tools.parallel import gather

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from ci.runner.context import Context

OPTIONS = (
    "valgrind",
    "--quiet",
    "--vgdb=no",
    "--error-exitcode=99",
    "--leak-check=full",
    "--errors-for-leak-kinds=definite,indirect,possible",
    "--show-leak-kinds=definite,indirect,possible",
    "--num-callers=30",
    "--fullpath-after=",  # files with their folders: names alone may occur twice
)
# What valgrind itself cannot do: be without standard output, and write less than its own notes of the process.
CANNOT = (">&-", "@fsize=60")
WITHOUT = [f"--without={text}" for text in CANNOT]
_BLOCK = re.compile(r"^==\d+== (?P<what>\S.*)\n(?P<frames>(?:==\d+==    .*\n)+)", re.M)
_FRAME = re.compile(r"(?:at|by) 0x[0-9A-F]+: (\S+) \((\S+?):(\d+)\)")


def tests(ctx: Context, args: Sequence[str]) -> list[Finding]:
    """Findings in the C tests that ctest's arguments select."""
    folder = native.built(ctx, "dev")
    program = os.path.join(os.path.dirname(ctx.tool("cmake")), "ctest")
    listed = json.loads(ctx.must([program, "--preset", "dev", "--show-only=json-v1", *args]))
    commands = [(test["name"], test["command"]) for test in listed["tests"]]
    if not commands:
        raise Broken([Finding("there is no such test")])

    def judge(test: tuple[str, list[str]]) -> list[Finding]:
        done = ctx.run([*OPTIONS, *test[1]], cwd=folder)
        if done.code == 0:
            return []
        found = findings(done.text, sources(ctx))
        return found or [Finding(f"{test[0]} fails under valgrind"), ctx.failure(done)]

    return gather(judge, commands, ctx.jobs)


def sources(ctx: Context) -> list[str]:
    return ctx.tree.glob("libs/**/*.[ch]")


def place(named: str, paths: Sequence[str]) -> str:
    """Which of our files it is that the compiler knew by a longer name; empty when it is none."""
    return next((path for path in paths if ("/" + os.path.normpath(named)).endswith("/" + path)), "")


def findings(text: str, paths: Sequence[str]) -> list[Finding]:
    """One per report, at the first of its frames that is in our sources rather than in a test."""
    found = []
    for match in _BLOCK.finditer(text):
        placed = [(name, place(named, paths), int(line)) for name, named, line in _FRAME.findall(match["frames"])]
        frames = [frame for frame in placed if frame[1]]
        ours = [frame for frame in frames if "/src/" in frame[1]] or frames
        if ours:
            name, path, line = ours[0]
            found.append(Finding(f"{match['what'].rstrip()} (in {name})", path, line))
    return list({str(finding): finding for finding in found}.values())


def opened(place: str) -> str:
    """A folder of logs in a folder that any user may enter."""
    logs = os.path.join(place, "logs")
    os.mkdir(logs)
    os.chmod(place, 0o755)
    os.chmod(logs, 0o777)
    return logs


def wrapper(ctx: Context, binary: str, logs: str) -> str:
    """A folder like a build's, whose command is the real one under valgrind, which says what it has to say in `logs`."""
    folder = ctx.scratch("valgrind")
    path = os.path.join(folder, "libs", "cli", os.path.basename(binary))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(
            "#!/bin/sh\n" + "exec " + " ".join(OPTIONS) + f' "--log-file={logs}/$(date +%s%N)-$$" \'{binary}\' "$@"\n'
        )
    os.chmod(path, 0o755)
    return folder


def logged(ctx: Context, logs: str) -> list[Finding]:
    """What the wrapped command's runs came to, in one list."""
    texts = []
    for name in sorted(os.listdir(logs)):
        with open(os.path.join(logs, name), encoding="utf-8", errors="replace") as file:
            texts.append(file.read())
    return findings("".join(texts), sources(ctx))
