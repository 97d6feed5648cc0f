"""Says where two wheels begin to differ, in words that lead to the cause."""

from __future__ import annotations

import zipfile

from ci.tools.elf import Elf, Unreadable

AROUND = 24


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
    at, section = _first(one, other)
    begin = max(0, at - AROUND // 2)
    shown = [repr(content[begin : begin + AROUND])[1:] for content in (one, other)]
    return f"from byte {at}{section}: {shown[0]} and {shown[1]} ({len(one)} and {len(other)} bytes)"


def _first(one: bytes, other: bytes) -> tuple[int, str]:
    """Where they begin to differ; in a binary, first of all outside of the id, which follows from the rest."""
    places = [i for i, (a, b) in enumerate(zip(one, other)) if a != b] or [min(len(one), len(other))]
    try:
        elf = Elf(one)
    except Unreadable:
        return places[0], ""
    at = next((i for i in places if elf.section_at(i) != ".note.gnu.build-id"), places[0])
    return at, f" ({elf.section_at(at)})"


def _frame(first: zipfile.ZipFile, second: zipfile.ZipFile) -> str:
    """What differs though the members' contents do not."""
    if first.namelist() != second.namelist():
        return "the members are in another order"
    for a, b in zip(first.infolist(), second.infolist()):
        for what in ("date_time", "external_attr", "compress_type", "create_version", "create_system", "flag_bits"):
            if getattr(a, what) != getattr(b, what):
                return f"{a.filename} is stored with another {what}: {getattr(a, what)} and {getattr(b, what)}"
    return "the members are packed differently"
