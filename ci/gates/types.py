"""The package and the gates are typed throughout, and the types agree."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import diagnostics

UNTYPED = "\n\ndef breach(x):\n    return x\n"
WRONG = '\n\ndef breach() -> int:\n    return "one"\n'


def check(ctx: Context) -> list[Finding]:
    done = ctx.run([ctx.tool("mypy")])
    if done.code == 0:
        return []
    return diagnostics.findings(done.text, ctx.root) or [ctx.failure(done)]


GATE = Gate(
    "package and gates type-check strictly (mypy)",
    check,
    tools=["mypy"],
    inputs=["pyproject.toml", "src/template_pkg/**", "ci/**", "action/**"],
    mutations=[
        Mutation(
            "a function without types in the package",
            "no-untyped-def",
            [Edit("src/template_pkg/__init__.py", text=UNTYPED)],
        ),
        Mutation("a wrong type in a gate", "return-value", [Edit("ci/gates/loc.py", text=WRONG)]),
    ],
)
