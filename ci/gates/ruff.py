"""Python code is laid out and free of what ruff knows to be a mistake."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import diagnostics

ARGS = ("--cache-dir", "build/ci/ruff")


def check(ctx: Context) -> list[Finding]:
    found = []
    for job in (["check"], ["format", "--check"]):
        files = ctx.tree.glob("**/*.py", "**/*.pyi")
        done = ctx.run([ctx.tool("ruff"), *job, *ARGS, "--output-format=concise", *files])
        if done.code:
            found += diagnostics.findings(done.text, ctx.root, form="(.*)") or [ctx.failure(done)]
    return found


def fix(ctx: Context) -> None:
    files = ctx.tree.glob("**/*.py", "**/*.pyi")
    ctx.run([ctx.tool("ruff"), "check", *ARGS, "--fix", *files])
    ctx.must([ctx.tool("ruff"), "format", *ARGS, *files])


GATE = Gate(
    "Python code is formatted and lints clean (ruff; --fix mends)",
    check,
    fix=fix,
    tools=["ruff"],
    inputs=["pyproject.toml", "**/*.py", "**/*.pyi"],
    mutations=[
        Mutation("an import that nothing uses", "F401", [Edit("ci/breach.py", text="import os\n")]),
        Mutation("layout", "spaced.py:1: unformatted", [Edit("ci/spaced.py", text="X  =  1\n")]),
    ],
)
