"""Which gates a change concerns: those that read a changed file, and those that these need."""

from __future__ import annotations

from ci import policy
from ci.runner.process import output
from ci.runner.tree import matcher

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ci.runner.model import Gate


def paths(root: str, since: str) -> list[str]:
    """What differs from a commit: committed since then, edited, new and not ignored."""
    tracked = output(["git", "diff", "--name-only", "-z", "--no-renames", since, "--"], root)
    new = output(["git", "ls-files", "-z", "--others", "--exclude-standard"], root)
    return sorted({path for path in (tracked + new).split("\0") if path})


def concerned(gate: Gate, changed: Iterable[str]) -> bool:
    """A change of what all gates are made of concerns every gate."""
    reads = matcher([*gate.inputs, f"ci/gates/{gate.name}.py", *policy.EVERY_GATE])
    return any(reads.fullmatch(path) for path in changed)


def unneeded(gates: Mapping[str, Gate], changed: list[str]) -> list[str]:
    """The gates that may be left out."""
    needed: set[str] = set()
    for name in reversed(list(gates)):  # those that need others come after these
        if name in needed or concerned(gates[name], changed):
            needed |= {name, *gates[name].needs}
    return [name for name in gates if name not in needed]
