"""C code is laid out as .clang-format says."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import diagnostics

SOURCES = ("**/*.[ch]",)


def check(ctx: Context) -> list[Finding]:
    sources = ctx.tree.glob(*SOURCES)
    done = ctx.run([ctx.tool("clang-format"), "--dry-run", "-Werror", *sources])
    if done.code == 0:
        return []
    return diagnostics.findings(done.text, ctx.root) or [ctx.failure(done)]


def fix(ctx: Context) -> None:
    ctx.must([ctx.tool("clang-format"), "-i", *ctx.tree.glob(*SOURCES)])


GATE = Gate(
    "C code is formatted (clang-format; --fix formats)",
    check,
    fix=fix,
    tools=["clang-format"],
    inputs=[".clang-format", *SOURCES],
    mutations=[
        Mutation(
            "a line that the formatter would change",
            "libs/core/src/status.c",
            [Edit("libs/core/src/status.c", text="\nint   tpl__spaced ;\n")],
        ),
    ],
)
