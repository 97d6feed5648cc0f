"""Says where two wheels begin to differ, in words that lead to the cause."""

from __future__ import annotations

import contextlib
import zipfile

from ci.tools.elf import Elf, Unreadable

AROUND = 24
TEXTS = (".rodata", ".comment")  # where a binary keeps words


def explain(one: str, other: str) -> str:
    """The first difference of two files; empty when they hold the same bytes."""
    with open(one, "rb") as a, open(other, "rb") as b:
        if a.read() == b.read():
            return ""
    with zipfile.ZipFile(one) as first, zipfile.ZipFile(other) as second:
        names, others = first.namelist(), second.namelist()
        if sorted(names) != sorted(others):
            name = min(set(names) ^ set(others))
            return f"{name} is only in the {'first' if name in names else 'second'}"
        differing = [name for name in names if first.read(name) != second.read(name)]
        # RECORD follows from the others.
        differing.sort(key=lambda name: name.endswith(".dist-info/RECORD"))
        if differing:
            return f"{differing[0]} differs {_place(first.read(differing[0]), second.read(differing[0]))}"
        return _frame(first, second)


def _place(one: bytes, other: bytes) -> str:
    return _text(one, other) or _byte(one, other)


def _text(one: bytes, other: bytes) -> str:
    """What only one of two binaries says; a linker orders what they say by its hash, so that another word moves all."""
    with contextlib.suppress(Unreadable):
        elves = Elf(one), Elf(other)
        for section in TEXTS:
            first, second = (set(elf.content(section).split(b"\0")) for elf in elves)
            if first != second:
                only = [max(found, key=len, default=b"") for found in (first - second, second - first)]
                return f"in {section}: {only[0]!r} and {only[1]!r}"
    return ""


def _byte(one: bytes, other: bytes) -> str:
    at = next((i for i, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))
    begin = max(0, at - AROUND // 2)
    shown = [repr(content[begin : begin + AROUND])[1:] for content in (one, other)]
    return f"from byte {at}: {shown[0]} and {shown[1]} ({len(one)} and {len(other)} bytes)"


def _frame(first: zipfile.ZipFile, second: zipfile.ZipFile) -> str:
    """What differs though the members' contents do not."""
    if first.namelist() != second.namelist():
        return "the members are in another order"
    for a, b in zip(first.infolist(), second.infolist()):
        for what in ("date_time", "external_attr", "compress_type", "create_version", "create_system", "flag_bits"):
            if getattr(a, what) != getattr(b, what):
                return f"{a.filename} is stored with another {what}: {getattr(a, what)} and {getattr(b, what)}"
    return "the members are packed differently"
