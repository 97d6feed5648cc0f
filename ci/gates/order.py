"""The Python tests in an order that chance decides: none may need what another one left behind."""

from __future__ import annotations

import os

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import pytests

NEEDY = """

ORDER = []


@pytest.mark.parametrize("place", range(8))
def test_in_order(place):
    assert len(ORDER) == place
    ORDER.append(place)
"""


def check(ctx: Context) -> list[Finding]:
    chosen = [] if "--shuffle" in ctx.args else ["--shuffle", os.urandom(4).hex()]
    if chosen:
        ctx.note(f"again in this order: ./ci.sh order -- {' '.join(chosen)}")
    return pytests.run(ctx, ["--ignore=tests/ci", *chosen, *ctx.args])


GATE = Gate(
    "Python tests pass in random order, too (-- --shuffle SEED gives the same one again)",
    check,
    needs=["build"],
    tools=pytests.TOOLS,
    inputs=pytests.INPUTS,
    deep=True,
    always="the order is another one each time",
    seconds=200,
    timeout=1800,
    mutations=[
        Mutation(
            "tests that need each other",
            "test_in_order",
            [Edit("tests/test_hash.py", text=NEEDY)],
            args=["tests/test_hash.py", "-k", "in_order or digests"],
        ),
    ],
)
