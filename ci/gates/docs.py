"""What documents say is there is there, and their examples run."""

from __future__ import annotations

import json
import os

from ci.runner.context import Context
from ci.runner.main import USAGE
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import claims, examples, markdown, options, wheel


def judge(path: str, text: str, known: claims.Known, takes: options.Options) -> list[Finding]:
    faults = [(block.line, examples.fault(block)) for block in markdown.blocks(text)]
    faults += ((line, takes.fault(words)) for line, words in markdown.commands(text))
    if os.path.basename(path) != "README.md":  # those are the gate readme's
        faults += claims.faults(text, os.path.dirname(path), known)
    return [Finding(fault, path, line) for line, fault in faults if fault]


def check(ctx: Context) -> list[Finding]:
    surface = json.loads(ctx.must([wheel.command(wheel.installed(ctx, "test")), "surface"]))
    known, takes = claims.Known(ctx.tree), options.Options(surface, USAGE)
    found, ran, slow = [], 0, 0
    for path in ctx.tree.glob("**/*.md"):
        text = ctx.tree.text(path)
        found += judge(path, text, known, takes)
        blocks = examples.all_of(text)
        wanted = examples.wanted(blocks)
        ran, slow = ran + len(wanted), slow + len(blocks) - len(wanted)
        found += examples.run(ctx, path, wanted) if wanted else []
    ctx.note(f"{ran} examples run; gate examples has {slow} slow ones")
    return found


GATE = Gate(
    "options, paths and gates that documents name exist; quick examples run",
    check,
    needs=["build"],
    tools=wheel.TOOLS,
    inputs=["**"],
    seconds=10,
    mutations=[
        Mutation("a phantom option", "no option --nope", [Edit("CHANGELOG.md", text="`template-cli diff --nope`\n")]),
        Mutation("a phantom option alone", "no option --nope", [Edit("docs/architecture.md", text="`--nope`\n")]),
        Mutation("a phantom choice", "does not take png", [Edit("CHANGELOG.md", text="`--color png`\n")]),
        Mutation("a phantom path", "ci/no.py does not", [Edit("CHANGELOG.md", text="`ci/no.py`\n")]),
        Mutation("a phantom gate", "no such gate", [Edit("CONTRIBUTING.md", text="`./ci.sh nowhere`\n")]),
        Mutation("a language that nobody runs", "a block of zsh", [Edit("README.md", text="```zsh\n:\n```\n")]),
        Mutation("an escape", "nothing may", [Edit("README.md", text="```sh later\nfalse\n```\n")]),
        Mutation("a command that fails", "exits with 1", [Edit("README.md", text="```sh\nfalse\n```\n")]),
        Mutation("Python that fails", "exits with 1", [Edit("README.md", text="```python\n1 / 0\n```\n")]),
        Mutation(
            "a failure unseen", "of which nothing is shown", [Edit("README.md", text="```console\n$ false\n```\n")]
        ),
        Mutation("output that is not so", "not print", [Edit("README.md", text="```console\n$ echo a\nb\n```\n")]),
    ],
)
