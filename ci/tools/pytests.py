"""Runs pytest in an environment that holds the wheel, and reads what failed and what was skipped."""

from __future__ import annotations

import os
import re

from ci.runner.context import tail
from ci.runner.model import Finding
from ci.tools import sanitizers, system, wheel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ci.runner.context import Context
    from ci.runner.process import Completed

TOOLS = wheel.TOOLS
# What does not run under the sanitizers, and why: all else does that enters the extension.
UNSANITIZED = {
    "ci": "gates do not",
    "test_cli_*.py": "the command does not; its golden tests run under the sanitizers by themselves",
    "test_completions.py": "the command",
    "test_interrupt.py": "moments are its matter, and the sanitizers stretch them",
    "test_parity.py": "half of it is the command, the other half is in every other file",
    "test_pytest_plugin.py": "it wants the installed files",
    "test_races.py": "the command",
    "test_report*.py": "the command",
    "test_threads.py": "it has a library of its own loaded first",
    "test_version.py": "it wants the installed files",
}
SANITIZED = (
    *("-m", "not deep and not shells and not browser and not conformance"),
    *(f"--ignore-glob=tests/{name}" for name in UNSANITIZED),
    "--deselect=tests/test_hostile.py::test_the_command_comes_to_the_verdicts_in_little_memory",
    # A child may find the sanitizer's allocator locked for ever: not all of them hold its locks while they fork.
    "--deselect=tests/test_types.py::test_it_works_in_children_of_a_process_with_live_workers",
    "--capture=sys",  # what a sanitizer prints as it ends the process is not to be lost with pytest
)
# Which module tests meet: what it was made with, and its file.
WHICH = "import template_pkg as tp; info = tp.build_info(); print(*info.features); print(info.path)"
# What runs to count lines and branches: all that enters our C, but for tests of times, of odd names, of the installed
# files and of others' programs.
_UNCOUNTED = ("deadline", "deadline_grouping", "differential", "interrupt", "names", "pytest_plugin", "version")
COUNTED = (
    "tests",
    "--ignore=tests/ci",
    *(f"--ignore=tests/test_{name}.py" for name in _UNCOUNTED),
)
INPUTS = (*wheel.INPUTS, "tests/**", "ci/**", "docs/*.md")
BASE = ("-m", "pytest", "-q", "-rfEs", "--tb=short", "-p", "no:cacheprovider")
_FAILED = re.compile(r"^(?:FAILED|ERROR) ([^:\s]+)(?:::(.+?))?(?: - (.*))?$", re.M)
_SKIPPED = re.compile(r"^SKIPPED \[\d+\] ([^:\s]+)(?::(\d+))?: (.*)$", re.M)


def run(ctx: Context, args: Sequence[str], env: Mapping[str, str] | None = None) -> list[Finding]:
    """Findings of a pytest run in the environment that holds the wheel."""
    python = wheel.python(wheel.installed(ctx, "test"))
    return read(ctx, ctx.run([python, *BASE, *args], env={"COLUMNS": "200", **(env or {})}))


def sanitized(ctx: Context, folder: str, args: Sequence[str]) -> list[Finding]:
    """Findings of the tests of the extension in a preset's folder: an ordinary Python, with the sanitizers loaded first."""
    compiler = str(system.compiler())
    libraries = [ctx.must([compiler, f"-print-file-name={name}"]).strip() for name in ("libasan.so", "libubsan.so")]
    env = {
        "LD_PRELOAD": " ".join(libraries),
        "ASAN_OPTIONS": "detect_leaks=0",  # Python's own at exit; core's leaks are the C tests' business
        "PYTHONPATH": os.path.join(folder, "python"),  # goes before the wheel
    }
    features, module = ctx.must([wheel.python(wheel.installed(ctx, "test")), "-c", WHICH], env=env).splitlines()[-2:]
    if "sanitize-" not in features:
        return [Finding("tests would meet this module, which is not sanitized", os.path.relpath(module, ctx.root))]
    return run(ctx, args, env)


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
