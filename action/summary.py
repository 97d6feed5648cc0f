"""The step's summary: what was found, and a table of what changed."""

from __future__ import annotations

from action.channel import plain
from ci import policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from action.jobs import Answer

FACTS = (
    ("contentHash", "content hash"),
    ("manifestHash", "manifest hash"),
    ("fileCount", "files"),
    ("totalSize", "bytes"),
)


def cell(text: str) -> str:
    """Text of others as it is: whatever could be Markdown, HTML or a link in it becomes a character's number."""
    shown = plain(text)
    return "<code>" + "".join(c if c.isalnum() or c in " /" else f"&#{ord(c)};" for c in shown) + "</code>"


def changes(answer: Answer) -> Iterator[str]:
    for name, paths in (answer.lists or {}).items():
        for path in paths:
            yield f"| {name} | {cell(path)} |"


def table(rows: list[str], head: str) -> str:
    shown = rows[: policy.ACTION_ROWS]
    more = len(rows) - len(shown)
    lines = [f"| {head} |", "|---|---|", *shown, *([f"| | and {more} more |"] if more else [])]
    return "\n".join(lines) + "\n"


def text(answer: Answer, failing: bool) -> str:
    sign = "❌ " if failing else ""
    facts = [f"| {title} | {answer.facts[name]} |" for name, title in FACTS if name in answer.facts]
    parts = [f"### {sign}{policy.COMMAND} {answer.command}: {answer.headline()}\n"]
    parts.append(table([f"| path | {cell(answer.root)} |", *facts], "what | value"))
    rows = list(changes(answer)) + [f"| {f['hash']} | {cell(str(f['path']))} |" for f in answer.files]
    if rows:
        parts.append(table(rows, "hash | file" if answer.files else "change | file"))
    return "\n".join(parts) + "\n"
