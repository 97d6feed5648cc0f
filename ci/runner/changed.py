"""Which gates have to be asked: not those that read nothing that changed, or whose pass is kept."""

from __future__ import annotations

from ci import policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ci.runner.model import Gate


def paths(root: str, since: str) -> list[str]:
    """What differs from a commit: committed since then, edited, new and not ignored."""
    from ci.runner.process import output

    tracked = output(["git", "diff", "--name-only", "-z", "--no-renames", since, "--"], root)
    new = output(["git", "ls-files", "-z", "--others", "--exclude-standard"], root)
    return sorted({path for path in (tracked + new).split("\0") if path})


def reads(gate: Gate) -> list[str]:
    """The files that a gate's answer is made from. What all gates are made of concerns every gate."""
    return [*gate.inputs, f"ci/gates/{gate.name}.py", *policy.EVERY_GATE]


def allowed(gates: Mapping[str, Gate], name: str) -> list[str]:
    """The files that a gate may look at: those of what it needs, too."""
    patterns = reads(gates[name])
    for need in gates[name].needs:
        patterns += allowed(gates, need)
    return list(dict.fromkeys(patterns))


def unconcerned(gates: Mapping[str, Gate], changed: Iterable[str], since: str) -> dict[str, str]:
    """The gates that a change does not reach, and what to say of them."""
    from ci.runner.tree import matcher

    found = {}
    for name in gates:
        look = matcher(allowed(gates, name))
        if not any(look.fullmatch(path) for path in changed):
            found[name] = f"nothing that it reads differs from {since}"
    return found


def unneeded(gates: Mapping[str, Gate], asked: Collection[str], reasons: Mapping[str, str]) -> dict[str, str]:
    """The gates to leave out, and why: what is asked and has no reason runs, with all that it needs."""
    needed: set[str] = set()
    for name in reversed(list(gates)):  # those that need others come after these
        if name in needed or (name in asked and name not in reasons):
            needed |= {name, *gates[name].needs}
    return {name: reasons.get(name, "nothing here needs it") for name in gates if name not in needed}
