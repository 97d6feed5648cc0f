"""Reads what a PE file (Windows: .exe, .dll, .pyd) asks of libraries and shows to others."""

from __future__ import annotations

from ci.tools.elf import Unreadable
from ci.tools.rawbytes import DAMAGE, Reader, counted, unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC = b"MZ"
_WIDE, _NARROW = 0x20B, 0x10B
_EXPORTS, _IMPORTS, _DELAYED = 0, 1, 13


class Pe:
    """A PE file, read whole."""

    def __init__(self, content: bytes) -> None:
        if content[:2] != MAGIC:
            raise Unreadable("is not a PE file")
        self._file = Reader(content)
        self.imports: dict[str, list[str]] = {}  # library, in small letters -> names; `#7` for one by number
        self._names = 0
        try:
            self._read()
        except DAMAGE as error:
            raise unreadable("PE", error) from error

    def _read(self) -> None:
        (at,) = self._file.unpack("I", 0x3C)
        if self._file.part(at, 4) != b"PE\0\0":
            raise ValueError("no PE header")
        self.machine, sections, _, _, _, optional, _ = self._file.unpack("HHIIIHH", at + 4)
        head = at + 24
        (magic,) = self._file.unpack("H", head)
        if magic not in (_WIDE, _NARROW):
            raise ValueError("of no known class")
        self._wide = magic == _WIDE
        table = head + (112 if self._wide else 96)
        (count,) = self._file.unpack("I", table - 4)
        self._folders = [self._file.unpack("II", table + 8 * i) for i in range(min(count, 16))]
        rows = [self._file.unpack("IIII", head + optional + 40 * i + 8) for i in range(sections)]
        self._sections = [(address, max(size, raw), offset, raw) for size, address, raw, offset in rows]
        self._read_imports(_IMPORTS, "IIIII", name=3, lookups=(0, 4))
        self._read_imports(_DELAYED, "IIIIIIII", name=1, lookups=(4, 3))
        self._exported = sorted(set(self._read_exports()))

    def _place(self, address: int) -> int:
        """Where in the file an address of the loaded image comes from."""
        for start, size, offset, raw in self._sections:
            if start <= address < start + min(size, raw):
                return offset + address - start
        raise ValueError(f"nothing of the file is loaded at {address:#x}")

    def _folder(self, number: int) -> tuple[int, int]:
        address, size = self._folders[number] if number < len(self._folders) else (0, 0)
        return address, size

    def _read_imports(self, folder: int, form: str, name: int, lookups: tuple[int, int]) -> None:
        """One table of libraries: where a row has its name and, in order of preference, what is looked up."""
        address, _ = self._folder(folder)
        at = self._place(address) if address else 0
        while address:
            row = self._file.unpack(form, at)
            if not row[name]:
                return
            library = self._file.string(self._place(row[name])).lower()
            lookup = row[lookups[0]] or row[lookups[1]]
            self.imports.setdefault(library, []).extend(self._lookups(self._place(lookup)))
            at += 4 * len(form)

    def _lookups(self, at: int) -> Iterator[str]:
        form, step = ("Q", 8) if self._wide else ("I", 4)
        while True:
            (value,) = self._file.unpack(form, at)
            if value == 0:
                return
            self._names = counted(self._names + 1)
            by_number = value >> (8 * step - 1)
            yield f"#{value & 0xFFFF}" if by_number else self._file.string(self._place(value) + 2)
            at += step

    def _read_exports(self) -> Iterator[str]:
        """Names, and `#7` for what is exported by number alone."""
        address, _ = self._folder(_EXPORTS)
        if not address:
            return
        base, functions, named, table, names, numbers = self._file.unpack("IIIIII", self._place(address) + 16)
        seen = set()
        for i in range(counted(named)):
            (name,) = self._file.unpack("I", self._place(names) + 4 * i)
            seen.add(self._file.unpack("H", self._place(numbers) + 2 * i)[0])
            yield self._file.string(self._place(name))
        for i in range(counted(functions)):
            if i not in seen and self._file.unpack("I", self._place(table) + 4 * i)[0]:
                yield f"#{base + i}"

    @property
    def needed(self) -> list[str]:
        return sorted(self.imports)

    @property
    def wanted(self) -> list[str]:
        return sorted({name for names in self.imports.values() for name in names})

    @property
    def exported(self) -> list[str]:
        return self._exported
