"""Whatever a file may be called: thousands of names that are odd, nearly alike or too long for somebody, and deep trees."""

import contextlib
import os
import unicodedata
from pathlib import Path

import pytest

import template_pkg as tp

BETA = "2025-12-04-beta"
LEAST = 2000
LONGEST = 255  # bytes of a name
LEVELS, DEEP_LEVELS = 1_200, 10_000  # of more directories in one another, a document of the newer format is refused
STEP = "a directory of these"  # 20 bytes: 1,200 of them are far more than a path may have in one call
WORDS = """
con CON nul.txt AUX.h com1 LPT9.tmp aux. trailing.dot. ... .. . ~ ~root $HOME $1 $0 %s%n%x -rf --help --output=x -
a:b C: C:x \\\\server a\\b \\ \\\\?\\x *.* ? [!a] {a,b} a|b <a> "quoted" 'single' `tick` #hash a;b a&b !! @file =x (x)
.git .gitignore .DS_Store desktop.ini Thumbs.db .nfs000 lost+found core manifest.json
"""
BLANKS = [
    " ",
    "  ",
    "a ",
    " a",
    "a b",
    "\t",
    "\n",
    "a\nb",
    "\r",
    "a\r\nb",
    "\v",
    "\f",
    "\x1b[31mred\x1b[0m",
    "\x7f",
    "\x85",
]
SIGNS = [
    *(
        "\u200b",
        "\u200d",
        "\ufeff",
        "\u202etxt.exe",
        "\u2028",
        "\u2029",
        "\u00a0",
        "\u3000",
        "\ufffd",
        "\uffff",
        "\ue000",
    ),
    *("\U0001f600", "\U0001f468\u200d\U0001f469", "\U0010ffff", "\ud7ff", "\uff0e\uff0e", "\u2215", "\uff0f", "\u2044"),
]


