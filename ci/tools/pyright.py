"""The package under pyright, which editors ask: by basedpyright, which comes whole from the package index."""

from __future__ import annotations

import json
import os

from ci.runner.model import Finding
from ci.tools import environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ci.runner.context import Context


def run(ctx: Context) -> list[Finding]:
    """What it says of the package, by the settings in pyproject.toml; warnings are findings, too."""
    python = environment.program(ctx.root, "pyright", "python")  # what the package imports lies beside the program
    done = ctx.run([ctx.tool("basedpyright"), "--pythonpath", python, "--outputjson"])
    found = findings(done.text, ctx.root)
    return found or ([ctx.failure(done)] if done.code else [])


def findings(text: str, root: str) -> list[Finding]:
    """One for each diagnostic of its JSON."""
    try:
        said = json.loads(text[text.index("{") :])["generalDiagnostics"]
    except ValueError:
        return []
    return [placed(each, root) for each in said]


def placed(said: dict[str, object], root: str) -> Finding:
    place = said.get("range")
    line = place["start"]["line"] + 1 if isinstance(place, dict) else 0
    path = os.path.relpath(str(said["file"]), root).replace(os.sep, "/")
    first, _, more = str(said["message"]).partition("\n")
    rule = f" ({said['rule']})" if "rule" in said else ""
    return Finding(f"{first}{rule}", path, line, more.strip())
