"""`./ci.sh doctor`: which tools are there, which are not, and how to get those; `--fix` gets them."""

from __future__ import annotations

from ci.runner import registry
from ci.tools import environment, system, toolbox

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ci.runner.context import Context


def tools() -> list[str]:
    """All that any gate asks for."""
    gates = [registry.load(name) for name in registry.names()]
    return sorted({"git", *(tool for gate in gates for tool in gate.tools)})


def run(ctx: Context, fix: bool) -> int:
    if fix:
        ctx.shared.provide(tools())
    lacking = []
    ctx.shared.tell(f"python           {environment.interpreter()}")
    for tool in tools():
        found = place(ctx, tool)
        if not found:
            lacking.append(tool)
        ctx.shared.tell(f"{tool:<16} {found or 'missing'}")
    for line in advice(lacking):
        ctx.shared.tell(line)
    return int(bool(lacking))


def place(ctx: Context, tool: str) -> str:
    """Where a tool is, in words; empty where it is not."""
    if tool in system.PACKAGES:
        return "found" if system.has(tool) else ""
    own = toolbox.own(tool)
    if own:
        return own
    name = toolbox.FROM_INDEX[tool]
    if environment.is_current(ctx.root, name):
        return environment.program(ctx.root, name, tool)
    return ""


def advice(lacking: list[str]) -> list[str]:
    line = system.command([tool for tool in lacking if tool in system.PACKAGES])
    packages = [f"from the system: {' '.join(line)}"] if line else []
    indexed = [tool for tool in lacking if tool in toolbox.FROM_INDEX]
    pinned = [f"from the package index, into build/env: {', '.join(indexed)}"] if indexed else []
    every = packages + pinned
    return [*every, "./ci.sh doctor --fix gets all of it"] if every else []
