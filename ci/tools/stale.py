"""Puts wrong commands into the wheel's environment of a checkout, and takes them back."""

from __future__ import annotations

import os

from ci import policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

OLDER = """#!/bin/sh
"$0.kept" "$@" | sed 's/"buildId": *"[^"]*"/"buildId":"0123456789abcdef"/'
"""


def _aside(root: str) -> tuple[str, Callable[[], None]]:
    path = os.path.join(root, "build", "venv", "plain", "bin", policy.COMMAND)
    os.rename(path, f"{path}.kept")
    return path, lambda: os.replace(f"{path}.kept", path)


def command(root: str) -> Callable[[], None]:
    """A command that is like the right one, but for the build that it says it is."""
    path, undo = _aside(root)
    with open(path, "w", encoding="utf-8") as file:
        file.write(OLDER)
    os.chmod(path, 0o755)
    return undo


def no_command(root: str) -> Callable[[], None]:
    return _aside(root)[1]
