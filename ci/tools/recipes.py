"""The recipes of docs/action.md: whole workflows that stand in a document."""

from __future__ import annotations

import os
import re

from ci import policy
from ci.runner.model import Finding
from ci.tools import markdown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ci.runner.context import Context

# How the document names this project's own Action, with nobody's name and commit; and an owner and a commit.
OURS = re.compile(r"OWNER/[\w-]+((?:/[\w-]+)*)@COMMIT")
OTHERS = re.compile(r"\buses: actions/([\w-]+)(?:/[\w/-]+)?@([0-9a-f]{40})")
PUT_IN = r"someone/something\1@" + "0" * 40


def texts(ctx: Context) -> dict[str, str]:
    """Name of a recipe, from the heading above it -> its workflow, on the lines that it has in the document."""
    text = ctx.tree.text(policy.ACTION_DOCUMENT)
    headings = [(number, line[4:]) for number, line in enumerate(text.splitlines(), 1) if line.startswith("### ")]
    found = {}
    for block in markdown.blocks(text):
        if block.language == "yaml" and block.lines[0].startswith("name:"):
            heading = max((n, title) for n, title in headings if n < block.line)[1]
            found[re.sub(r"\W+", "-", heading.lower())] = "\n" * block.line + "\n".join(block.lines) + "\n"
    return found


def copies(ctx: Context, folder: str = "") -> list[str]:
    """Each recipe as a file that linters take for a workflow; paths from the root."""
    folder = folder or ctx.scratch(ctx.name, "recipes", ".github", "workflows")
    paths = []
    for name, text in texts(ctx).items():
        path = os.path.join(folder, f"{name}.yml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(OURS.sub(PUT_IN, text))
        paths.append(os.path.relpath(path, ctx.root))
    return paths


def placed(findings: Iterable[Finding]) -> list[Finding]:
    """Findings about copies, at their places in the document."""
    return [Finding(each.message, policy.ACTION_DOCUMENT, each.line, each.details) for each in findings]
