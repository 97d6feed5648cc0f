"""Reads C as text: without comments and literals, function by function."""

from __future__ import annotations

import os
import re

from ci import bans

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_NOISE = re.compile(
    r"""(?P<include>^[ \t]*\#[ \t]*include[^\n]*)|/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""",
    re.S | re.M,
)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"', re.M)
_LABEL = re.compile(r"^ {0,8}(?!default\b)([A-Za-z_]\w*):[ \t]*$", re.M)
_FUNCTION_END = re.compile(r"^}", re.M)


def bare(text: str) -> str:
    """The text with comments and literals blanked, so that what is left is code, at its place."""

    def blank(match: re.Match[str]) -> str:
        if match["include"]:
            return match[0]
        return re.sub(r"[^\n]", " ", match[0])

    return _NOISE.sub(blank, text)


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def line_with(text: str, name: str) -> int:
    """Where the code first says a name; 0 where a macro makes it."""
    named = re.search(rf"\b{re.escape(name)}\b", bare(text))
    return line_of(text, named.start()) if named else 0


def quoted_includes(text: str) -> Iterator[tuple[str, int]]:
    for match in _INCLUDE.finditer(text):
        yield match[1], line_of(text, match.start(1))


def labels(text: str) -> Iterator[tuple[str, int, int]]:
    """Each label: its name, its line, and how many its function had before it."""
    code = bare(text)
    ends = [match.start() for match in _FUNCTION_END.finditer(code)]
    counts: dict[int, int] = {}
    for match in _LABEL.finditer(code):
        function = sum(end < match.start() for end in ends)
        yield match[1], line_of(code, match.start(1)), counts.get(function, 0)
        counts[function] = counts.get(function, 0) + 1


def stray_labels(text: str) -> Iterator[tuple[str, int]]:
    """Labels beyond the one `done` that a function may have."""
    for name, line, before in labels(text):
        if name != "done" or before:
            yield name, line


def strays(path: str, text: str, headers: list[str]) -> Iterator[tuple[str, int]]:
    """Headers that a file includes though its folder may not reach them."""
    here = os.path.dirname(path)
    home = max((f for f in bans.INCLUDES if path.startswith(f + "/")), key=len, default="")
    allowed = tuple(folder + "/" for folder in bans.INCLUDES.get(home, (here,)))
    for name, line in quoted_includes(text):
        plain = os.path.normpath(os.path.join(here, name)) if ".." in name else name
        led = [h for h in headers if h == plain or h.endswith("/" + plain)]
        if led and not any(h.startswith(allowed) for h in led):
            yield led[0], line
