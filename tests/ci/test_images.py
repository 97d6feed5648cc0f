"""Readers of the binary forms: what they find in good files, and that damaged and lying ones end as one error."""

import random
import struct
import time

import pytest

from ci.tools import images, macho, pe, system
from ci.tools.elf import Unreadable
from tests.ci import images as make
from tests.ci.wheels import compiled

PE = make.pe({"python3.dll": ["PyA", "PyB"], "KERNEL32.dll": ["CreateFileW", 12]}, ["PyInit__native", "more"])
MACHO = make.macho(["PyA", "malloc"], ["PyInit__native"], trie=["_PyInit__native"])
FAT = make.fat([MACHO, make.macho(["PyB"], ["PyInit__native"], order=">")])


@pytest.mark.parametrize("wide", [True, False])
def test_what_a_pe_file_asks_and_shows(wide):
    read = pe.Pe(make.pe({"A.dll": ["one", 7]}, ["shown"], wide, delayed={"late.dll": ["two"]}))
    assert read.imports == {"a.dll": ["one", "#7"], "late.dll": ["two"]}
    assert (read.needed, read.wanted, read.exported) == (["a.dll", "late.dll"], ["#7", "one", "two"], ["shown"])


def test_a_pe_file_that_exports_by_number_alone_is_not_silent():
    content = bytearray(make.pe({}, ["one", "two"]))
    struct.pack_into("<I", content, 0x200 + 24, 1)  # the second has no name any more
    assert pe.Pe(bytes(content)).exported == ["#2", "one"]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("wide", [True, False])
def test_what_a_mach_o_file_asks_and_shows(order, wide):
    (read,) = images.read(make.macho(["PyA"], ["shown"], order, wide, ["/usr/lib/x.dylib"], ["_shown", "_hidden"]))
    assert (read.needed, read.wanted, read.exported) == (["/usr/lib/x.dylib"], ["PyA"], ["hidden", "shown"])


@pytest.mark.parametrize("wide", [True, False])
def test_a_universal_file_is_each_of_its_machines(wide):
    one, two = images.read(make.fat([make.macho(["PyA"], []), make.macho(["PyB"], [], ">")], wide))
    assert (one.wanted, two.wanted) == (["PyA"], ["PyB"])


@pytest.mark.skipif(system.compiler() is None, reason="there is no C compiler: apt-get install gcc")
def test_an_elf_file_is_read_as_one(tmp_path):
    content = compiled(tmp_path, "module")
    (read,) = images.read(content)
    assert (images.form(content), read.exported) == ("ELF", ["PyInit__native"])


@pytest.mark.parametrize(
    "content", [b"", b"MZ", b"text", MACHO[:4], FAT[:8], b"\xca\xfe\xba\xbe\xff\xff\xff\xff" + b"x" * 64]
)
def test_what_is_none_of_them_is_an_error(content):
    with pytest.raises(Unreadable):
        images.read(content)


@pytest.mark.parametrize("content", [PE, MACHO, FAT], ids=["PE", "Mach-O", "universal"])
def test_a_truncated_file_is_an_error_or_reads_as_it_is(content):
    for size in range(4, len(content), 3):
        try:
            images.read(content[:size])
        except Unreadable as error:
            assert "damaged" in str(error) or "is not a" in str(error)


@pytest.mark.parametrize("content", [PE, MACHO, FAT], ids=["PE", "Mach-O", "universal"])
def test_lying_numbers_end_as_one_error_and_soon(content):
    chance = random.Random(content[:64])
    used = [i for i in range(4, len(content) - 4) if content[i : i + 4] != b"\0\0\0\0"]
    began = time.monotonic()
    for _ in range(1500):
        broken = bytearray(content)
        for _ in range(chance.randint(1, 3)):
            lie = chance.choice([0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, chance.getrandbits(32), len(content)])
            struct.pack_into("<I", broken, chance.choice(used), lie)
        try:
            images.read(bytes(broken))
        except Unreadable as error:
            assert str(error)
    assert time.monotonic() - began < 60


@pytest.mark.parametrize(
    ("trie", "words"),
    [
        (b"\x00\x01a\x00\x00", "are no tree"),
        (b"\x00\x02a\x00\x06b\x00\x06\x00", "are no tree"),
        (b"\x00\x01abc", "substring not found|subsection not found"),
        (b"\xff" * 12, "without end"),
        (b"\x00\x01a\x00\x7f", "out of range"),
    ],
    ids=["to itself", "two ways to one", "no end of a name", "an endless number", "beyond"],
)
def test_exports_that_are_no_tree_are_an_error(trie, words):
    with pytest.raises((ValueError, IndexError), match=words):
        list(macho.walk(trie))


def test_a_table_that_claims_too_many_names_is_an_error():
    content = bytearray(MACHO)
    at = content.index(struct.pack("<II", 0x2, 24))
    struct.pack_into("<I", content, at + 12, 1 << 31)
    with pytest.raises(Unreadable, match="claims 2147483648 names"):
        images.read(bytes(content))
