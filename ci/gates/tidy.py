"""clang-tidy finds nothing in our C; what was clean and has not changed is not read again."""

from __future__ import annotations

import hashlib
import os

from ci import policy
from ci.runner import kept
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import diagnostics, native, objects
from ci.tools.parallel import gather

FOLLOWS_NULL = "int tpl__f(int n);\nint tpl__f(int n) {\n    int *p = n ? &n : 0;\n    return *p;\n}\n"


def surroundings(ctx: Context) -> bytes:
    """All that a file's answer depends on besides the file: tool, settings, commands, headers."""
    texts = [ctx.must([ctx.tool("clang-tidy"), "--version"]), ctx.tree.text(".clang-tidy"), *kept.surroundings()]
    with open(ctx.path("build", "dev", "compile_commands.json"), encoding="utf-8") as file:
        texts.append(file.read())
    texts += [header + ctx.tree.text(header) for header in ctx.tree.glob("libs/**/*.h")]
    return hashlib.sha256("\0".join(texts).encode()).digest()


def check(ctx: Context) -> list[Finding]:
    folder, around, clean = native.built(ctx, "dev"), surroundings(ctx), ctx.scratch("tidy")

    def judge(path: str) -> list[Finding]:
        key = hashlib.sha256(around + (path + ctx.tree.text(path)).encode()).hexdigest()
        mark = os.path.join(clean, key)
        if os.path.exists(mark) and not ctx.no_skips:
            return []
        done = ctx.run([ctx.tool("clang-tidy"), "-p", folder, "--quiet", path])
        if done.code == 0:
            open(mark, "w").close()
            return []
        return diagnostics.findings(done.text, ctx.root) or [ctx.failure(done)]

    units = objects.units(ctx.root, folder)
    found = gather(judge, sorted(set(units) & set(ctx.tree.glob(*policy.TIDY))), ctx.jobs)
    return list({str(finding): finding for finding in found}.values())


GATE = Gate(
    "clang-tidy finds nothing (settings in .clang-tidy)",
    check,
    needs=["build"],
    tools=[*native.TOOLS, "clang-tidy"],
    inputs=[".clang-tidy", "CMakeLists.txt", "CMakePresets.json", "cmake/**", "libs/**"],
    seconds=60,
    mutations=[
        Mutation(
            "a null pointer is followed",
            "clang-analyzer-core.NullDereference",
            [Edit("libs/core/src/status.c", text=FOLLOWS_NULL)],
        ),
    ],
)
