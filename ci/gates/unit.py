"""The C unit tests."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import ctest, native


def check(ctx: Context) -> list[Finding]:
    native.built(ctx, "dev")
    return ctest.run(ctx, "dev", ctx.args or ["-LE", "oom"])


GATE = Gate(
    "C unit tests pass (ctest, preset dev)",
    check,
    needs=["build"],
    tools=native.TOOLS,
    inputs=[
        "CMakeLists.txt",
        "CMakePresets.json",
        "VERSION",
        "cmake/**",
        "libs/**",
        "tests/data/**",
    ],
    seconds=5,
    mutations=[
        Mutation(
            "appending to a buffer loses the last byte",
            "libs/core/tests/test_buffer.c:",
            [Edit("libs/core/src/buffer.c", "buf->len += len;", "buf->len += len - 1;")],
            at="libs/core/tests/*",
        ),
    ],
)
