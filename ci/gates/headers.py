"""Each public header compiles alone, as C11 and as C++."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import diagnostics, system

FLAGS = ["-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only", "-I", "libs/core/include"]
C, CXX = ["-std=c11", "-xc"], ["-std=c++11", "-xc++"]


def compiles(ctx: Context, header: str, compiler: str | None, language: list[str]) -> list[Finding]:
    done = ctx.run([str(compiler), *FLAGS, *language, header])
    found = diagnostics.findings(done.text, ctx.root)
    return (found or [ctx.failure(done)]) if done.code else []


def check(ctx: Context) -> list[Finding]:
    found = []
    for header in ctx.tree.glob("libs/*/include/**/*.h"):
        found += compiles(ctx, header, system.compiler(), C)
        found += compiles(ctx, header, system.cxx_compiler(), CXX)
    return found or ([] if ctx.tree.glob("libs/*/include/**/*.h") else [Finding("no public header")])


GATE = Gate(
    "every public header compiles alone, as C11 and as C++",
    check,
    tools=["cc", "c++"],
    inputs=["libs/*/include/**"],
    mutations=[
        Mutation(
            "a header uses a type that it does not include",
            "status.h:",
            [Edit("libs/core/include/tpl/status.h", text="\nint32_t tpl_lonely(FILE *file);\n")],
        ),
        Mutation(
            "a header uses a C++ keyword",
            "buffer.h:",
            [Edit("libs/core/include/tpl/buffer.h", text="\nvoid tpl_buffer_x(int class);\n")],
        ),
    ],
)
