"""Fixed pieces of work take no more instructions than was recorded: slow-downs that no clock shows on a busy machine."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation, Skip
from ci.tools import instructions, native


def check(ctx: Context) -> list[Finding]:
    key = instructions.toolchain(ctx)
    text = ctx.tree.text(instructions.RECORD)
    if "--update" in ctx.args:
        record = instructions.written(text, key, instructions.counts(ctx))
        with open(ctx.path(instructions.RECORD), "w", encoding="utf-8") as file:
            file.write(record)
        return []
    recorded = instructions.read(text).get(key)
    if recorded is None:
        raise Skip(f"no counts are recorded for {key} (./ci.sh instructions -- --update records them)")
    found, notes = instructions.judge(instructions.counts(ctx), recorded)
    for note in notes:
        ctx.note(note)
    return found


GATE = Gate(
    "fixed pieces of work take no more instructions than recorded (-- --update records)",
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
            [Edit("libs/core/src/manifest_v2023_fast.c", "(read_text(&r, part))", "(read_text(&r, part) && !r.poll)")],
            at=instructions.RECORD,
        ),
        Mutation(
            "a look-up goes through all that is known",
            "rescan with a base",
            [
                Edit(
                    "libs/core/src/known.c",
                    "bool same = place->low < place->high",
                    "bool same = place->low > place->high",
                )
            ],
            at=instructions.RECORD,
        ),
    ],
)
