"""Reads what docs/reference.py says of things without a docstring."""

from __future__ import annotations

import os
import re

from ci import policy
from ci.runner.model import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ci.runner.context import Context

_BARE = re.compile(rf"^{policy.PACKAGE}\.?(\S*): no docstring$", re.M)


def bare(ctx: Context, text: str) -> list[Finding]:
    return [place(ctx, name) for name in _BARE.findall(text)]


def place(ctx: Context, name: str) -> Finding:
    """Where something is defined: in Python, or, of what is native, in the stub."""
    message = f"{name or policy.PACKAGE}: no docstring"
    for path in ctx.tree.glob(f"src/{policy.PACKAGE}/*.py", f"src/{policy.PACKAGE}/*.pyi"):
        module, text = os.path.basename(path).partition(".")[0], ctx.tree.text(path)
        line = defined(text, name[len(module) :].lstrip(".") if name.partition(".")[0] == module else name)
        if line:
            return Finding(message, path, line)
    return Finding(message, f"src/{policy.PACKAGE}/__init__.py", 1)


def defined(text: str, name: str) -> int:
    """The line of a name's definition in a file; the first of no name, 0 where there is none."""
    at = 0
    for part in name.split(".") if name else ():
        match = re.compile(rf"^ *(?:async )?(?:def|class) {re.escape(part)}\b", re.M).search(text, at)
        if match is None:
            return 0
        at = match.end()
    return text.count("\n", 0, at) + 1
