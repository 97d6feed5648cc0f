"""Runs ctest and reads which tests failed, with what they printed."""

from __future__ import annotations

import os
import re

from ci.runner.model import Finding
from ci.tools import native, sanitizers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ci.runner.context import Context

CMOCKA = re.compile(r"\[ +ERROR +\] --- (?P<message>.*)\n(?:.*\n)*?\[ +LINE +\] --- (?P<path>[^:\n]+):(?P<line>\d+)")
SKIPPED = re.compile(r"^\[ +SKIPPED +\] ([A-Za-z_]\w*)$", re.M)
FAILED = re.compile(r"^\s*\d+ - (\S+) \((.+)\)", re.M)


def run(ctx: Context, preset: str, args: Sequence[str] = (), env: Mapping[str, str] | None = None) -> list[Finding]:
    """Findings of a preset's tests; no test at all is one, too, and a skipped case in a run that takes no skips."""
    program = os.path.join(os.path.dirname(ctx.tool("cmake")), "ctest")
    done = ctx.run(
        [program, "--preset", preset, "--no-tests=error", f"-j{ctx.jobs}", *args],
        env={**native.environ(ctx), **(env or {})},
    )
    if done.code == 0:
        return _skipped(ctx, preset)
    text = done.text
    placed = [
        Finding(match["message"], os.path.normpath(match["path"]), int(match["line"]))
        for match in CMOCKA.finditer(text)
    ]
    placed += sanitizers.findings(text, ctx.root)
    failed = [Finding(f"{name} failed: {how}", *_source(ctx, name)) for name, how in FAILED.findall(text)]
    return [*placed, *failed] if failed else [ctx.failure(done)]


def _skipped(ctx: Context, preset: str) -> list[Finding]:
    """Cases that found something missing: ctest counts their programs as passed, and keeps what they printed."""
    log = ctx.path("build", preset, "Testing", "Temporary", "LastTest.log")
    with open(log, encoding="utf-8", errors="replace") as file:
        names = list(dict.fromkeys(SKIPPED.findall(file.read())))
    if names:
        ctx.note(f"{len(names)} cases skipped")
    return [
        Finding(f"skipped: {name} (build/{preset}/Testing/Temporary/LastTest.log)") for name in names if ctx.no_skips
    ]


def _source(ctx: Context, name: str) -> tuple[str, int]:
    """Where a test of this name is written."""
    path = next(iter(ctx.tree.glob(f"libs/*/tests/test_{name}.c")), "")
    return path, 1 if path else 0
