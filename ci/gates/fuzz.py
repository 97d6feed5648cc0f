"""The fuzz targets, a few seconds each."""

from __future__ import annotations

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import fuzzing, native

LENGTH = "return length - 1 < DIGITS_MAX && (*start != '0' || length == 1) ? at : NULL;"
ANY_LENGTH = "return length - 1 < DIGITS_MAX ? at : NULL;"


def check(ctx: Context) -> list[Finding]:
    """Arguments: seconds a target, and the one target to run."""
    seconds = next((int(word) for word in ctx.args if word.isdigit()), policy.FUZZ_SECONDS)
    return fuzzing.run(ctx, seconds, next((word for word in ctx.args if not word.isdigit()), ""))


GATE = Gate(
    "fuzz targets find nothing under ASan and UBSan (libFuzzer; -- SECONDS [TARGET] for longer)",
    check,
    needs=["build"],
    tools=[*(tool for tool in native.TOOLS if tool not in ("cmocka", "headers")), "libfuzzer"],
    always="it looks further each time",
    inputs=[
        "CMakeLists.txt",
        "CMakePresets.json",
        "VERSION",
        "cmake/**",
        "libs/core/**",
        "libs/cli/**",
        "tests/data/**",
    ],
    seconds=40,
    timeout=6 * 3600,
    mutations=[
        Mutation(
            "the fast reader takes numbers that are none",
            "fuzz_decode.c",
            [Edit("libs/core/src/manifest_v2023_fast.c", LENGTH, ANY_LENGTH)],
            at="libs/core/fuzz/fuzz_decode.c",
            args=["5", "decode"],
        ),
        Mutation(
            "an overlong number runs past what it is kept in",
            "build/fuzz/libs/cli/fuzz/fuzz_args build/ci/fuzz/args-ended/",
            [Edit("libs/cli/src/args.c", "if (value > CLI_NUMBER_MAX) {", "if (value == CLI_NUMBER_MAX) {")],
            at="libs/cli/fuzz/fuzz_args.c",
            args=["5", "args"],
        ),
    ],
)
