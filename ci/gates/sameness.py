"""One command, one answer: by other compilers, with another C library, on other machines."""

from __future__ import annotations

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import ctest, native, sameness

LOADED = """\
    const unsigned char *p = (const unsigned char *)text;
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
           (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
           (uint64_t)p[7] << 56;"""
COPIED = """\
    uint64_t word;
    __builtin_memcpy(&word, text, 8);
    return word;"""


def check(ctx: Context) -> list[Finding]:
    """Arguments: the presets to ask, if not all."""
    folder = sameness.fresh(ctx)
    wanted = sameness.answers(ctx, "dev", folder)
    found = []
    for preset in ctx.args or policy.SAME_PRESETS:
        answers = sameness.answers(ctx, preset, folder)
        found += sameness.differences(preset, wanted, answers, sameness.line_of(ctx, preset))
        found += ctest.run(ctx, preset, ["-LE", "oom"])
    ctx.note(f"{len(wanted)} answers")
    return found


GATE = Gate(
    "the command answers alike by gcc and clang, with musl, and on aarch64 and s390x (big-endian) under an emulator",
    check,
    needs=["build"],
    tools=[*native.TOOLS, *policy.SAME_TOOLS],
    inputs=["CMakeLists.txt", "CMakePresets.json", "VERSION", "cmake/**", "libs/**", "tests/*.py", "tests/data/**"],
    deep=True,
    seconds=300,
    timeout=3600,
    mutations=[
        Mutation(
            "words are loaded in the machine's order",
            "s390x answers otherwise: ",
            [Edit("libs/core/src/swar.h", LOADED, COPIED)],
            at="CMakePresets.json",
            args=["s390x"],
        ),
        Mutation(
            "bytes are taken to be signed",
            "aarch64 answers otherwise: ",
            [Edit("libs/core/src/json_read.c", "(unsigned char)*at < 0x20 ? 0", "*at < 0x20 ? 0")],
            at="CMakePresets.json",
            args=["aarch64"],
        ),
    ],
)
