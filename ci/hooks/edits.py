"""Whether an edit may be made: what the file would be, asked of the gates that ask it of all files."""

from __future__ import annotations

import os
import re

from ci.gates import loc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

_SECTION = re.compile(r"^\*\*\* (Add|Update|Delete) File: (.+)\n((?:(?!\*\*\* (?:Add|Update|Delete|End)).*\n?)*)", re.M)


def place(root: str, name: str) -> str:
    """Where a file really lies, from the root, whatever links its name goes through."""
    path = os.path.relpath(os.path.realpath(os.path.join(root, name)), os.path.realpath(root))
    return path.replace(os.sep, "/")


def read(root: str, path: str) -> str:
    try:
        with open(os.path.join(root, path), encoding="utf-8", errors="replace", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def written(root: str, tool: str, given: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Path from the root, text before and text after, of each file that a tool is about to write."""
    if tool == "apply_patch":
        yield from patched(root, given.get("command") or given["input"])
        return
    path = place(root, given.get("file_path") or given["notebook_path"])
    before = after = read(root, path)
    if tool == "Write":
        after = given["content"]
    for edit in given["edits"] if tool == "MultiEdit" else [given] if tool == "Edit" else []:
        count = -1 if edit.get("replace_all") else 1
        after = after.replace(edit["old_string"], edit["new_string"], count) if before else edit["new_string"]
    yield path, before, after


def patched(root: str, patch: str) -> Iterator[tuple[str, str, str]]:
    sections = _SECTION.findall(patch)
    if not sections:
        raise ValueError("a patch without a file")
    for kind, name, body in sections:
        path = place(root, name.strip())
        before = read(root, path)
        if kind == "Add":
            yield path, before, "".join(line[1:] + "\n" for line in body.splitlines() if line.startswith("+"))
        elif kind == "Update":
            moved = re.match(r"\*\*\* Move to: (.+)\n", body)
            yield (place(root, moved[1].strip()) if moved else path), before, _updated(before, body)


def _updated(text: str, body: str) -> str:
    for hunk in re.split(r"^@@.*\n", body, flags=re.M):
        lines = [line for line in hunk.splitlines() if not line.startswith("***")]
        old = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
        new = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("-"))
        if old and old not in text:
            raise ValueError("a patch that does not fit its file")
        text = text.replace(old, new, 1) if old else text + new
    return text


def refusal(root: str, path: str, before: str, after: str) -> str:
    """Why an edit may not be made; empty when it may. What was wrong before may stay, but not grow."""
    if path.startswith("../"):
        return ""
    worse = after.count("\n") > before.count("\n")
    found = [str(finding) for finding in loc.judge(path, after)] if worse else []
    if path.endswith(".md"):
        from ci.gates import links, readme
        from ci.runner.tree import Tree
        from ci.tools import claims

        known = claims.Known(Tree(root))
        known.files.add(path)
        for gate in (links, readme) if os.path.basename(path) == "README.md" else (links,):
            old = {finding.message for finding in gate.judge(path, before, known)}
            found += [str(finding) for finding in gate.judge(path, after, known) if finding.message not in old]
    return "; ".join(found)
