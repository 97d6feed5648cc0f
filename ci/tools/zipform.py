"""The bytes of a ZIP file, read strictly: two programs must not find two archives in one file."""

from __future__ import annotations

import struct
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_ENCRYPTED, _SIZES_FOLLOW = 1, 8
_STORED, _DEFLATED = 0, 8


class Entry:
    """What the directory says of a member."""

    def __init__(self, content: bytes, at: int) -> None:
        fields = _ENTRY.unpack_from(content, at)
        if fields[0] != b"PK\1\2":
            raise ValueError("its directory is damaged")
        self.flags, self.method, self.when = fields[3], fields[4], fields[5:7]
        self.crc, self.packed, self.size = (int(field) for field in fields[7:10])
        name, self.extra, self.comment = fields[10:13]
        self.offset = int(fields[16])
        self.raw = content[at + _ENTRY.size : at + _ENTRY.size + name]
        self.name = self.raw.decode("utf-8", "replace")
        self.next = at + _ENTRY.size + name + self.extra + self.comment


def faults(content: bytes) -> Iterator[str]:
    """All that makes it other than plain: members one after the other, then the directory, then the end."""
    try:
        yield from _faults(content)
    except (struct.error, ValueError) as error:
        yield f"cannot be read as a ZIP file: {error}"


def _faults(content: bytes) -> Iterator[str]:
    end = content.rfind(b"PK\5\6")
    if end < 0:
        raise ValueError("it has no end record")
    _, disk, first, here, count, size, start, comment = _END.unpack_from(content, end)
    if end + _END.size != len(content):
        yield f"{len(content) - end - _END.size} bytes follow its end record"
    if disk or first or here != count or comment:
        yield "its end record is not plain"
    if start + size != end:
        yield f"{end - start - size} bytes lie between its directory and its end record"
    entries, at = [], start
    for _ in range(count):
        entries.append(Entry(content, at))
        at = entries[-1].next
    if at != start + size:
        yield "its directory is not as long as it says"
    yield from _member_faults(content, entries, start)


def _member_faults(content: bytes, entries: list[Entry], start: int) -> Iterator[str]:
    names = [entry.raw for entry in entries]
    yield from (
        f"{name.decode('utf-8', 'replace')} is there twice" for name in sorted(set(names)) if names.count(name) > 1
    )
    if len({entry.when for entry in entries}) > 1:
        yield "its members have different times"
    at = 0
    for entry in sorted(entries, key=lambda entry: entry.offset):
        if entry.offset != at:
            yield f"{entry.name} does not follow what is before it: {entry.offset - at} bytes between"
        yield from _one(content, entry)
        at = _data(content, entry) + entry.packed
    if at != start:
        yield f"{start - at} bytes lie between its members and its directory"


def _data(content: bytes, entry: Entry) -> int:
    name, extra = struct.unpack_from("<HH", content, entry.offset + _LOCAL.size - 4)
    return entry.offset + _LOCAL.size + int(name) + int(extra)


def _one(content: bytes, entry: Entry) -> Iterator[str]:
    mark, _, flags, method, _, _, crc, packed, size, name, extra = _LOCAL.unpack_from(content, entry.offset)
    if mark != b"PK\3\4":
        raise ValueError(f"{entry.name} is not where its directory says")
    raw = content[entry.offset + _LOCAL.size : entry.offset + _LOCAL.size + name]
    said = (raw, flags, method, crc, packed, size)
    if said != (entry.raw, entry.flags, entry.method, entry.crc, entry.packed, entry.size):
        yield f"{entry.name} is described in two ways, by its header and by the directory"
    if entry.extra or extra or entry.comment:
        yield f"{entry.name} has an extra field or a comment"
    if entry.flags & (_ENCRYPTED | _SIZES_FOLLOW) or entry.method not in (_STORED, _DEFLATED):
        yield f"{entry.name} is stored in an unusual way"
    elif not _is_whole(content, entry):
        yield f"{entry.name} is damaged"


def _is_whole(content: bytes, entry: Entry) -> bool:
    at = _data(content, entry)
    packed = content[at : at + entry.packed]
    if entry.method == _STORED:
        return len(packed) == entry.size and zlib.crc32(packed) == entry.crc
    inflater = zlib.decompressobj(-15)
    try:
        plain = inflater.decompress(packed, entry.size + 1)
    except zlib.error:
        return False
    if not inflater.eof or inflater.unused_data:
        return False
    return len(plain) == entry.size and zlib.crc32(plain) == entry.crc
