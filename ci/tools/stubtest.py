"""Compares a stub with its module at run time, by mypy's stubtest."""

from __future__ import annotations

import re

from ci import policy
from ci.runner.model import Finding
from ci.tools import environment, wheel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ci.runner.context import Context

PURELIB = "import sysconfig; print(sysconfig.get_path('purelib'))"
_ERROR = re.compile(r"^error: (.*)$", re.M)
_PLACE = re.compile(rf"^(?:Stub: in file )?\S*?({policy.PACKAGE}/[\w./]+)(?::(\d+))?", re.M)


def run(ctx: Context) -> list[Finding]:
    """The wheel's interpreter imports the wheel's module; mypy it borrows from its own environment."""
    mypy = environment.program(ctx.root, "lint", "python")
    env = {"PYTHONPATH": ctx.must([mypy, "-I", "-c", PURELIB]).strip()}
    python = wheel.python(wheel.installed(ctx))
    done = ctx.run([python, "-m", "mypy.stubtest", policy.PACKAGE], cwd=ctx.scratch("empty"), env=env)
    return (list(findings(done.text)) or [ctx.failure(done)]) if done.code else []


def findings(text: str) -> Iterator[Finding]:
    parts = _ERROR.split(text)
    for message, details in zip(parts[1::2], parts[2::2]):
        place = _PLACE.search(details)
        path, line = (f"src/{place[1]}", int(place[2] or 0)) if place else ("", 0)
        yield Finding(message, path, line, details.strip())
