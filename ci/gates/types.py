"""The package and the gates are typed throughout, and the types agree."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import diagnostics, pyright

UNTYPED = "\n\ndef breach(x):\n    return x\n"
WRONG = '\n\ndef breach() -> int:\n    return "one"\n'
UNKNOWN = "\n\ndef breach() -> object:\n    found = []\n    found.append(1)\n    return found\n"


def check(ctx: Context) -> list[Finding]:
    done = ctx.run([ctx.tool("mypy")])
    found = diagnostics.findings(done.text, ctx.root) or [ctx.failure(done)] if done.code else []
    return found + pyright.run(ctx)


GATE = Gate(
    "package and gates type-check strictly (mypy), the package for users of pyright, too",
    check,
    tools=["mypy", "basedpyright"],
    inputs=["pyproject.toml", "src/template_pkg/**", "ci/**", "action/**"],
    seconds=10,
    mutations=[
        Mutation(
            "a function without types in the package",
            "no-untyped-def",
            [Edit("src/template_pkg/__init__.py", text=UNTYPED)],
        ),
        Mutation("a wrong type in a gate", "return-value", [Edit("ci/gates/loc.py", text=WRONG)]),
        Mutation(
            "a type that only mypy takes for known",
            "reportUnknown",
            [Edit("src/template_pkg/upstream.py", text=UNKNOWN)],
        ),
    ],
)
