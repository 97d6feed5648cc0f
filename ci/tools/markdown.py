"""Reads what a Markdown file claims: links, paths and commands, each with its line."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_FENCE = re.compile(r"^\s*(?:```|~~~)\s*(\w*)")
_SPAN = re.compile(r"(`+)(.+?)\1")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PROMPT = re.compile(r"^\s*(?:\$ )?")
SHELLS = ("sh", "bash", "shell", "console")


def _lines(text: str) -> Iterator[tuple[int, str, str | None]]:
    """Number, line, and the language of the fence that it stands in, if it does."""
    fence: str | None = None
    for number, line in enumerate(text.splitlines(), 1):
        match = _FENCE.match(line)
        if match:
            fence = match[1] if fence is None else None
        else:
            yield number, line, fence


def links(text: str) -> Iterator[tuple[int, str]]:
    """Targets of links within the repository, without anchors."""
    for number, line, fence in _lines(text):
        for target in _LINK.findall(line) if fence is None else ():
            if "://" not in target and not target.startswith(("#", "mailto:")):
                yield number, target.partition("#")[0]


def spans(text: str) -> Iterator[tuple[int, str]]:
    """What stands between backquotes."""
    for number, line, fence in _lines(text):
        if fence is None:
            for _, span in _SPAN.findall(line):
                yield number, span.strip()


def words(text: str) -> Iterator[tuple[int, str]]:
    """Everything in code, by words: spans, and the lines of any fence."""
    for number, line, fence in _lines(text):
        pieces = [line] if fence is not None else [span for _, span in _SPAN.findall(line)]
        for piece in pieces:
            for word in piece.split():
                yield number, word.strip("'\",;:()[]")


def commands(text: str) -> Iterator[tuple[int, list[str]]]:
    """Commands, as words: lines of shell fences, and spans that begin like one."""
    for number, line, fence in _lines(text):
        if fence in SHELLS:
            if fence != "console" or line.lstrip().startswith("$ "):
                for part in re.split(r"&&|\|\||[;|]", _PROMPT.sub("", line.partition(" #")[0])):
                    yield number, part.split()
        elif fence is None:
            for _, span in _SPAN.findall(line):
                yield number, span.split()
