"""Runs pytest in an environment that holds the wheel, and reads what failed and what was skipped."""

from __future__ import annotations

import re

from ci.runner.context import tail
from ci.runner.model import Finding
from ci.tools import sanitizers, wheel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ci.runner.context import Context
    from ci.runner.process import Completed

TOOLS = wheel.TOOLS
# What runs under the sanitizers: what enters the extension, but for tests of timing and of the installed files.
SANITIZED = (
    "tests/test_arrow.py",
    "tests/test_beta.py",
    "tests/test_diff.py",
    "tests/test_errors.py",
    "tests/test_hash.py",
    "tests/test_manifest.py",
    "tests/test_scope.py",
    "tests/test_select.py",
    "tests/test_snapshot.py",
    "tests/test_types.py",
    "tests/test_vectors.py",
    "tests/test_verify.py",
    # A child may find the sanitizer's allocator locked for ever: not all of them hold its locks while they fork.
    "--deselect=tests/test_types.py::test_it_works_in_children_of_a_process_with_live_workers",
)
# What runs to count lines and branches: all that enters our C, but for tests of the installed files and of others' programs.
_UNCOUNTED = ("deadline", "deadline_grouping", "differential", "pytest_plugin", "version")
COUNTED = (
    "tests",
    "--ignore=tests/ci",
    *(f"--ignore=tests/test_{name}.py" for name in _UNCOUNTED),
)
INPUTS = (*wheel.INPUTS, "tests/**", "ci/**")
BASE = ("-m", "pytest", "-q", "-rfEs", "--tb=short", "-p", "no:cacheprovider")
_FAILED = re.compile(r"^(?:FAILED|ERROR) ([^:\s]+)(?:::(.+?))?(?: - (.*))?$", re.M)
_SKIPPED = re.compile(r"^SKIPPED \[\d+\] ([^:\s]+)(?::(\d+))?: (.*)$", re.M)


def run(ctx: Context, args: Sequence[str], env: Mapping[str, str] | None = None) -> list[Finding]:
    """Findings of a pytest run in the environment that holds the wheel."""
    python = wheel.python(wheel.installed(ctx, "test"))
    return read(ctx, ctx.run([python, *BASE, *args], env={"COLUMNS": "200", **(env or {})}))


def read(ctx: Context, done: Completed) -> list[Finding]:
    """What pytest found; a skipped test is a finding, too, in a run that takes no skips."""
    text = done.text
    skipped = [Finding(f"skipped: {why}", path, int(line or 0)) for path, line, why in _SKIPPED.findall(text)]
    if skipped:
        ctx.note(f"{len(skipped)} tests skipped")
    found = [*sanitizers.findings(text, ctx.root), *(failed(text, *match) for match in _FAILED.findall(text))]
    if done.code and not found:
        found = [ctx.failure(done)]
    return found + (skipped if ctx.no_skips else [])


def failed(text: str, path: str, test: str, why: str) -> Finding:
    """One failed test: where its own file stands in the traceback, and the traceback."""
    title = re.escape(test.replace("::", ".") if test else path)
    section = re.search(rf"^_+ (?:ERROR.* )?{title} _+$(.*?)(?=^[_=]{{3,}})", text, re.M | re.S)
    trace = section[1] if section else ""
    lines = re.findall(rf"^{re.escape(path)}:(\d+): ", trace, re.M)
    message = f"{test}: {why}" if test else why or "cannot be collected"
    return Finding(message, path, int(lines[-1]) if lines else 0, tail(trace))
