"""Workflows and recipes as actionlint sees them: contexts, types of expressions, inputs of the actions they use."""

from __future__ import annotations

import os
import re

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation, Skip
from ci.tools import diagnostics, recipes

PINS, PROGRAM = "ci/requirements/actionlint", "github.com/rhysd/actionlint/cmd/actionlint"
CI, AT, TESTS = ".github/workflows/ci.yml", "tests/action/contract.yml", "tests/action/*.y*ml"
MADE = "${{ steps.made.outputs", "${{ steps.maid.outputs"


def built(ctx: Context) -> str:
    """actionlint, by Go from sources that go.sum pins."""
    program = os.path.join(ctx.scratch("actionlint"), "actionlint")
    env = {"GOFLAGS": "-mod=readonly", "GOWORK": "off", "CGO_ENABLED": "0"}
    done = ctx.run(["go", "build", "-trimpath", "-o", program, PROGRAM], cwd=ctx.path(PINS), env=env)
    if done.code:
        raise Skip(f"actionlint cannot be built: {(done.text.strip().splitlines() or ['no reason given'])[-1]}")
    return program


def check(ctx: Context) -> list[Finding]:
    program, copies = built(ctx), recipes.copies(ctx)
    found = []
    for paths in (ctx.tree.glob(*policy.WORKFLOWS), ctx.tree.glob(TESTS), copies):
        done = ctx.run([program, "-no-color", "-oneline", "-pyflakes=", "-shellcheck", ctx.tool("shellcheck"), *paths])
        said = diagnostics.findings(done.text, ctx.root, form=r"(.*)")
        if done.code:
            found += (recipes.placed(said) if paths is copies else said) or [ctx.failure(done)]
    return [Finding(re.sub(r" \[[\w-]+\]$", "", f.message), f.path, f.line, f.details) for f in found]


GATE = Gate(
    "workflows and recipes pass actionlint, which Go builds",
    check,
    tools=["go", "shellcheck"],
    inputs=[".github/**", TESTS, *policy.ACTIONS, policy.ACTION_DOCUMENT, f"{PINS}/**"],
    deep=True,
    seconds=5,
    mutations=[
        Mutation("a context that is none", "undefined variable", [Edit(CI, "github.ref }}", "gitlab.ref }}")]),
        Mutation("an input that is none", AT, [Edit("action.yml", "  exclude:\n", "  omit:\n")], at=AT),
        Mutation("an output of no step", "docs/action.md", [Edit(policy.ACTION_DOCUMENT, *MADE)]),
    ],
)
