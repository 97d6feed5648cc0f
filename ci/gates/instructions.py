"""Work takes no more instructions than was recorded, and grows as its entries do, whatever the machine's clock says."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import instructions, native


def check(ctx: Context) -> list[Finding]:
    key = instructions.toolchain(ctx)
    if "--update" in ctx.args:
        instructions.update(ctx, key)
        return []
    recorded, tolerance = instructions.recorded(ctx, key)
    counter = instructions.Counter(ctx)
    found, notes = instructions.judge(counter.fixed(), recorded, tolerance)
    for note in notes:
        ctx.note(note)
    return found + instructions.bent(counter.growing())


GATE = Gate(
    "work takes no more instructions than recorded (-- --update records), and grows as its entries do",
    check,
    needs=["build"],
    tools=[*native.TOOLS, "valgrind"],
    inputs=["CMakeLists.txt", "CMakePresets.json", "VERSION", "cmake/**", "libs/**", instructions.RECORD],
    deep=True,
    seconds=30,
    mutations=[
        Mutation(
            "canonical text goes the way of any other",
            "% more than recorded",
            [Edit("libs/core/src/manifest_v2023_fast.c", "read_text(&r, part);", "read_text(&r, part) && !r.poll;")],
            at=instructions.RECORD,
        ),
        Mutation(
            "a look-up goes through all that is known",
            "rescan with a base",
            [Edit("libs/core/src/known.c", "same = place->low < place->high", "same = place->low > place->high")],
            at=instructions.RECORD,
        ),
        Mutation(
            "directories are looked for one after the other",
            "2025-12-04-beta: an entry takes",
            [Edit("libs/core/src/manifest_dirs.c", "middle = low + (high - low) / 2", "middle = low")],
            at=instructions.RECORD,
        ),
    ],
)
