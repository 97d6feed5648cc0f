"""Which commands and options of the tool the Action's scripts use, found by having them do each job."""

from __future__ import annotations

import os
import re
import shutil
import tempfile

from ci import policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from ci.runner.context import Context

FLAGS = ("include", "exclude", "symlinks", "format")  # inputs that hand their value to an option of their name
VALUES = {"include": "**", "exclude": "none", "symlinks": "skip", "format": "2023-03-03"}
LIST = re.compile(r'description: "What to do: ([\w, ]+)\."')


def observe(ctx: Context, command: str) -> tuple[dict[str, set[tuple[str, str]]], dict[str, str]]:
    """Does every job with every input that it takes. Per job: its calls; per job that failed: why."""
    from action import jobs
    from action.channel import Channel, Failure
    from action.inputs import Inputs
    from action.tool import Tool

    calls: dict[str, set[tuple[str, str]]] = {}
    failed: dict[str, str] = {}

    class Recorder(Tool):
        def _run(self, argv: list[str], text: bytes) -> dict[str, Any]:
            options = [word.partition("=")[0] for word in argv[2 : argv.index("--")]]
            calls[name] |= {(argv[1], option) for option in ["", *options]}
            return super()._run(argv, text)

    with tempfile.TemporaryDirectory(prefix="action-calls-") as place:
        prepare(ctx, place, command)
        tool = Recorder(place, Channel({}))
        for name, job in jobs.JOBS.items():
            calls[name] = set()
            for given in variants(name, job.takes):
                environ = {f"IN_{key.upper()}": text for key, text in {"command": name, **given}.items()}
                try:
                    job.do(Inputs({**environ, "GITHUB_WORKSPACE": place}), tool, place)
                except Failure as failure:
                    failed[name] = str(failure)
    return calls, failed


def prepare(ctx: Context, place: str, command: str) -> None:
    for folder in ("bin", "tree"):
        os.mkdir(os.path.join(place, folder))
    shutil.copy(command, os.path.join(place, "bin", policy.COMMAND))
    with open(os.path.join(place, "tree", "file"), "w", encoding="utf-8") as file:
        file.write("x\n")
    ctx.must([command, "snapshot", "tree", "-o", "base.json"], cwd=place)


def variants(name: str, takes: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Inputs for a job: all that it takes, and for a diff also a manifest in the tree's place."""
    given = {key: text for key, text in VALUES.items() if key in takes}
    if name == "hash":
        yield {"path": "tree/file\nbase.json"}
    elif name == "verify":
        yield {**given, "path": "tree", "manifest": "base.json"}
    else:
        yield {**given, "path": "tree", "base": "base.json", "manifest": "new.json"}
    if name == "diff":
        yield {"path": "base.json", "base": "tree"}


class Surface:
    """What `template-cli surface` lists."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        commands = document["commands"]
        self.options = {c["name"]: {name for o in c["options"] for name in o["names"]} for c in commands}

    def faults(self, name: str, used: set[tuple[str, str]], takes: tuple[str, ...]) -> Iterator[str]:
        """What is wrong with a job: calls that cannot be, and options of its commands that no input leads to."""
        for command, option in sorted(used):
            if command not in self.options:
                yield f"{name} calls template-cli {command}, which is no command"
            elif option and option not in self.options[command]:
                yield f"{name} calls template-cli {command} {option}, which is no option"
        for flag in FLAGS:
            of = sorted(command for command, _ in used if f"--{flag}" in self.options.get(command, ()))
            if of and flag not in takes:
                yield f"{name} does not take input {flag}, though template-cli {of[0]} has --{flag}"
            if flag in takes and not any(option == f"--{flag}" for _, option in used):
                yield f"{name} takes input {flag} and makes nothing of it"


def told(text: str) -> dict[str, set[str]]:
    """What a document's table says: job -> inputs that it takes."""
    rows = re.findall(r"^\| `([a-z]+)` \|[^|\n]*\|([^|\n]*)\|[^|\n]*\|$", text, re.M)
    return {name: set(re.findall(r"`([\w-]+)`", cell)) for name, cell in rows}


def table_faults(document: Mapping[str, set[str]], takes: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Words to find the place by, and how the table differs from the jobs."""
    for name in sorted({*document, *takes}):
        is_so, said = {"path", *takes.get(name, ())}, document.get(name, set())
        if name not in document or name not in takes:
            yield f"| `{name}` |", f"command {name} is told or done, not both"
        elif is_so != said:
            yield f"| `{name}` |", f"command {name} takes {', '.join(sorted(is_so))}, not {', '.join(sorted(said))}"


def file_faults(text: str, jobs: list[str], surface: Surface) -> Iterator[tuple[str, str]]:
    """Words to find the place by, and what the Action's file says of commands and options that is not so."""
    match = LIST.search(text)
    listed = re.split(r", | or ", match[1]) if match else []
    if listed != jobs:
        yield "What to do:", f"input command is told to be {listed}, and is {jobs}"
    known = {option for options in surface.options.values() for option in options}
    for option in sorted(set(re.findall(r"--[a-z][\w-]*", text)) - known):
        yield option, f"{option} is no option of {policy.COMMAND}"
