"""The sdist is all that a build needs: without version control and without network it gives the same wheel."""

from __future__ import annotations

import os
import tempfile

from ci.runner.context import Context
from ci.runner.model import Broken, Edit, Finding, Gate, Mutation, Skip
from ci.tools import sdist, wheel


def check(ctx: Context) -> list[Finding]:
    path = sdist.made(ctx)
    at = os.path.relpath(path, ctx.root)
    with tempfile.TemporaryDirectory(prefix="sdist ") as place:
        tree = sdist.unpacked(path, place)
        faults = list(sdist.content_faults(ctx, tree))
        before = sdist.cut(ctx)
        if not before and not faults:
            raise Skip("the network cannot be cut off here: run as root, or where users may have namespaces (unshare)")
        try:
            faults = faults or sdist.rebuilt(ctx, tree, os.path.join(place, "made"), before)
        except Broken as broken:
            return [Finding(f"does not build: {found}", at, details=found.details) for found in broken.findings]
    return [Finding(fault, at) for fault in faults]


GATE = Gate(
    "the sdist, without version control and network, builds the same wheel",
    check,
    needs=["build"],
    tools=wheel.TOOLS,
    inputs=sdist.INPUTS,
    mutations=[
        Mutation(
            "nothing is carried",
            "xxhash.h is missing",
            [Edit("pyproject.toml", '"build/third_party/xxHash/xxhash.h" = "third_party/xxHash/xxhash.h"', "")],
        ),
        Mutation(
            "headers are left out",
            "missing and no known rule to make it",
            [Edit("pyproject.toml", '  "/libs/*/include",\n', "")],
        ),
        Mutation(
            "the carried header is not used",
            "not what it carries",
            [Edit("cmake/TplDependencies.cmake", 'if(EXISTS "${carried}/xxhash.h")', "if(FALSE)")],
        ),
    ],
)
