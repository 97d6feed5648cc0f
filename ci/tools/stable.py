"""CPython's stable ABI: what a module may ask of the oldest Python that its wheel's tag names."""

from __future__ import annotations

import json
import re

from ci import policy
from ci.tools import environment
from ci.tools.elf import Elf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ci.runner.context import Context

    Table = dict[str, tuple[tuple[int, int], str]]

TOOL = "abi3info"
ASK = """
import json, abi3info
known = {**abi3info.FUNCTIONS, **abi3info.DATAS}
rows = ((s.name, d.added, d.ifdef) for s, d in known.items())
print(json.dumps({name: [[v.major, v.minor], i.doc if i else ""] for name, v, i in rows}))
"""
_PYTHON = re.compile(r"_?Py[A-Z_].*")


def table(ctx: Context) -> Table:
    """Symbol -> the version that brought it, and where it is only there under a condition, which."""
    ctx.toolbox.check([TOOL])
    text = ctx.must([environment.program(ctx.root, "abi", "python"), "-I", "-c", ASK])
    rows = json.loads(text.rstrip().rpartition("\n")[2])
    return {name: (tuple(version), condition) for name, (version, condition) in rows.items()}


def dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))


def floor(tag: str) -> tuple[int, int]:
    """The oldest Python of a tag like cp311."""
    return int(tag[2]), int(tag[3:].rstrip("t"))


def import_faults(elf: Elf, oldest: tuple[int, int], known: Table) -> Iterator[str]:
    """What a module asks of Python, and the stable ABI of its oldest version does not hold."""
    wanted = [name for name in elf.wanted if _PYTHON.fullmatch(name)]
    if not wanted:
        yield "asks nothing of Python"
    for name in wanted:
        if name not in known:
            yield f"asks for {name}, which is not in the stable ABI"
        elif known[name][0] > oldest:
            yield f"asks for {name} of Python {dotted(known[name][0])}, the tag promises {dotted(oldest)}"
        elif known[name][1]:
            yield f"asks for {name}, which is there only {known[name][1]}"


def export_faults(elf: Elf, name: str) -> Iterator[str]:
    wanted = set(policy.EXPORTS.get(name, ()))
    yield from (f"does not export {symbol}" for symbol in sorted(wanted - set(elf.exported)))
    yield from (f"exports {symbol}, which is nobody's business" for symbol in sorted(set(elf.exported) - wanted))


def definition_faults(cmake: str, oldest: tuple[int, int]) -> Iterator[str]:
    """The headers have to be told the version that the tag promises: by the definition, and by no other."""
    said = re.findall(r"Py_LIMITED_API=0x([0-9a-fA-F]{8})\b", cmake)
    versions = {(int(word[:2], 16), int(word[2:4], 16)) for word in said}
    if versions != {oldest}:
        names = ", ".join(map(dotted, sorted(versions))) or "no version"
        yield f"defines Py_LIMITED_API as of {names}, the wheel's tag promises {dotted(oldest)}"
