"""Everything compiles without a warning, as developers build it and as the wheel holds it."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import native

DAY = "\nconst char *tpl__day(void);\nconst char *tpl__day(void) {\n    return __DATE__;\n}\n"


def check(ctx: Context) -> list[Finding]:
    for preset in ("dev", "release"):
        native.built(ctx, preset)
    return []


GATE = Gate(
    "presets dev and release compile, warnings are errors",
    check,
    tools=native.TOOLS,
    inputs=["CMakeLists.txt", "CMakePresets.json", "VERSION", "cmake/**", "libs/**"],
    seconds=30,
    builds=True,
    mutations=[
        Mutation("the day in a binary", "reproducible builds", [Edit("libs/core/src/status.c", text=DAY)]),
        Mutation(
            "a variable that nothing uses",
            "unused",
            [Edit("libs/core/src/status.c", text="\nstatic int left_over;\n")],
        ),
        Mutation(
            "a narrowing conversion",
            "conversion",
            [
                Edit(
                    "libs/core/src/status.c",
                    text="\nchar tpl__narrow(long n);\nchar tpl__narrow(long n)\n{\n    return n;\n}\n",
                )
            ],
        ),
    ],
)
