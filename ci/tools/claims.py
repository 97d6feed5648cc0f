"""Whether what a document claims is there: paths, links, and commands of this project."""

from __future__ import annotations

import fnmatch
import json
import os
import re

from ci import policy
from ci.runner import registry
from ci.runner.main import COMMANDS, GROUPS, WORDS_OF
from ci.tools import markdown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ci.runner.tree import Tree

_PLAIN = re.compile(r"[\w./-]+")
_PLACEHOLDER = re.compile(r"(?<![A-Za-z])(?:NAME|FILE|DIR|PATH|GATE)(?![A-Za-z])")
_URL = re.compile(r"https://[\w-]+(\.[\w-]+)+(:\d+)?([/?#]\S*)?|mailto:[^@\s]+@[\w.-]+")
_SOURCE = re.compile(r".*[\w]\.(?:py|pyi|c|h|md|toml|cmake|sh|yml)")


class Known:
    """What there is to name."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.files = set(tree.paths())
        self.folders = {"."}
        for path in self.files:
            while path := os.path.dirname(path):
                self.folders.add(path)
        self.gates = {*registry.names(), *COMMANDS, *GROUPS}
        sources = tree.glob("libs/cli/src/cmd_*.c")
        self.subcommands = {os.path.basename(p)[4:-2].replace("_", "-") for p in sources}
        text = tree.text("CMakePresets.json") if "CMakePresets.json" in self.files else "{}"
        presets = json.loads(text).get("configurePresets", [])
        self.presets = {preset["name"] for preset in presets}

    def holds(self, place: str) -> bool:
        return place in self.files or place in self.folders

    def path(self, name: str, folder: str) -> bool:
        """Whether it is there, seen from the folder or from the root; with a placeholder, whether one like it is."""
        wanted = _PLACEHOLDER.sub("*", name)
        places = [os.path.normpath(os.path.join(base, wanted)) for base in (folder, "")]
        if wanted == name:
            return any(map(self.holds, places))
        return any(fnmatch.filter(known, place) for place in places for known in (self.files, self.folders))

    def is_claim(self, word: str, folder: str) -> bool:
        """Whether a word means a file of ours: it begins where one of our folders does, or looks like a source."""
        if not _PLAIN.fullmatch(word) or word.startswith(("/", "-")):
            return False
        first = os.path.normpath(word).split("/")[0]
        if first in policy.GENERATED or first == ".." or _PLACEHOLDER.search(first):
            return False
        below = "/" in word.strip("/") and self.path(first, folder)
        return below or bool(_SOURCE.fullmatch(word))


def faults(text: str, folder: str, known: Known) -> Iterator[tuple[int, str]]:
    """Line and words for each claim that does not hold."""
    for line, word in markdown.words(text):
        if known.is_claim(word, folder) and not known.path(word, folder):
            yield line, f"{word} does not exist"
    for line, words in markdown.commands(text):
        fault = command_fault(words, known)
        if fault:
            yield line, fault


def lost_links(path: str, text: str, known: Known) -> Iterator[tuple[int, str]]:
    """Line and words for each link that leads nowhere. Links begin at the document's folder, unlike names in code."""
    folder = os.path.dirname(path)
    for line, target, anchor in markdown.targets(text):
        where = os.path.normpath(os.path.join(folder, target)) if target else path
        if not known.holds(where):
            yield line, f"link to {target}, which does not exist" + (f" in {folder}" if known.holds(target) else "")
        elif anchor and where in known.files and where.endswith(".md"):
            headings = markdown.anchors(known.tree.text(where) if target else text)
            if anchor not in headings:
                yield line, f"link to #{anchor}: {where} has no heading of that name"
    for line, url in markdown.urls(text):
        if not _URL.fullmatch(url):
            yield line, f"link to {url}: no address that begins with https:// and a host"
    for line, name in markdown.undefined(text):
        yield line, f"[{name}] is defined nowhere"


def command_fault(words: Sequence[str], known: Known) -> str:
    if len(words) < 2:
        return ""
    own = words[1 : words.index("--")] if "--" in words else words[1:]  # the rest is the gate's
    program, plain = words[0], [word for word in own if re.fullmatch(r"[a-z][\w-]*", word)]
    if program == "./ci.sh":
        wrong = [name for name in plain if name not in (*known.gates, *WORDS_OF.get(plain[0], ()))]
        return f"./ci.sh {wrong[0]}: no such gate or command" if wrong else ""
    if program == policy.COMMAND and known.subcommands and plain[:1] == list(words[1:2]):
        wrong = [name for name in plain[:1] if name not in known.subcommands]
        return f"{policy.COMMAND} {wrong[0]}: no such command" if wrong else ""
    if program in ("cmake", "ctest") and "--preset" in words[:-1]:
        preset = words[words.index("--preset") + 1]
        return f"no preset {preset}" if preset not in known.presets else ""
    return ""


def children(folder: str, known: Known) -> list[str]:
    """What a folder's README has to name: all that lies in it; in the root, the folders."""
    wanted = {f for f in known.folders if os.path.dirname(f) == folder and f != "."}
    if folder:
        wanted |= {f for f in known.files if os.path.dirname(f) == folder}
    names = {os.path.basename(path) for path in wanted}
    return sorted(n for n in names if n not in policy.README_UNLISTED and not n.startswith("."))


def unlisted(text: str, folder: str, known: Known) -> list[str]:
    """Of what a README has to name, what it does not; `test_*.py` names many."""
    said = {os.path.basename(word.rstrip("/")) for _, word in markdown.words(text)}
    said |= {os.path.basename(target.rstrip("/")) for _, target in markdown.links(text)}
    return [n for n in children(folder, known) if not any(fnmatch.fnmatch(n, s) for s in said)]
