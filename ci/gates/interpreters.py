"""The Python tests on every Python that the package is for, each with a module of its own from this tree."""

from __future__ import annotations

from ci import pythons
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation, Skip
from ci.tools import interpreters, parallel, pytests, suites

NATIVE = "libs/py/src/module.c"


def check(ctx: Context) -> list[Finding]:
    """Arguments: versions to run on, then words for pytest."""
    asked = [each for each in pythons.INTERPRETERS if set(each) & set(ctx.args)] or pythons.INTERPRETERS
    words = [word for word in ctx.args if all(word not in each for each in pythons.INTERPRETERS)]
    had, lost = interpreters.available(ctx, asked)
    found = parallel.gather(lambda one: suites.Suite(ctx, one).run(words), had, ctx.jobs)
    ctx.note(f"ran on {', '.join(one.version for one in had) or 'none'}")
    missed = [f"not on {each}" for each in lost]
    if missed and not found:
        raise Skip("; ".join(missed))
    ctx.notes += missed
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
            "the module does not say that interpreters with a GIL of their own may share it",
            "3.12: test_eight_interpreters_side_by_side",
            [Edit(NATIVE, "{SLOT_MULTIPLE_INTERPRETERS, (void *)2}", "{SLOT_MULTIPLE_INTERPRETERS, (void *)1}")],
            at="tests/test_boundary.py",
            args=["3.12", "tests/test_boundary.py"],
        ),
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
