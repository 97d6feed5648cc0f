"""Arrows point one way, and what is banned somewhere is not written there."""

from __future__ import annotations

import re

from ci import bans
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import csource
from ci.tools.rules import Ban

BREACHES = [
    *((ban.why, *ban.breach) for ban in bans.BANS),
    ("mem.h is not for this folder to include", "libs/cli/src/breach.c", '#include "mem.h"\n'),
    (
        "called `done`",
        "libs/core/src/status.c",
        "void f(void) {\n    goto a;\na:\n    return;\n}\n",
    ),
]


def banned(ctx: Context, ban: Ban) -> list[Finding]:
    search, found = re.compile(ban.pattern, re.M), []
    for path in ctx.tree.glob(*ban.files, but=ban.but):
        text = ctx.tree.text(path)
        code = csource.bare(text) if path.endswith((".c", ".h")) and not ban.comments else text
        for match in search.finditer(code):
            line = csource.line_of(code, match.start())
            found.append(Finding(f"`{' '.join(match[0].split())}`: {ban.why}", path, line))
    return found


def check(ctx: Context) -> list[Finding]:
    found = [finding for ban in bans.BANS for finding in banned(ctx, ban)]
    for path in ctx.tree.glob("**/*.[ch]"):
        text = ctx.tree.text(path)
        for header, line in csource.strays(path, text, ctx.tree.glob("**/*.h")):
            found.append(Finding(f"{header} is not for this folder to include", path, line))
        for name, line in csource.stray_labels(text):
            found.append(Finding(f"label {name}: one a function, called `done`", path, line))
    return found


GATE = Gate(
    "dependencies point one way; banned calls, macros, labels and words are absent",
    check,
    inputs=["**/*.[ch]", *dict.fromkeys(files for ban in bans.BANS for files in ban.files)],
    mutations=[Mutation(f"breach of: {why}", why, [Edit(path, text=text)]) for why, path, text in BREACHES],
)
