"""JSON of plain values, written without the package `json`, whose import takes as long as all else that a run needs."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    quoted: Callable[[str], str]
else:
    try:
        from _json import encode_basestring_ascii as quoted
    except ImportError:
        from json.encoder import py_encode_basestring_ascii as quoted

WORDS = {None: "null", True: "true", False: "false"}


def as_json(value: Any) -> str:
    """One line. It may end up in a build's log: what starts a command there is written as an escape."""
    return _text(value).replace("##[", "#\\u0023[")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return quoted(value)
    if value is None or isinstance(value, bool):
        return WORDS[value]
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(key)}: {_text(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(map(_text, value)) + "]"
