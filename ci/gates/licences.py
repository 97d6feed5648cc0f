"""Every C file names its licence, and the wheel has the licence of all that is compiled into it."""

from __future__ import annotations

import os

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import licensing, native, sdist, wheelfile

TEXT, PROJECT = "LICENSES/xxHash.txt", "pyproject.toml"


def files(ctx: Context) -> list[Finding]:
    faults = [(path, licensing.file_fault(ctx.tree.text(path))) for path in ctx.tree.glob(*policy.C_FILES)]
    return [Finding(fault, path, 1) for path, fault in faults if fault]


def project(ctx: Context) -> list[Finding]:
    text = ctx.tree.text(PROJECT)
    texts = {path: ctx.tree.text(path) for path in ctx.tree.glob("LICENSE", "LICENSES/*")}
    listed = licensing.listed(text, "license-files")
    return [Finding(*fault) for fault in licensing.project_faults(text, wheelfile.expression(text), listed, texts)]


def check(ctx: Context) -> list[Finding]:
    found = files(ctx) + project(ctx)
    if found:
        return found
    header = os.path.join(sdist.header_in(native.built(ctx, "release")), "xxhash.h")
    fault = licensing.notice_fault(sdist.read(header).decode(), ctx.tree.text(TEXT))
    return [Finding(f"{header} {fault}", TEXT, 1)] if fault else []


GATE = Gate(
    "C files name their licence; the licences of what is compiled in are there, to the word",
    check,
    needs=["build"],
    tools=native.TOOLS,
    inputs=["LICENSE", "LICENSES/**", PROJECT, "cmake/**", *policy.C_FILES],
    mutations=[
        Mutation("a C file that names none", "does not begin with", [Edit("libs/core/src/new.c", text="int x;\n")]),
        Mutation(
            "another licence", "is not the text of MIT", [Edit("LICENSE", "free of charge", "for money")], at="LICENSE"
        ),
        Mutation("a licence kept back", "has the licence MIT,", [Edit(PROJECT, '"MIT AND BSD-2-Clause"', '"MIT"')]),
        Mutation("a holder left out", "opens with another notice", [Edit(TEXT, "Yann Collet", "Nobody")], at=TEXT),
    ],
)
