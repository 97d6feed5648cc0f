"""Reads what a Markdown file claims: links, paths and commands, each with its line."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_FENCE = re.compile(r"^\s*(?:```|~~~)\s*(\w*)(.*)")
_SPAN = re.compile(r"(`+)(.+?)\1")
_LINK = re.compile(
    r"\]\(<?(?P<inline>[^)\s>]+)>?(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^)]*\)))?\s*\)"
    r"|^ {0,3}\[[^]]+\]:\s+<?(?P<defined>[^\s>]+)"
    r"|(?<![^\s\"'])(?:href|src|srcset)=[\"'](?P<tag>[^\s\"',]+)"
)
_REFERENCE = re.compile(r"\[(?P<words>[^][]+)\]\[(?P<name>[^][]*)\]")
_DEFINITION = re.compile(r"^ {0,3}\[([^]]+)\]:\s")
_ABSOLUTE = re.compile(r"[A-Za-z][\w+.-]*:")
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
_TITLE = re.compile(r"\[([^]]*)\]\([^)]*\)")  # a link within a heading counts by its words
_PROMPT = re.compile(r"^\s*(?:\$ )?")
SHELLS = ("sh", "console")


def _lines(text: str) -> Iterator[tuple[int, str, str | None]]:
    """Number, line, and the language of the fence that it stands in, if it does."""
    fence: str | None = None
    for number, line in enumerate(text.splitlines(), 1):
        match = _FENCE.match(line)
        if match:
            fence = match[1] if fence is None else None
        else:
            yield number, line, fence


def _linked(text: str) -> Iterator[tuple[int, str]]:
    """Where the links outside fences and code lead, also those of definitions and of HTML's tags."""
    for number, line, fence in _lines(text):
        for match in _LINK.finditer(_SPAN.sub("", line)) if fence is None else ():
            yield number, match["inline"] or match["defined"] or match["tag"]


def targets(text: str) -> Iterator[tuple[int, str, str]]:
    """Path and anchor of each link within the repository; the path is empty within the document."""
    for number, target in _linked(text):
        if not _ABSOLUTE.match(target):
            path, _, anchor = target.partition("#")
            yield number, path, anchor


def urls(text: str) -> Iterator[tuple[int, str]]:
    """Links out of the repository."""
    return ((number, target) for number, target in _linked(text) if _ABSOLUTE.match(target))


def undefined(text: str) -> Iterator[tuple[int, str]]:
    """Names by which links refer to a definition that is not there."""
    plain = [(number, line) for number, line, fence in _lines(text) if fence is None]
    defined = {match[1].lower() for _, line in plain if (match := _DEFINITION.match(line))}
    for number, line in plain:
        for match in _REFERENCE.finditer(_SPAN.sub("", line)):
            name = match["name"] or match["words"]
            if name.lower() not in defined:
                yield number, name


def links(text: str) -> Iterator[tuple[int, str]]:
    """Paths of links to other files of the repository."""
    for number, path, _ in targets(text):
        if path:
            yield number, path


def anchors(text: str) -> set[str]:
    """What a link can point to within a document: its headings, as GitHub spells them."""
    found: set[str] = set()
    for _, line, fence in _lines(text):
        heading = _HEADING.match(line) if fence is None else None
        if heading:
            words = re.sub(r"[^\w\- ]", "", _TITLE.sub(r"\1", heading[1]).lower()).replace(" ", "-")
            again = sum(1 for slug in found if re.fullmatch(rf"{re.escape(words)}(?:-\d+)?", slug))
            found.add(f"{words}-{again}" if words in found else words)
    return found


class Block:
    """A fenced block: the line of its fence, its language, the other words behind it, and its lines."""

    def __init__(self, line: int, language: str, words: str) -> None:
        self.line = line
        self.language = language
        self.words = words.split()
        self.lines: list[str] = []


def blocks(text: str) -> Iterator[Block]:
    block: Block | None = None
    for number, line in enumerate(text.splitlines(), 1):
        match = _FENCE.match(line)
        if match and block is None:
            block = Block(number, match[1], match[2])
        elif match and block:
            yield block
            block = None
        elif block:
            block.lines.append(line)
    if block:
        yield block


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
