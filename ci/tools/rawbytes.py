"""Reading binary forms that may lie: every place is checked, every loop ends, and a lie is one error."""

from __future__ import annotations

import struct

from ci.tools.elf import Unreadable

MOST_NAMES = 100_000  # no module has so many; a table that claims them is made to keep its reader busy
LONGEST_NAME = 4096
# What reading a damaged file raises, here and in what is called.
DAMAGE = (struct.error, ValueError, IndexError, OverflowError, RecursionError)


class Reader:
    """Bytes, read at places that they name themselves."""

    def __init__(self, content: bytes, order: str = "<") -> None:
        self.content = content
        self.order = order

    def unpack(self, form: str, offset: int) -> tuple[int, ...]:
        if offset < 0:
            raise ValueError("a part lies before its begin")
        return struct.unpack_from(self.order + form, self.content, offset)

    def part(self, offset: int, size: int) -> bytes:
        if offset < 0 or size < 0 or offset + size > len(self.content):
            raise ValueError("a part lies beyond its end")
        return self.content[offset : offset + size]

    def string(self, offset: int, end: int | None = None) -> str:
        """A name that a zero byte ends, within `end`."""
        if offset < 0:
            raise ValueError("a name lies before its begin")
        limit = min(len(self.content) if end is None else end, offset + LONGEST_NAME)
        return self.content[offset : self.content.index(b"\0", offset, limit)].decode("utf-8")


def counted(number: int) -> int:
    if number > MOST_NAMES:
        raise ValueError(f"a table claims {number} names")
    return number


def unreadable(kind: str, error: BaseException) -> Unreadable:
    return Unreadable(f"is a damaged {kind} file ({error})")
