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
_NAME = re.compile(r"[\w.]+\.(\w+)\.\w+ is not present in stub")
_PLACE = re.compile(rf"^(?:Stub: in file )?\S*?({policy.PACKAGE}/[\w./]+)(?::(\d+))?", re.M)


def run(ctx: Context) -> list[Finding]:
    """The wheel's interpreter imports the wheel's module; mypy it borrows from its own environment."""
    mypy = environment.program(ctx.root, "lint", "python")
    env = {"PYTHONPATH": ctx.must([mypy, "-I", "-c", PURELIB]).strip()}
    python = wheel.python(wheel.installed(ctx, "test"))  # the pytest plugin imports pytest
    done = ctx.run([python, "-m", "mypy.stubtest", policy.PACKAGE], cwd=ctx.scratch("empty"), env=env)
    return ([placed(ctx, each) for each in findings(done.text)] or [ctx.failure(done)]) if done.code else []


def placed(ctx: Context, finding: Finding) -> Finding:
    """What the stub lacks has no line in it: then that of its class, or the first."""
    if finding.path and not finding.line:
        classes = [f"class {name}" for name in _NAME.findall(finding.message)]
        lines = enumerate(ctx.tree.text(finding.path).splitlines(), 1)
        finding.line = next((number for number, text in lines if text.startswith(tuple(classes))), 1) if classes else 1
    return finding


def findings(text: str) -> Iterator[Finding]:
    parts = _ERROR.split(text)
    for message, details in zip(parts[1::2], parts[2::2]):
        place = _PLACE.search(details)
        path, line = (f"src/{place[1]}", int(place[2] or 0)) if place else ("", 0)
        yield Finding(message, path, line, details.strip())
