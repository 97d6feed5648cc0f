"""Reads what a Mach-O file (macOS), plain or universal, asks of libraries and shows to others."""

from __future__ import annotations

from ci.tools.elf import Unreadable
from ci.tools.rawbytes import DAMAGE, Reader, counted, unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_THIN = {
    b"\xcf\xfa\xed\xfe": ("<", True),
    b"\xfe\xed\xfa\xcf": (">", True),
    b"\xce\xfa\xed\xfe": ("<", False),
    b"\xfe\xed\xfa\xce": (">", False),
}
_FAT = {b"\xca\xfe\xba\xbe": ("IIIII", 20), b"\xca\xfe\xba\xbf": ("IIQQII", 32)}
MAGICS = frozenset((*_THIN, *_FAT))
_SYMBOLS, _TRIES, _INFOS = 0x2, (0x80000033,), (0x22, 0x80000022)
_LIBRARIES = (0xC, 0x20, 0x80000018, 0x8000001F, 0x80000023)
_STAB, _PRIVATE, _KIND, _EXTERNAL = 0xE0, 0x10, 0x0E, 0x01
_MOST_SLICES = 16
_HEADER = "_mh_execute_header"  # each executable has it: not the work of who wrote it


class MachO:
    """The binary for one machine."""

    def __init__(self, content: bytes) -> None:
        if content[:4] not in _THIN:
            raise Unreadable("is not a Mach-O file")
        order, self._wide = _THIN[content[:4]]
        self._file = Reader(content, order)
        self.needed: list[str] = []
        self._wanted: set[str] = set()
        self._exported: set[str] = set()
        try:
            self._read()
        except DAMAGE as error:
            raise unreadable("Mach-O", error) from error

    def _read(self) -> None:
        self.machine, _, _, count, size = self._file.unpack("IIIII", 4)
        at = start = 32 if self._wide else 28
        for _ in range(count):
            command, length = self._file.unpack("II", at)
            if length < 8 or at + length > start + size:
                raise ValueError("a load command is longer than all of them")
            self._command(command, at, length)
            at += length

    def _command(self, command: int, at: int, length: int) -> None:
        if command == _SYMBOLS:
            self._symbols(*self._file.unpack("IIII", at + 8))
        elif command in _TRIES:
            self._trie(*self._file.unpack("II", at + 8))
        elif command in _INFOS:
            self._trie(*self._file.unpack("II", at + 40))
        elif command in _LIBRARIES:
            (name,) = self._file.unpack("I", at + 8)
            self.needed.append(self._file.string(at + name, at + length))

    def _symbols(self, place: int, count: int, strings: int, size: int) -> None:
        form, step = ("IBBHQ", 16) if self._wide else ("IBBHI", 12)
        self._file.part(strings, size)
        for i in range(counted(count)):
            name, kind, _, _, value = self._file.unpack(form, place + step * i)
            if kind & _STAB or not kind & _EXTERNAL or not name:
                continue
            text = plain(self._file.string(strings + name, strings + size))
            if kind & _KIND == 0 and value == 0:
                self._wanted.add(text)
            elif not kind & _PRIVATE:
                self._exported.add(text)

    def _trie(self, place: int, size: int) -> None:
        """The exports as the loader looks them up: a tree of the parts of names."""
        if size:
            self._exported |= {plain(name) for name in walk(self._file.part(place, size))}

    @property
    def wanted(self) -> list[str]:
        return sorted(self._wanted)

    @property
    def exported(self) -> list[str]:
        return sorted(self._exported - {_HEADER})


def plain(name: str) -> str:
    """A name as C has it: without the underscore that the form puts before each."""
    return name[1:] if name.startswith("_") else name


def walk(trie: bytes) -> Iterator[str]:
    """The names that a tree of exports holds. Each node is gone to once, so a tree that is none ends, too."""
    reader, seen, ahead = Reader(trie), {0}, [(0, "")]
    while ahead:
        at, name = ahead.pop()
        size, at = _uleb(trie, at)
        if size:
            yield name
        at += size
        children = trie[at]
        at += 1
        for _ in range(children):
            part = reader.string(at)
            at += len(part.encode()) + 1
            node, at = _uleb(trie, at)
            if node in seen or len(name) + len(part) > 4096:
                raise ValueError("the exports are no tree")
            seen.add(node)
            ahead.append((node, name + part))
        counted(len(seen))


def _uleb(content: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends."""
    value = shift = 0
    while True:
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at
        if shift > 63:
            raise ValueError("a number without end")


def slices(content: bytes) -> list[MachO]:
    """The binaries in a file: itself, or those of a universal one."""
    if content[:4] in _THIN:
        return [MachO(content)]
    form, step = _FAT[content[:4]]
    reader = Reader(content, ">")
    try:
        (count,) = reader.unpack("I", 4)
        if not 0 < count <= _MOST_SLICES:
            raise ValueError(f"{count} machines")
        parts = [reader.unpack(form, 8 + step * i) for i in range(count)]
        return [MachO(reader.part(part[2], part[3])) for part in parts]
    except DAMAGE as error:
        raise unreadable("universal Mach-O", error) from error
