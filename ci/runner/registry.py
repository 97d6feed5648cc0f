"""Finds gates: a gate is a file in ci/gates/, loaded when it is asked for."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ci.runner.model import Gate


_loaded: dict[str, Gate] = {}


class Unknown(Exception):
    """No gate of that name; says which ones come close."""


def names() -> list[str]:
    import ci.gates

    folder = os.path.dirname(os.path.abspath(ci.gates.__file__))
    files = (name[:-3] for name in os.listdir(folder) if name.endswith(".py"))
    return sorted(name for name in files if not name.startswith("_"))


def load(name: str) -> Gate:
    if name not in _loaded:
        if name not in names():
            import difflib

            close = difflib.get_close_matches(name, names(), n=1)
            raise Unknown(f"no gate {name!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
        _loaded[name] = _import(name)
        _loaded[name].name = name
    return _loaded[name]


def _import(name: str) -> Gate:
    from ci.runner.model import Finding, Gate

    try:
        gate: Gate = __import__(f"ci.gates.{name}", fromlist=["GATE"]).GATE
    except Exception as error:  # one gate's defect must not keep the others from their work
        finding = Finding(f"cannot be loaded: {error!r}", f"ci/gates/{name}.py")
        gate = Gate("cannot be loaded", lambda ctx: [finding], inputs=["ci/gates/**"], mutations=[])
    return gate


def with_needs(wanted: Iterable[str]) -> dict[str, Gate]:
    """The gates and all they need, in an order in which needs come first."""
    gates: dict[str, Gate] = {}

    def add(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise ValueError(f"gates need each other in a circle: {' -> '.join((*above, name))}")
        if name not in gates:
            gate = load(name)
            for need in gate.needs:
                add(need, (*above, name))
            gates[name] = gate

    for name in wanted:
        add(name, ())
    return gates


def building(gates: Mapping[str, Gate]) -> set[str]:
    """Those that work in the folders of build that runs share."""
    found: set[str] = set()
    for name, gate in gates.items():  # needs come first
        if gate.builds or not found.isdisjoint(gate.needs):
            found.add(name)
    return found
