"""The Python tests on every Python that the package is for, each with a module of its own from this tree."""

from __future__ import annotations

from ci import pythons
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation, Skip
from ci.tools import interpreters, parallel, pytests, suites
from ci.tools.environment import Unavailable

NATIVE = "libs/py/src/module.c"


def check(ctx: Context) -> list[Finding]:
    """Arguments: versions to run on, then words for pytest."""
    asked = [each for each in pythons.INTERPRETERS if set(each) & set(ctx.args)] or pythons.INTERPRETERS
    words = [word for word in ctx.args if all(word not in each for each in pythons.INTERPRETERS)]
    had, lost = [], []
    for wanted in asked:
        try:
            had.append(interpreters.get(ctx, wanted))
        except Unavailable as error:
            lost.append(f"{' or '.join(wanted)} ({error})")
    found = parallel.gather(lambda one: suites.Suite(ctx, one).run(words), had, ctx.jobs)
    ctx.note(f"ran on {', '.join(one.version for one in had) or 'none'}")
    if lost and not found:
        raise Skip(f"not on {'; not on '.join(lost)}")
    return found


GATE = Gate(
    "the Python tests pass on each Python from 3.9 on, and without the GIL (-- VERSION... picks some)",
    check,
    needs=["build"],
    tools=pytests.TOOLS,
    inputs=pytests.INPUTS,
    deep=True,
    always="it fetches interpreters",
    seconds=600,
    timeout=5400,
    mutations=[
        Mutation(
            "an old interpreter is given slots that it does not know",
            "3.9: ",
            [Edit(NATIVE, " + (RUNNING_VERSION < 0x030c0000)", "")],
            at="tests/*",
            args=["3.9", "tests/test_hash.py", "-k", "digests"],
        ),
        Mutation(
            "the module does not say that it can do without the GIL",
            "test_the_gil_stays_off",
            [Edit(NATIVE, "{SLOT_GIL, (void *)1}", "{SLOT_GIL, (void *)0}")],
            at="tests/test_types.py",
            args=["3.13t", "3.14t", "tests/test_types.py", "-k", "gil"],
        ),
    ],
)
