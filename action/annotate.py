"""Annotations on files that changed, no more than a runner keeps of one step."""

from __future__ import annotations

import os

from action.channel import TITLE, Channel, plain
from ci import policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from action.jobs import Answer


def write(answer: Answer, failing: bool, workspace: str, channel: Channel) -> None:
    """Of failures, one place is kept for the line that says why the step fails."""
    kind, room = ("error", policy.ACTION_ANNOTATIONS - 1) if failing else ("notice", policy.ACTION_ANNOTATIONS)
    changes = [(name, path) for name, paths in (answer.lists or {}).items() for path in paths]
    shown = changes if len(changes) <= room else changes[: room - 1]
    for name, path in shown:
        channel.command(kind, f"{name}: {plain(path)}", title=TITLE, **place(answer, path, workspace))
    if len(changes) > len(shown):
        channel.command(kind, f"and {len(changes) - len(shown)} more files; the report lists them", title=TITLE)


def place(answer: Answer, path: str, workspace: str) -> dict[str, str]:
    """The file as the repository knows it; nothing where it lies outside."""
    if not os.path.isdir(answer.root):
        return {}
    inside = os.path.relpath(os.path.join(answer.root, path), workspace)
    return {} if inside.split(os.sep)[0] == os.pardir else {"file": inside}
