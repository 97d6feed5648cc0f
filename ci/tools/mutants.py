"""Small faults for C sources: each mutant changes one place of one function body."""

from __future__ import annotations

import random
import re

from ci.tools import csource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BODY = re.compile(r"^[A-Za-z_][^;={}]*\{\n(.*?)^\}", re.M | re.S)
# Not for the C tests to notice: what is taken out of coverage with its reason, constants in tables, sizes of arrays, and
# locks (the gate threads looks at those).
_SKIPPED = re.compile(
    r"^\s*(?:#|assert\(|_Static_assert|case |static const|const .*\[\]|[a-z][\w *]*\w\[\w+\](?: = .*)?;)|tpl__(?:mutex|cond)_"
)
_TAKEN_OUT = re.compile(r"_EXCL_START.*?_EXCL_STOP|[^\n]*_EXCL_(?:BR_)?LINE", re.S)
_CONDITION = re.compile(r"\b(?:if|while) \(")
_NUMBER = re.compile(r"(?<![\w.])(\d+)(?![\w.])")
_DECLARED = re.compile(r"\s*(?:return|goto|break|continue|else|do|case|default|typedef|static|const|struct|enum)\b")
_STATEMENT = re.compile(
    r"(?m)^( +)((?:\(void\))?[*(]*[A-Za-z_][\w.>\[\]*()-]*(?:\([^;{}]*\)| [-+|&]?= [^;{}]+|\+\+|--));$"
)

# What is written instead of an operator. The spaces are clang-format's, which tell a product from a pointer.
SWAPS = {
    " < ": " <= ",
    " <= ": " < ",
    " > ": " >= ",
    " >= ": " > ",
    " == ": " != ",
    " != ": " == ",
    " && ": " || ",
    " || ": " && ",
    " + ": " - ",
    " - ": " + ",
    " * ": " / ",
    " / ": " * ",
    " % ": " / ",
    " & ": " | ",
    " | ": " & ",
    " << ": " >> ",
    " >> ": " << ",
    " += ": " -= ",
    " -= ": " += ",
    "++": "--",
    "--": "++",
    " true": " false",
    " false": " true",
}
_OPERATOR = re.compile("|".join(re.escape(text) for text in sorted(SWAPS, key=len, reverse=True)) + r"(?!\w)")


class Mutant:
    """A piece of a file, and what takes its place."""

    def __init__(self, path: str, text: str, start: int, old: str, new: str) -> None:
        self.path = path
        self.line = csource.line_of(text, start)
        self.context = text.splitlines()[self.line - 1].strip()
        self.start = start
        self.old = old
        self.new = new

    def applied(self, text: str) -> str:
        return text[: self.start] + self.new + text[self.start + len(self.old) :]

    def __str__(self) -> str:
        was, now = (" ".join(part.split()) for part in (self.old, self.new))
        return f"`{was}` -> `{now}` in `{self.context}`" if now else f"`{was}` left out"


def of_file(path: str, text: str) -> list[Mutant]:
    """Every mutant of a source file, in order of place."""
    code = csource.bare(text)
    out = [match.span() for match in _TAKEN_OUT.finditer(text)]
    found: dict[tuple[int, str], Mutant] = {}
    for body in _BODY.finditer(code):
        for start, old, new in _places(code, text, *body.span(1)):
            if any(begin <= start < end for begin, end in out):
                continue
            if not _SKIPPED.search(text[text.rfind("\n", 0, start) + 1 : text.find("\n", start)]):
                found.setdefault((start, new), Mutant(path, text, start, old, new))
    return [found[key] for key in sorted(found)]


def _places(code: str, text: str, begin: int, end: int) -> Iterator[tuple[int, str, str]]:
    for match in _OPERATOR.finditer(code, begin, end):
        yield match.start(), match[0], SWAPS[match[0]]
    for match in _NUMBER.finditer(code, begin, end):
        yield match.start(), match[0], str(int(match[0]) + 1)
    for match in _CONDITION.finditer(code, begin, end):
        close = _closing(code, match.end() - 1)
        inner = text[match.end() : close]
        yield match.end(), inner, f"!({inner})"
    for match in _STATEMENT.finditer(code, begin, end):
        if not _DECLARED.match(match[0]):
            yield match.start(2), text[match.start(2) : match.end(2)], ""


def _closing(code: str, start: int) -> int:
    """Where the bracket at `start` is closed."""
    depth = 0
    for at in range(start, len(code)):
        depth += {"(": 1, ")": -1}.get(code[at], 0)
        if depth == 0:
            return at
    return len(code)


def sample(mutants: Iterable[Mutant], count: int, seed: int) -> list[Mutant]:
    """So many of them, the same for the same seed; 0 takes all."""
    every = list(mutants)
    chosen = every if count in (0, len(every)) or count > len(every) else random.Random(seed).sample(every, count)
    return sorted(chosen, key=lambda mutant: (mutant.path, mutant.start))