def long_names():
    for unit in (b"x", "\u00e9".encode(), "\u65e5".encode(), "\U0001f600".encode(), b"\xff", b"\\", b" "):
        yield (unit * LONGEST)[: LONGEST // len(unit) * len(unit)].ljust(LONGEST, b"-")
        yield (unit * LONGEST)[: LONGEST // len(unit) * len(unit)].ljust(LONGEST, b"=")  # alike but for its end


def twins():
    """Texts that are one to who folds case or composes characters."""
    letters = [chr(code) for code in range(0xC0, 0x250)] + [
        chr(code) for code in (0x1E9E, 0x2126, 0x212A, 0x212B, 0xFB01)
    ]
    for letter in letters:
        for form in ("NFC", "NFD", "NFKC", "NFKD"):
            yield unicodedata.normalize(form, letter)
        yield from (letter, letter.upper(), letter.lower(), letter.casefold(), letter.title())
    for word in ("readme", "\u03c3\u03c2", "stra\u00dfe", "\u0131\u0130", "\ufb01"):
        yield from (word, word.upper(), word.lower(), word.title(), word.casefold(), word.swapcase())
    for syllable in range(0xAC00, 0xAC00 + 200):
        yield from (chr(syllable), unicodedata.normalize("NFD", chr(syllable)))


def hostile_names():
    bytes_of_all = [bytes([byte]) for byte in range(1, 256) if byte != ord("/")]
    names = {*bytes_of_all, *(b"a" + byte + b"b" for byte in bytes_of_all), *(byte * 2 for byte in bytes_of_all)}
    names |= {lead + b"\x80" for lead in bytes_of_all} | {b"\xed" + byte + b"\x80" for byte in bytes_of_all}
    names |= {text.encode() for text in [*WORDS.split(), *BLANKS, *SIGNS, *twins()] if "/" not in text}
    names |= set(long_names())
    names |= {
        b"\xed\xa0\x80",
        b"\xed\xb0\x80",
        b"\xed\xa0\xbd\xed\xb8\x80",
        b"\xf0\x9f\x98",
        b"\xc0\xaf",
        b"\xf4\x90\x80\x80",
    }
    return sorted(names - {b".", b".."})


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    """A tree of files by such names, at its top and below two directories by such names, and their paths as bytes."""
    root = os.fsencode(tmp_path_factory.mktemp("names"))
    found = hostile_names()
    folders = [b"", b"\xff" * LONGEST + b"/", b"e\xcc\x81/" + b"E" * LONGEST + b"/"]
    for folder in folders[1:]:
        os.makedirs(os.path.join(root, folder))
    taken = {folder.partition(b"/")[0] for folder in folders}
    paths = [folder + name for folder in folders for name in found if folder or name not in taken]
    for number, path in enumerate(paths):
        with open(os.path.join(root, path), "wb") as file:
            file.write(b"%d" % number)
    return Path(os.fsdecode(root)), paths


def as_bytes(paths):
    return sorted(map(os.fsencode, paths))


def units(path):
    return path.encode("utf-16-be", "surrogatepass")


def test_there_are_as_many_as_are_asked_for(names):
    root, paths = names
    assert len(paths) == len(set(paths)) >= 3 * LEAST
    assert sum(len(files) for _, _, files in os.walk(os.fsencode(root))) == len(paths)


def test_none_is_lost_and_none_is_another(cli, names, tmp_path):
    root, paths = names
    manifest = tp.snapshot(root)
    assert as_bytes(entry.path for entry in manifest) == sorted(paths)
    assert [entry.path for entry in manifest] == sorted((entry.path for entry in manifest), key=units)
    assert {entry.hash for entry in manifest} == {tp.hash_bytes(b"%d" % number) for number in range(len(paths))}
    document = tmp_path / "m"
    cli.ok("snapshot", root, "-o", document)
    assert document.read_bytes() == manifest.encode_bytes()
    assert all(manifest[entry.path] == entry for entry in manifest)


def test_they_come_back_from_both_formats(cli, names, tmp_path):
    root, _ = names
    first, second, third = (tmp_path / name for name in "abc")
    cli.ok("snapshot", root, "-o", first)
    cli.ok("convert", first, "--format", BETA, "-o", second)
    cli.ok("convert", second, "--format", "2023-03-03", "-o", third)
    assert third.read_bytes() == first.read_bytes()
    again = tp.decode_manifest(first.read_bytes())
    assert again.encode_bytes() == first.read_bytes()
    assert tp.decode_manifest(second.read_bytes()).convert("2023-03-03") == again


def test_a_tree_of_them_is_what_it_was(cli, names, tmp_path):
    root, paths = names
    document = tmp_path / "m"
    cli.ok("snapshot", root, "-o", document)
    found = cli.json("verify", document, root, "--strict")
    assert (found["ok"], found["checked"], found["unexpected"]) == (True, len(paths), [])
    for words in ([document, root], [document, root, "--rehash"], [root, root], [document, document]):
        changes = cli.json("diff", *words)
        assert (changes["new"], changes["modified"], changes["deleted"]) == ([], [], [])
        assert changes["unchangedCount"] == len(paths)


def test_what_happens_to_one_happens_to_no_other(names, tmp_path):
    """Of twins, one changes, one goes and one comes."""
    root, paths = names
    before = tp.snapshot(root)
    away = tmp_path / "away"
    away.mkdir()
    modified, deleted = paths[1::7], paths[3::7]
    fresh = [path + b".fresh" for path in paths[::7] if len(os.path.basename(path)) < LONGEST - 6]
    base = os.fsencode(root)
    for number, path in enumerate(deleted):
        os.rename(os.path.join(base, path), os.path.join(os.fsencode(away), b"%d" % number))
    for path in modified:
        Path(os.fsdecode(os.path.join(base, path))).write_bytes(b"another")
    for path in fresh:
        Path(os.fsdecode(os.path.join(base, path))).write_bytes(b"fresh")
    try:
        after = tp.snapshot(root)
        for changes in (tp.diff(before, after), tp.diff(before, root, rehash=True)):
            assert as_bytes(changes.new) == sorted(fresh)
            assert as_bytes(changes.modified) == sorted(modified)
            assert as_bytes(changes.deleted) == sorted(deleted)
        found = tp.verify(before, root, strict=True)
        assert as_bytes(found.missing) == sorted(deleted)
        assert as_bytes(found.modified) == sorted(modified)
        assert as_bytes(found.unexpected) == sorted(fresh)
        assert tp.merge(before.convert(BETA), after.convert(BETA).changes_since(before.convert(BETA))) == after.convert(
            BETA
        )
    finally:
        for path in fresh:
            os.unlink(os.path.join(base, path))
        for number, path in enumerate(deleted):
            os.rename(os.path.join(os.fsencode(away), b"%d" % number), os.path.join(base, path))
        for path in modified:
            Path(os.fsdecode(os.path.join(base, path))).write_bytes(b"%d" % paths.index(path))


# ---------------------------------------------------------------- depth
@contextlib.contextmanager
def deep_tree(root, levels):
    """A file below so many directories; they are taken down from inside, which nothing that recurses could do."""
    root.mkdir()
    at = os.open(root, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir(STEP, dir_fd=at)
        below = os.open(STEP, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(os.open("leaf", os.O_WRONLY | os.O_CREAT, dir_fd=at))
    try:
        yield at
    finally:
        os.unlink("leaf", dir_fd=at)
        for _ in range(levels):
            above = os.open("..", os.O_RDONLY, dir_fd=at)
            os.close(at)
            at = above
            os.rmdir(STEP, dir_fd=at)
        os.close(at)


@pytest.mark.parametrize("levels", [LEVELS, pytest.param(DEEP_LEVELS, marks=pytest.mark.deep)])
def test_a_deep_tree_is_walked_verified_and_compared(cli, tmp_path, levels):
    root, document, beta = tmp_path / "deep", tmp_path / "m", tmp_path / "b"
    path = "/".join([STEP] * levels + ["leaf"])
    with deep_tree(root, levels) as innermost:
        cli.ok("snapshot", root, "-o", document)
        if levels == LEVELS:
            cli.ok("snapshot", root, "--format", BETA, "-o", beta)
        manifest = tp.decode_manifest(document.read_bytes())
        assert [entry.path for entry in manifest] == [path]
        for made in (document, beta) if levels == LEVELS else (document,):
            assert cli.json("verify", made, root, "--strict")["ok"]
            assert cli.json("diff", made, root, "--rehash")["unchangedCount"] == 1
        file = os.open("leaf", os.O_WRONLY, dir_fd=innermost)
        os.write(file, b"1")
        os.close(file)
        assert tp.verify(manifest, root).modified == (path,)
        assert tp.diff(manifest, root).modified == (path,)
        assert tp.diff(manifest, root, rehash=True).modified == (path,)
        os.rename("leaf", "twin", src_dir_fd=innermost, dst_dir_fd=innermost)
        found = tp.verify(manifest, root, strict=True)
        os.rename("twin", "leaf", src_dir_fd=innermost, dst_dir_fd=innermost)
        assert (found.missing, found.unexpected) == ((path,), (path[: -len("leaf")] + "twin",))
