"""Requirements: what a `.in` file asks for, and the `.txt` beside it that pins it by hash."""

from __future__ import annotations

import operator
import os
import re

from ci.runner.model import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from ci.runner.tree import Tree

ASKING = ("**/*requirements*.in", "**/requirements/*.in")
PINNED = ("**/*requirements*.txt", "**/requirements/*.txt")
_COMPILE = ("pip", "compile", "-q", "--universal", "--generate-hashes", "--no-header", "--no-annotate")
_NAME = r"(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^]]*\])?"
_ASKED = re.compile(_NAME + r"\s*(?P<ranges>[^;#]*)")
_RANGE = re.compile(r"(==|!=|>=|<=|<|>)\s*([\w.]+?)(\.\*)?")
_PINNED = re.compile(_NAME + r"==(?P<version>[\w.!+-]+)(?: ; [^\\]+?)?(?P<more> \\)?")
_HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?P<more> \\)?")
_OPTIONS = re.compile(r"# uv pip compile:(.*)")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    "<": operator.lt,
    ">": operator.gt,
}


class Pin:
    """A version of a package, in a line of a `.txt`."""

    def __init__(self, line: int, version: str) -> None:
        self.line = line
        self.version = version


def normal(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def options(asking: str) -> list[str]:
    """What a `.in` wants uv to be told, from its line `# uv pip compile: ...`."""
    match = _OPTIONS.search(asking)
    return match[1].split() if match else []


def asked(asking: str) -> Iterator[tuple[int, str, str]]:
    """Line, name and version ranges of each requirement of a `.in`."""
    for number, line in enumerate(asking.splitlines(), 1):
        match = _ASKED.match(line)
        if match:
            yield number, match["name"], match["ranges"].strip()


def pins(path: str, text: str) -> tuple[dict[str, list[Pin]], list[Finding]]:
    """The packages that a `.txt` pins, and what is not a version with its hashes."""
    found: dict[str, list[Pin]] = {}
    faults: list[Finding] = []
    hashes_due, pinned = False, None
    for number, line in enumerate(text.splitlines(), 1):
        digest = _HASH.fullmatch(line)
        match = None if digest else _PINNED.fullmatch(line)
        if hashes_due and not digest:
            faults.append(Finding("a hash has to follow", path, number - 1))
        if digest and pinned is None:
            faults.append(Finding("a hash of nothing", path, number))
        if match:
            pinned = Pin(number, match["version"])
            found.setdefault(normal(match["name"]), []).append(pinned)
            if not match["more"]:
                faults.append(Finding(f"{match['name']} has no hash", path, number))
        elif not digest:
            faults.append(Finding(f"no version with its hashes: {line.strip()[:60]}", path, number))
        held = digest or match
        hashes_due = bool(held and held["more"])
    if hashes_due:
        faults.append(Finding("a hash has to follow", path, len(text.splitlines())))
    return found, faults


def fits(version: str, ranges: str) -> bool:
    """Whether a version is within ranges such as `>=1.1, <2` or `==23.*`."""
    return all(_in_range(version, *match.groups()) for match in map(_RANGE.fullmatch, _split(ranges)) if match)


def _split(ranges: str) -> list[str]:
    return [part.strip() for part in ranges.split(",") if part.strip()]


def _in_range(version: str, sign: str, limit: str, star: str | None) -> bool:
    ours, other = _numbers(version), _numbers(limit)
    if star:
        ours = ours[: len(other)]
    width = max(len(ours), len(other))
    return _COMPARE[sign](*(numbers + (0,) * (width - len(numbers)) for numbers in (ours, other)))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(digits) for digits in re.findall(r"\d+", version))


def judge(path: str, asking: str, text: str | None) -> list[Finding]:
    """What is wrong with a `.in` and its `.txt`."""
    target = target_of(path)
    if text is None:
        return [Finding(f"{target}, which pins this, is missing", path)]
    held, found = pins(target, text)
    for line, name, ranges in asked(asking):
        wrong = [part for part in _split(ranges) if not _RANGE.fullmatch(part)]
        if wrong:
            found.append(Finding(f"no range of versions: {wrong[0]}", path, line))
        elif normal(name) not in held:
            found.append(Finding(f"{target} does not pin {name}", path, line))
        for pin in held.get(normal(name), []):
            if not wrong and not fits(pin.version, ranges):
                found.append(Finding(f"{name} is pinned to {pin.version}, asked for is {ranges}", target, pin.line))
    return found


def asking(tree: Tree) -> list[str]:
    return tree.glob(*ASKING)


def target_of(path: str) -> str:
    return path[: -len("in")] + "txt"


def alone(tree: Tree) -> list[str]:
    """Pins that nothing asks for."""
    known = set(map(target_of, asking(tree)))
    return [path for path in tree.glob(*PINNED) if path not in known]


def faults(tree: Tree, path: str) -> list[Finding]:
    """What is wrong with the `.in` file at a path and its `.txt`."""
    target = target_of(path)
    return judge(path, tree.text(path), tree.text(target) if tree.glob(target) else None)


def command(path: str, asking: str, more: Sequence[str]) -> tuple[str, list[str]]:
    """Where to run uv, and its arguments, to pin what a `.in` file asks for."""
    folder, name = os.path.split(path)
    own = options(asking)
    python = [] if "--python-version" in own else ["--python-version", "3.9"]
    return folder, [*_COMPILE, *python, *own, *more, name, "-o", target_of(name)]
