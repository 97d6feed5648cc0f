"""The C tests under ThreadSanitizer."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import ctest, native

LOCKED = """\
    tpl__mutex_lock(&c->lock);
    unsigned number = c->next++ % c->workers;
    tpl__mutex_unlock(&c->lock);
"""


def check(ctx: Context) -> list[Finding]:
    native.built(ctx, "tsan")
    return ctest.run(ctx, "tsan", ctx.args or ["-LE", "oom"])


GATE = Gate(
    "C tests run clean under ThreadSanitizer (preset tsan)",
    check,
    needs=["build"],
    tools=[*native.TOOLS, "tsan"],
    inputs=["CMakeLists.txt", "CMakePresets.json", "VERSION", "cmake/**", "libs/**", "tests/data/**"],
    deep=True,
    always="threads meet in another order each time",
    seconds=60,
    mutations=[
        Mutation(
            "workers take their numbers without the lock",
            "ThreadSanitizer: data race",
            [Edit("libs/core/src/pool.c", LOCKED, "    unsigned number = c->next++ % c->workers;\n")],
            at="libs/core/src/*",
            args=["-R", "pool"],
        ),
    ],
)
