"""What the native types show of themselves: dicts, and HTML for notebooks."""

from __future__ import annotations

import html
import json
from typing import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from . import Diff, Manifest, Verification

SHOWN = 20  # rows of a table


def manifest_dict(manifest: Manifest) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(manifest.encode())
    return document


def _text(value: object) -> str:
    """Escaped, and Unicode whatever a name holds."""
    text = str(value).encode("utf-8", "backslashreplace").decode()
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return html.escape(shown)


def _table(caption: str, head: Sequence[str], rows: Iterable[Sequence[object]], count: int) -> str:
    lines = ["".join(f"<td>{_text(cell)}</td>" for cell in row) for row in rows]
    if count > len(lines):
        lines.append(f'<td colspan="{len(head)}">and {count - len(lines)} more</td>')
    return (
        f"<table><caption>{_text(caption)}</caption>"
        f"<thead><tr>{''.join(f'<th>{_text(name)}</th>' for name in head)}</tr></thead>"
        f"<tbody>{''.join(f'<tr>{line}</tr>' for line in lines)}</tbody></table>"
    )


def _findings(caption: str, kinds: Sequence[tuple[str, Sequence[object]]]) -> str:
    rows = [(kind, value) for kind, values in kinds for value in values[:SHOWN]][:SHOWN]
    return _table(caption, ("", "path"), rows, sum(len(values) for _, values in kinds))


def manifest_html(manifest: Manifest) -> str:
    rows = [(entry.path, entry.size, entry.hash) for entry in manifest[:SHOWN]]
    caption = f"Manifest {manifest.version}: {len(manifest)} files, {manifest.total_size} bytes"
    return _table(caption, ("path", "size", "hash"), rows, len(manifest))


def diff_html(diff: Diff) -> str:
    counts = f"{len(diff.new)} new, {len(diff.modified)} modified, {len(diff.deleted)} deleted"
    kinds = [("A", diff.new), ("M", diff.modified), ("D", diff.deleted)]
    return _findings(f"Diff: {counts}, {diff.unchanged_count} unchanged", kinds)


def verification_html(found: Verification) -> str:
    kinds: list[tuple[str, Sequence[object]]] = [
        ("missing", found.missing),
        ("modified", found.modified),
        ("unexpected", found.unexpected),
        ("type changed", found.type_changed),
        ("unreadable", [f"{one.path}: {one.error}" for one in found.unreadable]),
    ]
    count = sum(len(values) for _, values in kinds)
    return _findings(f"Verification: {found.checked} checked, {count} findings", kinds)
