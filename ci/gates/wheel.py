"""The wheel holds what it should and nothing else, and works where nothing else is installed."""

from __future__ import annotations

import os

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import wheel, wheelfile

TRY = f"import {policy.PACKAGE} as p, sys; sys.exit(p.hash_bytes(b'') != '{policy.EMPTY_HASH}')"


def runs(ctx: Context) -> list[Finding]:
    """Both deliverables, from an environment that holds the wheel alone."""
    tools, found = wheel.installed(ctx), []
    for argv in ([wheel.command(tools), "--version"], [wheel.python(tools), "-I", "-c", TRY]):
        done = ctx.run(argv, cwd=ctx.scratch("empty"))
        found += [ctx.failure(done)] if done.code else []
    return found


def check(ctx: Context) -> list[Finding]:
    path = wheel.built(ctx)
    sources = [p for p in ctx.tree.glob(f"src/{policy.PACKAGE}/**") if not p.endswith("README.md")]
    faults = wheelfile.faults(wheelfile.Wheel(path), sources)
    found = [Finding(fault, os.path.relpath(path, ctx.root)) for fault in faults]
    return found + runs(ctx)


GATE = Gate(
    "the wheel's content is exact, and both deliverables run from it alone",
    check,
    needs=["build"],
    tools=wheel.TOOLS,
    inputs=wheel.INPUTS,
    mutations=[
        Mutation(
            "the stub is left out",
            "_native.pyi is missing",
            [Edit("pyproject.toml", '"**/README.md"', '"**/README.md", "**/*.pyi"')],
        ),
        Mutation(
            "the command is installed as a module's file",
            "scripts/template-cli is missing",
            [Edit("cmake/TplInstall.cmake", '"${SKBUILD_SCRIPTS_DIR}"', "template_pkg")],
        ),
    ],
)
