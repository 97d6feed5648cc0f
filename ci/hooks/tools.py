"""What an agent is about to do, by tool: a shell command, or a change of files."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

EDITS = ("Write", "Edit", "MultiEdit", "NotebookEdit", "apply_patch")


def refusal(root: str, call: Mapping[str, Any], env: Mapping[str, str]) -> str:
    """Why the call may not be made; empty when it may. A tool that is none of these is nobody's business here."""
    tool, given = call["tool_name"], call["tool_input"]
    if tool == "Bash":
        from ci.hooks import commands

        return commands.refusal(given["command"], root, env)
    if tool in EDITS:
        from ci.hooks import edits

        found = [edits.refusal(root, *change) for change in edits.written(root, tool, given)]
        return "; ".join(filter(None, found))
    return ""
