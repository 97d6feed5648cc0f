"""Asks the command and the module of an environment what they are."""

from __future__ import annotations

import json
import os

from ci import policy
from ci.runner.model import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from ci.runner.context import Context

ASK = f"""
import json, {policy.PACKAGE} as p
print(json.dumps({{"version": p.__version__, "buildId": p.build_info().build_id}}))
"""


class Told:
    """What one of them said: a version and a build id, or how it failed."""

    def __init__(self, ctx: Context, what: str, argv: Sequence[str]) -> None:
        self.what = what
        self.version = self.build = ""
        self.fault: Finding | None = None
        done = ctx.run(argv, cwd=ctx.scratch("empty"))
        try:
            document = json.loads(done.text.rstrip().rpartition("\n")[2])
            self.version, self.build = document["version"], document["buildId"]
        except (ValueError, KeyError, TypeError):
            self.fault = ctx.failure(done)


def ask(ctx: Context, bin_folder: str) -> tuple[Told, Told]:
    """The command's and the module's answer."""
    command = os.path.join(bin_folder, policy.COMMAND)
    python = os.path.join(bin_folder, "python")
    return (
        Told(ctx, "the command", [command, "version", "--json"]),
        Told(ctx, "the module", [python, "-I", "-c", ASK]),
    )
