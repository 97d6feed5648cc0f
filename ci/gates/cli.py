"""The command's golden tests: what it prints, where, and how it exits."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import golden, native


def check(ctx: Context) -> list[Finding]:
    return golden.run(ctx, native.built(ctx, "dev"), ctx.args)


GATE = Gate(
    "golden tests of the command pass (-- --update rewrites them, -- -k TEXT picks some)",
    check,
    needs=["build"],
    tools=native.TOOLS,
    inputs=["CMakeLists.txt", "CMakePresets.json", "VERSION", "cmake/**", "libs/**", "tests/cli/**", "tests/data/**"],
    seconds=10,
    mutations=[
        Mutation(
            "a usage error exits with another code",
            "tests/cli/",
            [Edit("libs/cli/src/exit.h", "X(USAGE, 2,", "X(USAGE, 9,")],
            at="tests/cli/*",
        ),
    ],
)
