"""Runs the command's golden tests against one build of it."""

from __future__ import annotations

import os
import re

from ci.runner.context import tail
from ci.runner.model import Finding
from ci.tools import environment, sanitizers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ci.runner.context import Context

RUNNER = "tests/cli/run.py"
_FAILED = re.compile(r"^FAILED (.+)\n(?:(\S+):(\d+): )?(.*)\n((?:.+\n)*)", re.M)


def run(ctx: Context, folder: str, args: Sequence[str] = (), env: Mapping[str, str] | None = None) -> list[Finding]:
    """Findings of the golden tests with the command of a build folder."""
    binary = os.path.join(folder, "libs", "cli", "template-cli")
    done = ctx.run([environment.interpreter(), RUNNER, *args, binary], env=env)
    if done.code == 0:
        return []
    found = sanitizers.findings(done.text, ctx.root)
    for name, path, line, message, details in _FAILED.findall(done.text):
        place = os.path.relpath(path, ctx.root) if path else ""
        words = name if message in name else f"{name}: {message}"
        found.append(Finding(words, place, int(line or 0), tail(details)))
    return found or [ctx.failure(done)]
