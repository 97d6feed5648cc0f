"""Fixed pieces of work take no more instructions than was recorded: slow-downs that no clock shows on a busy machine."""

from __future__ import annotations

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation, Skip
from ci.tools import instructions, native

RECORDS = "./ci.sh instructions -- --update records them"


def check(ctx: Context) -> list[Finding]:
    key = instructions.toolchain(ctx)
    text = ctx.tree.text(instructions.RECORD)
    if "--update" in ctx.args:
        record = instructions.written(text, key, instructions.counts(ctx))
        with open(ctx.path(instructions.RECORD), "w", encoding="utf-8") as file:
            file.write(record)
        return []
    sections = instructions.read(text)
    recorded, tolerance = sections.get(key), policy.INSTRUCTIONS_TOLERANCE
    if recorded is None:
        recorded, tolerance = instructions.elsewhere(sections, key), policy.INSTRUCTIONS_ELSEWHERE
        if not recorded:
            raise Skip(f"no counts are recorded for {key}, nor for others of its kind ({RECORDS})")
        ctx.note(f"no counts are recorded for {key}: {tolerance:.0%} more than with others is allowed ({RECORDS})")
    found, notes = instructions.judge(instructions.counts(ctx), recorded, tolerance)
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
            [Edit("libs/core/src/manifest_v2023_fast.c", "read_text(&r, part);", "read_text(&r, part) && !r.poll;")],
            at=instructions.RECORD,
        ),
        Mutation(
            "a look-up goes through all that is known",
            "rescan with a base",
            [Edit("libs/core/src/known.c", "same = place->low < place->high", "same = place->low > place->high")],
            at=instructions.RECORD,
        ),
    ],
)
