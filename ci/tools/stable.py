"""CPython's stable ABIs: what a module may ask of the oldest Python that its wheel's tag names."""

from __future__ import annotations

import json
import re

from ci import policy
from ci.tools import csource, environment
from ci.tools.pe import Pe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ci.runner.context import Context
    from ci.tools.images import Image

    Version = tuple[int, int]
    Table = dict[str, tuple[Version, str]]

TOOL = "abi3info"
ASK = """
import json, abi3info
known = {**abi3info.FUNCTIONS, **abi3info.DATAS}
rows = ((s.name, d.added, d.ifdef) for s, d in known.items())
print(json.dumps({name: [[v.major, v.minor], i.doc if i else ""] for name, v, i in rows}))
"""
_PYTHON = re.compile(r"_?Py[A-Z_].*")
_LIBRARY = re.compile(r"(?i)(?:.*/)?(?:lib)?python[\d.]*[dt]*\.(?:dll|dylib|so[\d.]*)|.*\bPython\.framework/.*")
# The oldest Python that has each of them, and the macro that tells the headers which one is meant.
ABIS: dict[str, tuple[Version, str]] = {"abi3": ((3, 2), "Py_LIMITED_API"), "abi3t": ((3, 15), "Py_TARGET_ABI3T")}


def table(ctx: Context) -> Table:
    """Symbol -> the version that brought it, and where it is only there under a condition, which."""
    ctx.toolbox.check([TOOL])
    text = ctx.must([environment.program(ctx.root, "abi", "python"), "-I", "-c", ASK])
    rows = json.loads(text.rstrip().rpartition("\n")[2])
    return {name: (tuple(version), condition) for name, (version, condition) in rows.items()}


def dotted(version: Version) -> str:
    return ".".join(map(str, version))


def floor(tag: str) -> Version:
    """The oldest Python of a tag like cp311."""
    return int(tag[2]), int(tag[3:].rstrip("t"))


def unjudged(oldest: Version, known: Table) -> str:
    """Why the table cannot judge what this Python has; empty when it can."""
    newest = max(version for version, _ in known.values())
    return f"{TOOL} knows Python up to {dotted(newest)}, not {dotted(oldest)}" if newest < oldest else ""


def import_faults(image: Image, oldest: Version, known: Table, abis: Sequence[str]) -> Iterator[str]:
    """What a module asks of Python, and the stable ABIs of its oldest version do not hold."""
    wanted = _asked(image)
    if not wanted:
        yield "asks nothing of Python"
    for abi in abis:
        if oldest < ABIS[abi][0]:
            yield f"promises {abi} of Python {dotted(oldest)}, which begins with {dotted(ABIS[abi][0])}"
    for name in wanted:
        if name.startswith("#"):
            yield f"asks Python for number {name[1:]}, which another version gives to something else"
        elif name not in known:
            yield f"asks for {name}, which is not in the stable ABI"
        elif known[name][0] > oldest:
            yield f"asks for {name} of Python {dotted(known[name][0])}, the tag promises {dotted(oldest)}"
        elif known[name][1]:
            yield f"asks for {name}, which is there only {known[name][1]}"
        elif "abi3t" in abis and re.fullmatch(policy.OF_MODULE_DEFINITIONS, name):
            yield f"asks for {name}, which takes a PyModuleDef: no module can make one in abi3t"


def _asked(image: Image) -> list[str]:
    """The names of Python's: in a PE file all that its library gives, elsewhere those that look like it."""
    if isinstance(image, Pe):
        libraries = (names for library, names in image.imports.items() if _LIBRARY.fullmatch(library))
        return sorted({name for names in libraries for name in names})
    return [name for name in image.wanted if _PYTHON.fullmatch(name)]


def library_faults(image: Image, python: str, abis: Sequence[str]) -> Iterator[str]:
    """Which of Python's libraries a module is linked against; outside Windows none, since Python brings itself."""
    own = (
        f"python{python[2:]}.dll" if not set(abis) & set(ABIS) else "python3t.dll" if "abi3t" in abis else "python3.dll"
    )
    for name in image.needed:
        if not _LIBRARY.fullmatch(name) or (isinstance(image, Pe) and name == own):
            continue
        instead = f": a wheel of this tag takes {own}" if isinstance(image, Pe) else ", which not every Python has"
        yield f"is linked against {name}{instead}"


def export_faults(image: Image, wanted: Iterable[str]) -> Iterator[str]:
    """Names that a binary does not show, and those that it should not."""
    shown, asked = set(image.exported), set(wanted)
    yield from (f"does not export {symbol}" for symbol in sorted(asked - shown))
    yield from (f"exports {symbol}, which is nobody's business" for symbol in sorted(shown - asked))


def definition_faults(cmake: str, oldest: Version, abi: str) -> Iterator[tuple[int, str]]:
    """Line and words where the headers are told another version than the tag promises, or none."""
    macro = ABIS[abi][1]
    said = list(re.finditer(rf"\b{macro}=0x([0-9a-fA-F]{{2}})([0-9a-fA-F]{{2}})0000\b", cmake))
    promise = f"the wheel's tag promises {dotted(oldest)}"
    if not said:
        yield 1, f"defines {macro} as of no version, {promise}"
    for match in said:
        version = int(match[1], 16), int(match[2], 16)
        if version != oldest:
            yield csource.line_of(cmake, match.start()), f"defines {macro} as of {dotted(version)}, {promise}"


def command_fault(words: Sequence[str], oldest: Version, abi: str) -> str:
    """What is wrong with how a file of the extension is compiled: its headers must be told the ABI, and no more.

    Without the definition a macro reads CPython's own structures, and the module asks for no name that would tell.
    """
    macro = ABIS[abi][1]
    told = [word for word in words if re.match(rf"-[DU]{macro}\b", word)]
    if told != [f"-D{macro}=0x{oldest[0]:02x}{oldest[1]:02x}0000"]:
        return f"is compiled with {' '.join(told) or f'no {macro}'}, the wheel's tag promises {dotted(oldest)}"
    inner = [word for word in words if re.match(r"-DPy_(?:BUILD_CORE|DEBUG|TRACE_REFS|REF_DEBUG|GIL_DISABLED)", word)]
    return f"is compiled with {inner[0]}, which is Python's own business" if inner else ""
