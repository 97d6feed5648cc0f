"""READMEs are where they should be, and what they say of the tree is true."""

from __future__ import annotations

import os

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.runner.tree import matcher
from ci.tools import claims


def judge(path: str, text: str, known: claims.Known) -> list[Finding]:
    folder = os.path.dirname(path)
    found = [Finding(fault, path, line) for line, fault in claims.faults(text, folder, known)]
    unlisted = claims.unlisted(text, folder, known)
    return found + [Finding(f"does not name {name}, which lies beside it", path, 1) for name in unlisted]


def check(ctx: Context) -> list[Finding]:
    known, found = claims.Known(ctx.tree), []
    wanted = matcher(policy.README_FOLDERS)
    for folder in sorted(known.folders - {"."} | {""}):
        path = os.path.join(folder, "README.md")
        if path in known.files:
            found += judge(path, ctx.tree.text(path), known)
        elif wanted.fullmatch(folder):
            found.append(Finding("this folder has no README", path))
    return found


GATE = Gate(
    "each part has a README whose paths, commands and listings are true",
    check,
    inputs=["**"],
    mutations=[
        Mutation(
            "a phantom path",
            "ci/nowhere.py does not",
            [Edit("ci/README.md", text="`ci/nowhere.py`\n")],
        ),
        Mutation("a phantom gate", "no such gate", [Edit("ci/README.md", text="`./ci.sh nowhere`\n")]),
        Mutation(
            "a file nobody lists", "does not name new.py", [Edit("ci/new.py", text='"""New."""\n')], at="ci/README.md"
        ),
        Mutation("a phantom preset", "no preset fast", [Edit("libs/core/README.md", text="`cmake --preset fast`\n")]),
        Mutation("a phantom command", "no such command", [Edit("libs/cli/README.md", text="`template-cli undo x`\n")]),
        Mutation(
            "a part without a README",
            "has no README",
            [Edit("libs/new/new.h", text="\n")],
            at="libs/new/README.md",
        ),
    ],
)
