"""Shell scripts pass shellcheck, by whatever name: `*.sh`, and what begins as a script of a shell."""

from __future__ import annotations

import re

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import actionfile

HOOK, MADE = "ci/hooks/templates/git.sh", "libs/cli/launcher.sh.in"
SHELL = re.compile(r"#!.*\b(sh|bash|dash|ksh)\b")


def shell_of(path: str, text: str) -> str:
    """The shell that a file is for; empty where it is no script of one."""
    said = SHELL.match(text)
    return said[1] if said else "sh" if path.endswith(".sh") else ""


def check(ctx: Context) -> list[Finding]:
    shells = {path: shell_of(path, ctx.tree.text(path)) for path in ctx.tree.paths()}
    asked = [(path, actionfile.shell_faults(ctx, path, shell)) for path, shell in shells.items() if shell]
    ctx.note(f"{len(asked)} scripts")
    return [Finding(fault, path, line) for path, faults in asked for line, fault in faults]


GATE = Gate(
    "shell scripts pass shellcheck",
    check,
    tools=["shellcheck"],
    inputs=["**"],
    mutations=[
        Mutation(
            "a slip in the Action's shell", "SC2086", [Edit("action/start.sh", '"$here/main.py"', "$here/main.py")]
        ),
        Mutation("a slip in the start of the gates", "SC2086", [Edit("ci.sh", '"$here/ci.py"', "$here/ci.py")]),
        Mutation("a slip in a hook", "SC2086", [Edit(HOOK, '"$root/ci/hooks/guard.py"', "$root/ci/hooks/guard.py")]),
        Mutation("a slip in a script that is made", "SC2086", [Edit(MADE, '"$log" >&2', "$log >&2")]),
        Mutation(
            "a slip in a script without a suffix",
            "SC2034",
            [Edit(".ci/run", "set -euo pipefail\n", "set -euo pipefail\nnobody=1\n")],
        ),
    ],
)
