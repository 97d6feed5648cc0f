"""Reads object files: what they define, in which section, visible to whom."""

from __future__ import annotations

import json
import os
import re
import shlex

from ci import policy
from ci.runner.model import Broken, Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# A line of `objdump -t`: value, seven flag characters, section, size, name.
_ENTRY = re.compile(r"^[0-9a-f]+ (.{7}) (\S+)\t[0-9a-f]+ (?:\.\w+ )?(\S+)$", re.M)


def commands(root: str, folder: str) -> dict[str, list[str]]:
    """Source file -> the words that compile it, as a build folder lists them; the object's path is whole."""
    listing = os.path.join(folder, "compile_commands.json")
    with open(listing, encoding="utf-8") as file:
        found = json.load(file)
    pairs = {}
    for unit in found:
        words = shlex.split(unit["command"])
        built = words.index("-o") + 1
        words[built] = os.path.join(unit["directory"], words[built])
        pairs[os.path.relpath(unit["file"], root)] = words
    if all(path.startswith("..") for path in pairs):  # who judges what is compiled would judge nothing
        raise Broken([Finding(f"lists no source below {root}", os.path.relpath(listing, root))])
    return pairs


def units(root: str, folder: str) -> dict[str, str]:
    """Source file -> object file."""
    return {path: words[words.index("-o") + 1] for path, words in commands(root, folder).items()}


def writable(table: str) -> Iterator[tuple[str, str]]:
    """Variables that can be written to, and their section."""
    for flags, section, name in _ENTRY.findall(table):
        if "O" in flags and re.fullmatch(policy.WRITABLE_SECTION, section):
            yield name.partition(".")[0], section


def global_functions(table: str) -> Iterator[str]:
    for flags, _, name in _ENTRY.findall(table):
        if flags[0] == "g" and "F" in flags:
            yield name
