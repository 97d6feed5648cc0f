"""Every allocation of core and of the command and every system call of the command fails once, under AddressSanitizer, and each
time ends cleanly."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import ctest, native


def check(ctx: Context) -> list[Finding]:
    native.built(ctx, "asan")
    return ctest.run(ctx, "asan", ["-L", "oom", *ctx.args])


GATE = Gate(
    "the Nth allocation, or system call of the command, fails, for every N: a clean status and no leak (asan)",
    check,
    needs=["build"],
    tools=[*native.TOOLS, "asan"],
    inputs=["CMakeLists.txt", "CMakePresets.json", "cmake/**", "libs/core/**", "libs/cli/**", "tests/data/**"],
    seconds=20,
    mutations=[
        Mutation(
            "a comparison that runs out of memory keeps what it has",
            "oom failed",
            [Edit("libs/core/src/diff.c", "    tpl_diff_free(diff);\n", "")],
            at="libs/core/tests/*",
        ),
        Mutation(
            "the command looks for a file whose name was cut short",
            "cli_oom failed",
            [Edit("libs/cli/src/check.c", "if (sum->name.status != TPL_OK) {", "if (sum->name.status == 99) {")],
            at="libs/cli/tests/*",
        ),
    ],
)
