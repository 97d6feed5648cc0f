"""The wheel holds what it should and nothing else, and works where nothing else is installed."""

from __future__ import annotations

import os

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import wheel, wheelfile

README, STUB, SCRIPTS = '"**/README.md"', ', "**/*.pyi"', '"${SKBUILD_SCRIPTS_DIR}"'
TRY = f"import {policy.PACKAGE} as p, sys; sys.exit(p.hash_bytes(b'') != '{policy.EMPTY_HASH}')"


def demands(ctx: Context) -> wheelfile.Demands:
    sources = [p for p in ctx.tree.glob(f"src/{policy.PACKAGE}/**") if not p.endswith("README.md")]
    licences = {name: ctx.tree.text(name).encode() for name in policy.LICENCES}
    return wheelfile.Demands(sources, licences, wheelfile.expression(ctx.tree.text("pyproject.toml")), ctx.root)


def runs(ctx: Context) -> list[Finding]:
    """Both deliverables, from an environment that holds the wheel alone."""
    tools, found = wheel.installed(ctx), []
    for argv in ([wheel.command(tools), "--version"], [wheel.python(tools), "-I", "-c", TRY]):
        done = ctx.run(argv, cwd=ctx.scratch("empty"))
        found += [ctx.failure(done)] if done.code else []
    return found


def check(ctx: Context) -> list[Finding]:
    path = wheel.built(ctx)
    found = [Finding(fault, os.path.relpath(path, ctx.root)) for fault in wheelfile.faults(path, demands(ctx))]
    return found or runs(ctx)


GATE = Gate(
    "the wheel is exact, plain and hardened, and both deliverables run from it alone",
    check,
    needs=["build"],
    tools=wheel.TOOLS,
    inputs=wheel.INPUTS,
    seconds=10,
    mutations=[
        Mutation("the stub is left out", "_native.pyi is missing", [Edit("pyproject.toml", README, README + STUB)]),
        Mutation(
            "the command is a module's file",
            "scripts/template-cli is missing",
            [Edit("cmake/TplInstall.cmake", SCRIPTS, "template_pkg")],
        ),
        Mutation(
            "lazy binding", "binds lazily", [Edit("cmake/TplFlags.cmake", "-z,relro,-z,now,", "-z,relro,-z,lazy,")]
        ),
    ],
)
