"""The Python tests, against the wheel in an environment of its own."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import pytests


def check(ctx: Context) -> list[Finding]:
    return pytests.run(ctx, ctx.args or ["--ignore=tests/test_parity.py"])


GATE = Gate(
    "Python tests pass against the installed wheel (arguments after -- go to pytest)",
    check,
    needs=["build"],
    tools=pytests.TOOLS,
    inputs=["**"],  # tests of the gates look at all there is
    timeout=900,
    seconds=290,
    mutations=[
        Mutation(
            "a name is not exported",
            "tests/test_",
            [Edit("src/template_pkg/__init__.py", '"diff_manifests": "diff",', "")],
            at="tests/*",
            args=["tests/test_types.py", "tests/test_signatures.py"],
        ),
    ],
)
