"""Every example of every document runs, those that take minutes, too."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import examples, native, wheel


def check(ctx: Context) -> list[Finding]:
    """Documents in the order of their names, in one copy of the tree, each from its state. Arguments: the documents."""
    documents = {path: examples.all_of(ctx.tree.text(path)) for path in ctx.tree.glob(*(ctx.args or ["**/*.md"]))}
    found: list[Finding] = []
    folder, skipped = examples.copied(ctx, "examples"), 0
    examples.prepare(ctx, folder, [block for blocks in documents.values() for block in blocks])
    for path, blocks in documents.items():
        found += examples.run(ctx, path, blocks, folder)
        examples.restore(ctx, folder)
        skipped += sum(bool(examples.elsewhere(line.removeprefix("$ "))) for block in blocks for line in block.lines)
    ctx.note(f"{skipped} lines are run elsewhere (ELSEWHERE in ci/policy.py says by what)")
    return found


GATE = Gate(
    "all examples of the documents run, in a copy of the tree (-- DOCUMENT... picks some)",
    check,
    needs=["build", "docs"],
    tools=[*wheel.TOOLS, *native.TOOLS, "git"],
    inputs=["**"],
    deep=True,
    always="some examples need a network",
    seconds=600,
    timeout=3600,
    mutations=[
        Mutation(
            "a slow example that fails",
            "the example exits with",
            [Edit("docs/README.md", text="```sh\ncmake --preset dev\nctest --preset dev --no-tests=error\n```\n")],
            args=["docs/README.md"],
        ),
        Mutation(
            "a slow command that does not print what is shown",
            "does not print",
            [Edit("docs/README.md", text="```console\n$ cmake --version | head -1\nmake 1\n```\n")],
            args=["docs/README.md"],
        ),
    ],
)
