"""Core exports only its own names, and neither core nor the extension has state of its own."""

from __future__ import annotations

import re

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import csource, native, objects

COUNTER = "\nint tpl__n(void);\nint tpl__n(void) {\n    static int calls;\n    return ++calls;\n}\n"
HELPER = "\nint helper(void);\nint helper(void) {\n    return 0;\n}\n"


def judge(path: str, table: str, text: str = "") -> list[Finding]:
    found = []
    for name, section in objects.writable(table):
        if not (path.startswith("libs/py/") and re.fullmatch(policy.WRITABLE_ALLOWED, name)):
            found.append(
                Finding(
                    f"`{name}` can be written to ({section}): state has an owner", path, csource.line_with(text, name)
                )
            )
    for name in objects.global_functions(table):
        if path.startswith("libs/core/") and not name.startswith("tpl_"):
            found.append(
                Finding(f"`{name}` is visible to all and not called tpl_", path, csource.line_with(text, name))
            )
    return found


def check(ctx: Context) -> list[Finding]:
    found = []
    for path, built in sorted(objects.units(ctx.root, native.built(ctx, "release")).items()):
        if path.startswith(("libs/core/src/", "libs/py/src/")):
            found += judge(path, ctx.must(["objdump", "-t", built]), ctx.tree.text(path))
    return found


GATE = Gate(
    "core exports only tpl_ names; core and extension have no writable data",
    check,
    needs=["build"],
    tools=native.TOOLS,
    inputs=["CMakeLists.txt", "CMakePresets.json", "cmake/**", "libs/**"],
    mutations=[
        Mutation(
            "a counter between calls",
            "`calls` can be written to",
            [Edit("libs/core/src/status.c", text=COUNTER)],
        ),
        Mutation(
            "a function without the prefix",
            "`helper` is visible",
            [Edit("libs/core/src/status.c", text=HELPER)],
        ),
    ],
)
