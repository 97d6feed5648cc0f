"""Command and module give the same bytes for the same cases."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import pytests


def check(ctx: Context) -> list[Finding]:
    return pytests.run(ctx, ["tests/test_parity.py", *ctx.args])


GATE = Gate(
    "command and Python give equal bytes for one table of cases",
    check,
    needs=["build"],
    tools=pytests.TOOLS,
    inputs=pytests.INPUTS,
    seconds=10,
    mutations=[
        Mutation(
            "the module forgets an option",
            "tests/test_parity.py",
            [Edit("libs/py/src/args.c", "out->hide_dotfiles = compat != NULL;", "out->hide_dotfiles = false;")],
            at="tests/test_parity.py",
        ),
    ],
)
