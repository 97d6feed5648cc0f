"""How values are printed: lists of texts, and sizes."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def quoted(texts: Iterable[str]) -> str:
    """A list of texts as Rust's debug form prints it."""
    short = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}
    shown = ("".join(short.get(c) or (c if c.isprintable() else f"\\u{{{ord(c):x}}}") for c in text) for text in texts)
    return "[" + ", ".join(f'"{text}"' for text in shown) + "]"


def size_text(count: float) -> str:
    """Bytes for a reader: 999 B, 1.0 KB, 123.46 GB."""
    *units, largest = ("B", "KB", "MB", "GB", "TB", "PB")
    for unit in units:
        if round(count, 2) < 1000:
            return f"{round(count, 2)} {unit}"
        count /= 1000
    return f"{round(count, 2)} {largest}"
