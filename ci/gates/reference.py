"""Pages of the Python API, made from the docstrings of all that is public."""

from __future__ import annotations

import os

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import reference, wheel

RATE = '        """Bytes a second of what was not skipped; 0.0 when no time is known."""\n'


def check(ctx: Context) -> list[Finding]:
    """Warnings of the generator end it; what has no docstring it lists."""
    target = ctx.path("build", "reference")
    python = wheel.python(wheel.installed(ctx, "reference"))
    done = ctx.run([python, os.path.join("docs", "reference.py"), target])
    ctx.note(f"{os.path.relpath(target, ctx.root)}/index.html")
    return reference.bare(ctx, done.text) or ([ctx.failure(done)] if done.code else [])


GATE = Gate(
    "all that is public has a docstring, of which pages are made without a warning (pdoc; build/reference/index.html)",
    check,
    needs=["build"],
    tools=wheel.TOOLS,
    inputs=[*wheel.INPUTS, "docs/reference.py"],
    seconds=10,
    mutations=[
        Mutation(
            "a property without a docstring",
            "SummaryStatistics.transfer_rate: no docstring",
            [Edit("src/template_pkg/values.py", RATE, "")],
        ),
        Mutation(
            "a native method without a docstring",
            "Manifest.to_dict: no docstring",
            [Edit("libs/py/src/manifest.c", "The document that encode() writes, as a new dict.", "")],
            at="src/template_pkg/_native.pyi",
        ),
    ],
)
