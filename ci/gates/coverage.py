"""The share of our C that tests run: lines and branches."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import coverage, pytests

UNUSED = "\nint tpl__unused(int n);\nint tpl__unused(int n) {\n    return n + 1;\n}\n"
MARKED = UNUSED.replace("n + 1;", "n + 1; /* GCOVR_EXCL_LINE */")


def check(ctx: Context) -> list[Finding]:
    found = [f for path in ctx.tree.glob("libs/*/src/**") for f in coverage.unexplained(path, ctx.tree.text(path))]
    unit = ctx.args[0] if ctx.args else ""
    failed = coverage.run(ctx, unit)
    if failed:
        return found + failed
    data = coverage.report(ctx, unit)
    for area in coverage.summary(data)["areas"]:
        ctx.note(f"{area['path']} {area['line']:.1f} % of lines, {area['branch']:.1f} % of branches")
    return found + list(coverage.lacking(data, alone=bool(unit)))


GATE = Gate(
    "tests run the lines and branches of our C (-- UNIT: of one unit, by its own test; build/ci/coverage/index.html)",
    check,
    needs=["build"],
    tools=[*pytests.TOOLS, "cmocka", "gcov", "gcovr"],
    inputs=pytests.INPUTS,
    timeout=900,
    seconds=330,
    deep=True,
    mutations=[
        Mutation(
            "a function that no test calls",
            "libs/core/src/poll.c:27: never runs",
            [Edit("libs/core/src/poll.c", text=UNUSED)],
            args=["poll"],
        ),
        Mutation(
            "a source that no target compiles",
            "libs/core/src/nobody.c:1: no target",
            [Edit("libs/core/src/nobody.c", text=UNUSED)],
            args=["poll"],
        ),
        Mutation(
            "a line is taken out of the count without a word",
            "libs/core/src/poll.c:28: GCOVR_EXCL_LINE says no reason",
            [Edit("libs/core/src/poll.c", text=MARKED)],
            args=["poll"],
        ),
    ],
)
