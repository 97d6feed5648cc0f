"""Reads YAML, which Python's library does not: by the reader that comes with check-jsonschema."""

from __future__ import annotations

import json

from ci.tools import environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ci.runner.context import Context

TOOL = "check-jsonschema"
READ = """
import json, sys
from ruamel.yaml import YAML
print(json.dumps({path: YAML(typ="safe", pure=True).load(open(path, "rb")) for path in sys.argv[1:]}))
"""


def load(ctx: Context, paths: Iterable[str]) -> dict[str, Any]:
    """Path -> what the file holds; paths as they are given, from the tree's root."""
    ctx.toolbox.check([TOOL])
    python = environment.program(ctx.root, "action", "python")
    documents: dict[str, Any] = json.loads(ctx.must([python, "-I", "-c", READ, *paths]))
    return documents
