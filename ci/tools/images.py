"""Reads a binary of any of the three forms that a wheel may hold: what it asks of others, and what it shows to them."""

from __future__ import annotations

from ci.tools import elf, macho, pe
from ci.tools.elf import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Image(Protocol):
        """One binary for one machine."""

        @property
        def needed(self) -> list[str]:
            """Libraries that it is linked against."""

        @property
        def wanted(self) -> list[str]:
            """Names that others are to give."""

        @property
        def exported(self) -> list[str]:
            """Names that others may use."""


def read(content: bytes) -> list[Image]:
    """What a file holds: one binary, or, in Apple's universal form, one per machine."""
    if content[:4] == elf.MAGIC:
        return [elf.Elf(content)]
    if content[:2] == pe.MAGIC:
        return [pe.Pe(content)]
    if content[:4] in macho.MAGICS:
        return [*macho.slices(content)]
    raise Unreadable("is no binary: neither ELF nor Mach-O nor PE")


def form(content: bytes) -> str:
    """What kind of binary a file is."""
    return "ELF" if content[:4] == elf.MAGIC else "PE" if content[:2] == pe.MAGIC else "Mach-O"
