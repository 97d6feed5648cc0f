"""Files stay small enough to be read in one sitting."""

from __future__ import annotations

import re

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.runner.tree import matcher

BUDGETS = [(matcher([pattern]), limit) for pattern, limit in policy.LINES]


def budget(path: str) -> int | None:
    return next((limit for pattern, limit in BUDGETS if pattern.fullmatch(path)), None)


def judge(path: str, text: str) -> list[Finding]:
    lines, limit = text.count("\n"), budget(path)
    if path.endswith("CMakeLists.txt"):
        lines -= len(re.findall(policy.FILE_NAME_LINE, text, re.M))
    if limit is None or lines <= limit:
        return []
    return [Finding(f"{lines} lines, the budget is {limit}: split it by its jobs", path, lines)]


def check(ctx: Context) -> list[Finding]:
    paths = ctx.tree.glob(*(pattern for pattern, _ in policy.LINES))
    return [finding for path in paths for finding in judge(path, ctx.tree.text(path))]


GATE = Gate(
    "every source file keeps to its line budget",
    check,
    inputs=[pattern for pattern, _ in policy.LINES],
    mutations=[
        Mutation(
            "a C file grows past its budget",
            "the budget is 800",
            [Edit("libs/core/src/long.c", text="\n" * 801)],
        ),
        Mutation(
            "a public header grows past its budget",
            "the budget is 150",
            [Edit("libs/core/include/tpl/status.h", text="\n" * 150)],
        ),
    ],
)
