"""Reads what an ELF file says of itself: kind, needs, symbols, and how it is hardened."""

from __future__ import annotations

import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC = b"\x7fELF"
DYN = 3
LOAD, DYNAMIC, INTERP, STACK, RELRO = 1, 2, 3, 0x6474E551, 0x6474E552
EXECUTE, WRITE = 1, 2
_NEEDED, _TEXTREL, _BIND_NOW, _FLAGS, _FLAGS_1 = 1, 22, 24, 30, 0x6FFFFFFB
_RUN_PATHS = (15, 29)
_NOBITS = 8
_DYNSYM, _VERSIONS, _VERNEED = 11, 0x6FFFFFFF, 0x6FFFFFFE


class Unreadable(Exception):
    """Not an ELF file, or a damaged one; says how."""


class Symbol:
    """A row of the dynamic symbol table; `version` is what the library that is to give it must have."""

    def __init__(self, name: str, info: int, section: int, version: str) -> None:
        self.name = name
        self.is_local = info >> 4 == 0
        self.is_weak = info >> 4 == 2
        self.is_defined = section != 0
        self.version = version


class Elf:
    """An ELF file, read whole."""

    def __init__(self, content: bytes) -> None:
        if content[:4] != MAGIC or len(content) < 64:
            raise Unreadable("is not an ELF file")
        if content[4] not in (1, 2) or content[5] not in (1, 2):
            raise Unreadable("is an ELF file of no known class")
        self._bytes = content
        self._order = "<" if content[5] == 1 else ">"
        self._wide = content[4] == 2
        try:
            self._read()
        except (struct.error, ValueError, IndexError, OverflowError, StopIteration) as error:
            raise Unreadable(f"is a damaged ELF file ({error})") from error

    def _read(self) -> None:
        self.type, self.machine = self._unpack("HH", 16)
        head = self._unpack("QQQIHHHHHH" if self._wide else "IIIIHHHHHH", 24)
        self.segments = [self._segment(head[1] + i * head[5]) for i in range(head[6])]
        headers = [self._section(head[2] + i * head[7]) for i in range(head[8])]
        if not headers:
            raise ValueError("no section headers")
        names = self._slice(headers[head[9]][4:6])
        self.sections = [_string(names, header[0]) for header in headers]
        self._places = [(0, 0) if header[1] == _NOBITS else (header[4], header[5]) for header in headers]
        self.dynamic = list(self._dynamic(headers))
        self.needed = [self._dynamic_string(headers, value) for tag, value in self.dynamic if tag == _NEEDED]
        self.versions = self._versions(headers)
        self.symbols = list(self._symbols(headers))

    def _unpack(self, form: str, offset: int) -> tuple[int, ...]:
        return struct.unpack_from(self._order + form, self._bytes, offset)

    def _slice(self, place: tuple[int, ...]) -> bytes:
        offset, size = place
        if offset + size > len(self._bytes):
            raise ValueError("a part lies beyond its end")
        return self._bytes[offset : offset + size]

    def _segment(self, offset: int) -> tuple[int, int]:
        """Type and flags."""
        fields = self._unpack("II" if self._wide else "IIIIIII", offset)
        return (fields[0], fields[1] if self._wide else fields[6])

    def _section(self, offset: int) -> tuple[int, ...]:
        """Name, type, flags, address, offset, size, link, info, alignment, entry size."""
        return self._unpack("IIQQQQIIQQ" if self._wide else "IIIIIIIIII", offset)

    def _dynamic(self, headers: list[tuple[int, ...]]) -> Iterator[tuple[int, int]]:
        for header in headers:
            if header[1] == 6:
                content, form = self._slice(header[4:6]), self._order + ("qQ" if self._wide else "iI")
                for tag, value in struct.iter_unpack(form, content):
                    if tag == 0:
                        break
                    yield tag, value

    def _dynamic_string(self, headers: list[tuple[int, ...]], offset: int) -> str:
        table = next(headers[header[6]] for header in headers if header[1] == 6)
        return _string(self._slice(table[4:6]), offset)

    def _symbols(self, headers: list[tuple[int, ...]]) -> Iterator[Symbol]:
        table = next((header for header in headers if header[1] == _DYNSYM), None)
        if table is None:
            return
        names = self._slice(headers[table[6]][4:6])
        rows = next((self._slice(header[4:6]) for header in headers if header[1] == _VERSIONS), b"")
        form = self._order + ("IBBHQQ" if self._wide else "IIIBBH")
        for index, row in enumerate(struct.iter_unpack(form, self._slice(table[4:6]))):
            info, section = (row[1], row[3]) if self._wide else (row[3], row[5])
            number = struct.unpack_from(self._order + "H", rows, 2 * index)[0] & 0x7FFF if rows else 0
            if row[0]:
                yield Symbol(_string(names, row[0]), info, section, self.versions.get(number, ""))

    def _versions(self, headers: list[tuple[int, ...]]) -> dict[int, str]:
        """Number in the symbol's row -> version, of those that other libraries are to give."""
        found: dict[int, str] = {}
        for header in headers:
            if header[1] != _VERNEED:
                continue
            names, at = self._slice(headers[header[6]][4:6]), header[4]
            for _ in range(header[7]):
                _, count, _, aux, following = self._unpack("HHIII", at)
                place = at + aux
                for _ in range(count):
                    _, _, number, name, step = self._unpack("IHHII", place)
                    found[number] = _string(names, name)
                    place += step
                    if step == 0:
                        break
                at += following
                if following == 0:
                    break
        return found

    @property
    def exported(self) -> list[str]:
        return sorted({s.name for s in self.symbols if s.is_defined and not s.is_local})

    @property
    def wanted(self) -> list[str]:
        """What other libraries are to give."""
        return sorted({s.name for s in self.symbols if not s.is_defined})

    @property
    def is_static(self) -> bool:
        return not self.needed

    @property
    def has_run_path(self) -> bool:
        return any(tag in _RUN_PATHS for tag, _ in self.dynamic)

    def _flag(self, tag: int, bit: int) -> bool:
        return any(found == tag and value & bit for found, value in self.dynamic)

    @property
    def is_pie(self) -> bool:
        return self.type == DYN and self._flag(_FLAGS_1, 0x08000000)

    @property
    def binds_now(self) -> bool:
        named = any(tag == _BIND_NOW for tag, _ in self.dynamic)
        return named or self._flag(_FLAGS, 8) or self._flag(_FLAGS_1, 1)

    @property
    def relocates_text(self) -> bool:
        return any(tag == _TEXTREL for tag, _ in self.dynamic) or self._flag(_FLAGS, 4)

    def content(self, section: str) -> bytes:
        """The bytes of a section in the file; none of one that it lacks."""
        return next((self._slice(place) for name, place in zip(self.sections, self._places) if name == section), b"")

    def flags_of(self, segment: int) -> list[int]:
        return [flags for kind, flags in self.segments if kind == segment]


def _string(table: bytes, offset: int) -> str:
    return table[offset : table.index(b"\0", offset)].decode("utf-8")
