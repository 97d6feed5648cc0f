"""The Python tests that repeat until rare things have happened."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import pytests


def check(ctx: Context) -> list[Finding]:
    return pytests.run(ctx, ["-m", "deep", *ctx.args])


GATE = Gate(
    "long repetitions of the Python tests pass (those marked deep)",
    check,
    needs=["build"],
    tools=pytests.TOOLS,
    inputs=pytests.INPUTS,
    deep=True,
    always="it repeats what chance decides",
    alone=True,
    seconds=300,
    timeout=1800,
    mutations=[
        Mutation(
            "a call looks rarely whether it is to stop",
            "tests/test_interrupt.py",
            [Edit("libs/core/src/poll.h", "TPL__POLL_MS 20", "TPL__POLL_MS 900")],
            at="tests/test_interrupt.py",
            args=["-k", "test_interrupts_at_many_moments and snapshot"],
        ),
    ],
)
