"""The sdist is all that a build needs: without version control and without network it gives the same wheel."""

from __future__ import annotations

import os
import tempfile

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation, Skip
from ci.tools import difference, sdist, wheel


def rebuilt(ctx: Context, tree: str, made: str, before: list[str]) -> list[str]:
    """What is wrong with the wheel that the unpacked sdist gives."""
    os.makedirs(made)
    second = os.path.join(made, wheel.build(ctx, tree, made, before=before))
    used, carried = sdist.header_used(tree), os.path.join(tree, os.path.dirname(policy.CARRIED[0]))
    faults = [] if os.path.realpath(used) == os.path.realpath(carried) else [f"builds with {used}, not what it carries"]
    fault = difference.explain(wheel.built(ctx), second)
    return [*faults, f"does not give the tree's wheel: {fault}"] if fault else faults


def check(ctx: Context) -> list[Finding]:
    path = sdist.made(ctx)
    with tempfile.TemporaryDirectory(prefix="sdist ") as place:
        tree = sdist.unpacked(path, place)
        faults = list(sdist.content_faults(ctx, tree))
        before = sdist.cut(ctx)
        if not before and not faults:
            raise Skip("the network cannot be cut off here: run as root, or where users may have namespaces (unshare)")
        faults = faults or rebuilt(ctx, tree, os.path.join(place, "made"), before)
    return [Finding(fault, os.path.relpath(path, ctx.root)) for fault in faults]


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
