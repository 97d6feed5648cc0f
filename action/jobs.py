"""What each value of the input `command` does, and what comes of it."""

from __future__ import annotations

import os

from action.channel import Failure
from action.inputs import Inputs
from action.tool import Refusal, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

DIFFERENCES = ("added", "modified", "deleted")


class Answer:
    """What a command found out. The lists are None where nothing was compared."""

    def __init__(self, command: str, root: str) -> None:
        self.command = command
        self.root = root  # the directory that the paths of the lists are in
        self.manifest = ""
        self.facts: dict[str, object] = {}  # contentHash, manifestHash, fileCount, totalSize
        self.lists: dict[str, list[str]] | None = None
        self.files: list[dict[str, Any]] = []

    @property
    def changed(self) -> bool:
        return self.lists is not None and any(self.lists.values())

    def differ(self, added: list[str], modified: list[str], deleted: list[str]) -> None:
        self.lists = dict(zip(DIFFERENCES, (added, modified, deleted)))

    def learn(self, document: dict[str, Any]) -> None:
        for name in ("contentHash", "manifestHash", "fileCount", "totalSize"):
            self.facts[name] = document[name]

    def headline(self) -> str:
        if self.lists is None:
            return f"{self.facts.get('fileCount', 0)} files"
        return ", ".join(f"{len(self.lists[name])} {name}" for name in DIFFERENCES)

    def outputs(self) -> dict[str, str]:
        counts = {name: str(len(paths)) for name, paths in (self.lists or {}).items()}
        return {
            "manifest": self.manifest,
            "content-hash": str(self.facts.get("contentHash", "")),
            "manifest-hash": str(self.facts.get("manifestHash", "")),
            "file-count": str(self.facts.get("fileCount", 0)),
            "total-size": str(self.facts.get("totalSize", 0)),
            "changed": "" if self.lists is None else str(self.changed).lower(),
            **{name: counts.get(name, "") for name in DIFFERENCES},
        }

    def document(self) -> dict[str, object]:
        return {
            "schema": "template-action/report/1",
            "command": self.command,
            "root": self.root,
            "manifest": self.manifest or None,
            **self.facts,
            "changed": None if self.lists is None else self.changed,
            **{name: None if self.lists is None else self.lists[name] for name in DIFFERENCES},
            "files": self.files,
        }


class Job:
    """One value of `command`: what does it, the inputs that mean something to it, whether a difference fails it."""

    def __init__(
        self,
        do: Callable[[Inputs, Tool, str], Answer],
        takes: Iterable[str],
        *,
        fails: bool = False,
    ) -> None:
        self.do = do
        self.takes = tuple(takes)
        self.fails = fails

    def refuse_foreign(self, inputs: Inputs) -> None:
        """An input that would be ignored is a mistake of the workflow."""
        for name in ("manifest", "base", "include", "exclude", "symlinks", "format"):
            if name not in self.takes and inputs.lines(name):
                raise Failure(f"input {name} means nothing to command {inputs.text('command')}")


def options(inputs: Inputs, *names: str) -> list[str]:
    """Options of the command that have an input of the same name."""
    found = [f"--{name}={line}" for name in names if name in ("include", "exclude") for line in inputs.lines(name)]
    single = [name for name in names if name in ("symlinks", "format") and inputs.text(name)]
    return found + [f"--{name}={inputs.text(name)}" for name in single]


def required(inputs: Inputs, name: str) -> str:
    place = inputs.path(name)
    if not place:
        raise Failure(f"input {name} is empty")
    return place


def readable(name: str, place: str, *, folder: bool = False) -> str:
    """A place to read from: a pipe or a device would never end."""
    if os.path.exists(place) and not (os.path.isfile(place) or (folder and os.path.isdir(place))):
        raise Failure(f"input {name}: {place} is no file" + (" and no directory" if folder else ""), 3)
    return place


def compare(inputs: Inputs, tool: Tool, answer: Answer, old: str, new: str) -> None:
    selected = options(inputs, "include", "exclude", "symlinks")
    found = tool.ask("diff", ["--rehash", *selected], [old, new])
    answer.differ(found["new"], found["modified"], found["deleted"])


def take(inputs: Inputs, tool: Tool, answer: Answer, directory: str) -> None:
    """Takes a snapshot. A manifest given as base is not part of the tree, even where it lies in it."""
    target = inputs.path("manifest") or os.path.join(directory, "manifest.json")
    base = inputs.path("base")
    known = [f"--base={base}", "--rehash"] if os.path.isfile(base) else []
    selected = options(inputs, "include", "exclude", "symlinks", "format")
    answer.learn(tool.ask("snapshot", [f"--output={target}", *known, *selected], [answer.root]))
    answer.manifest = target


def snapshot(inputs: Inputs, tool: Tool, directory: str) -> Answer:
    answer, base = Answer("snapshot", required(inputs, "path")), inputs.path("base")
    if base and not os.path.isfile(base):
        raise Failure("input base names no file", 3)
    take(inputs, tool, answer, directory)
    if base:
        compare(inputs, tool, answer, base, answer.manifest)
    return answer


def diff(inputs: Inputs, tool: Tool, directory: str) -> Answer:
    answer, base = Answer("diff", required(inputs, "path")), readable("base", required(inputs, "base"), folder=True)
    if os.path.isdir(answer.root):
        try:
            take(inputs, tool, answer, directory)
        except Refusal as refusal:
            if refusal.status != "E_EMPTY":
                raise
    elif inputs.text("manifest") or inputs.text("format"):
        raise Failure("inputs manifest and format mean nothing where path is a manifest")
    else:
        answer.manifest = readable("path", answer.root)
        answer.learn(tool.ask("inspect", [], [answer.root]))
    compare(inputs, tool, answer, base, answer.manifest or answer.root)
    return answer


def verify(inputs: Inputs, tool: Tool, directory: str) -> Answer:
    answer = Answer("verify", required(inputs, "path"))
    answer.manifest = readable("manifest", required(inputs, "manifest"))
    found = tool.ask("verify", ["--strict", *options(inputs, "symlinks")], [answer.manifest, answer.root])
    answer.learn(tool.ask("inspect", [], [answer.manifest]))
    answer.differ(found["unexpected"], sorted(found["modified"] + found["typeChanged"]), found["missing"])
    return answer


def hash_files(inputs: Inputs, tool: Tool, directory: str) -> Answer:
    answer, paths = Answer("hash", inputs.workspace), inputs.lines("path")
    if not paths:
        raise Failure("input path is empty")
    found = tool.ask("hash", [], [readable("path", inputs.place(path)) for path in paths])["files"]
    answer.files = [{**file, "path": path} for path, file in zip(paths, found)]
    listing = "".join(f"{file['hash']}  {file['path']}\n" for file in answer.files)
    whole = answer.files[0]["hash"] if len(paths) == 1 else tool.hash_text(listing)
    sizes = [file["size"] for file in answer.files]
    answer.facts = {"contentHash": whole, "fileCount": len(sizes), "totalSize": sum(sizes)}
    return answer


FILTERS = ("include", "exclude", "symlinks", "format")
JOBS = {
    "snapshot": Job(snapshot, ("manifest", "base", *FILTERS)),
    "diff": Job(diff, ("manifest", "base", *FILTERS)),
    "verify": Job(verify, ("manifest", "symlinks"), fails=True),
    "hash": Job(hash_files, ()),
}
