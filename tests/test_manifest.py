"""The Manifest type: a lazy sequence, its encodings, files and pickles."""

import collections.abc
import copy
import errno
import json
import os
import pickle
import re
import stat
import sys
import time
from pathlib import PurePosixPath

import pytest

import template_pkg as tp

ENTRIES = [
    {"hash": "11", "mtime": -5, "path": "a/b", "size": 1},
    {"hash": "22", "mtime": 2, "path": "\U0001f600", "size": 2},
    {"hash": "33", "mtime": 3, "path": "\uffee", "size": 18446744073709551612},
]


def document(*entries, **members):
    members = {"hashAlg": "xxh128", "manifestVersion": "2023-03-03", "totalSize": 3, **members}
    return json.dumps({**members, "paths": list(entries)})


@pytest.fixture
def manifest():
    return tp.decode_manifest(document(*ENTRIES))


def test_it_is_a_sequence(manifest):
    assert len(manifest) == manifest.file_count == 3
    assert [entry.path for entry in manifest] == [entry["path"] for entry in ENTRIES]
    assert manifest[0] == manifest[-3] == ("a/b", "11", 1, -5)
    assert manifest[2].size == 18446744073709551612
    assert [entry.hash for entry in reversed(manifest)] == ["33", "22", "11"]
    assert manifest[1:] == (manifest[1], manifest[2])
    assert manifest[::-2] == (manifest[2], manifest[0])
    assert manifest[5:] == ()


def test_polars_comes_to_ask_for_arrow(manifest):
    assert not isinstance(manifest, collections.abc.Sequence)  # where it would read row by row


def test_it_is_searched_as_a_sequence(manifest):
    for i, entry in enumerate(manifest):
        assert manifest.index(entry) == manifest.index(entry.path) == i
        assert manifest.count(entry) == manifest.count(value=entry.path) == 1
    assert manifest.index("\uffee", 2) == manifest.index("\uffee", -1) == manifest.index("\uffee", -9, 3) == 2
    for args in (("a",), (None,), (("a/b", "11", 1, -5),), ("a/b", 1), ("\uffee", 0, -1), ("\uffee", 5)):
        with pytest.raises(ValueError, match="is not in the manifest"):
            manifest.index(*args)
    assert manifest.count("a") == manifest.count(3) == 0
    with pytest.raises(TypeError):
        manifest.index("a/b", "0")


if sys.version_info >= (3, 10):  # which brought match

    def test_it_matches_as_a_sequence(manifest):
        names = {"manifest": manifest}
        exec("match manifest:\n    case [first, *rest]:\n        found = first, rest", names)
        assert names["found"] == (manifest[0], [manifest[1], manifest[2]])


@pytest.mark.parametrize("index", [3, -4, 1 << 70, -(1 << 70)])
def test_an_index_outside_is_an_index_error(manifest, index):
    with pytest.raises(IndexError):
        manifest[index]


@pytest.mark.parametrize("key", [1.0, None, b"a/b", ("a/b",)])
def test_other_keys_are_type_errors(manifest, key):
    with pytest.raises(TypeError, match="manifest indices must be integers, slices or paths"):
        manifest[key]


def test_entries_are_found_by_path(manifest):
    assert manifest["a/b"] is not None
    assert manifest["\U0001f600"] == manifest[1]
    assert manifest.get("a/b") == manifest[0]
    assert manifest.get("a") is None
    assert manifest.get("a", "other") == "other"
    with pytest.raises(KeyError, match="nope"):
        manifest["nope"]
    with pytest.raises(TypeError):
        manifest.get(b"a/b")


class Path8(os.PathLike):
    def __fspath__(self):
        return b"x\xff"


def test_a_path_is_an_os_pathlike_too(manifest):
    for path in (PurePosixPath("a/b"), PurePosixPath("\U0001f600")):
        assert path in manifest
        assert manifest[path] == manifest.get(path) == manifest[str(path)]
    assert PurePosixPath("a") not in manifest
    assert manifest.get(PurePosixPath("a"), 3) == 3
    with pytest.raises(KeyError, match="nope"):
        manifest[PurePosixPath("nope")]
    lone = tp.decode_manifest(document({**ENTRIES[0], "path": "x\udcff"}))
    assert lone[Path8()] in lone
    assert Path8() in lone
    assert tp.matches(PurePosixPath("a/b"), include=["a/*"])
    assert not tp.matches(Path8(), include=["y*"])
    for nothing in (b"a/b", None, 3):
        with pytest.raises(TypeError, match="expected str or os.PathLike object"):
            manifest.get(nothing)
        with pytest.raises(TypeError, match="expected str or os.PathLike object"):
            tp.matches(nothing)


def test_what_a_path_raises_comes_out(manifest):
    class Broken(os.PathLike):
        def __fspath__(self):
            raise ZeroDivisionError

    for use in (manifest.__getitem__, manifest.__contains__, manifest.get, tp.matches):
        with pytest.raises(ZeroDivisionError):
            use(Broken())


def test_membership_is_of_paths_and_of_equal_entries(manifest):
    assert "a/b" in manifest
    assert "a" not in manifest
    assert manifest[0] in manifest
    assert type(manifest[0])(("a/b", "11", 1, 6)) not in manifest
    assert type(manifest[0])(("x", "11", 1, -5)) not in manifest
    assert ("a/b", "11", 1, -5) not in manifest
    assert None not in manifest


def test_of_equal_paths_the_last_is_found():
    twice = tp.decode_manifest(document({**ENTRIES[0], "size": 7}, {**ENTRIES[0], "size": 8}))
    assert len(twice) == 2
    assert twice["a/b"].size == 8
    assert twice[0] not in twice


def test_a_surrogate_pair_in_two_halves_is_the_same_path_and_a_lone_half_is_itself(manifest):
    assert manifest["\ud83d\ude00"].path == "\U0001f600"
    assert "\ud83d" not in manifest
    lone = tp.decode_manifest(document({**ENTRIES[0], "path": "\udcff"}))
    assert lone["\udcff"].path == "\udcff"


def test_entries_are_values(manifest):
    entry = manifest[0]
    assert entry == manifest[0]
    assert hash(entry) == hash(manifest[0])
    assert entry != manifest[1]
    assert repr(entry) == "template_pkg.ManifestEntry(path='a/b', hash='11', size=1, mtime=-5)"
    assert pickle.loads(pickle.dumps(entry)) == entry
    assert type(pickle.loads(pickle.dumps(entry))) is tp.ManifestEntry
    with pytest.raises(AttributeError):
        entry.path = "other"


def test_members_and_description(manifest):
    assert (manifest.version, manifest.hash_alg, manifest.total_size) == ("2023-03-03", "xxh128", 3)
    assert manifest.is_v2023()
    assert not manifest.is_v2025()
    assert (manifest.skipped, manifest.stats) == ((), None)
    assert repr(manifest) == "<template_pkg.Manifest 2023-03-03: 3 files, 3 bytes>"
    with pytest.raises(AttributeError):
        manifest.total_size = 4
    with pytest.raises(AttributeError):
        manifest.other = 4


def test_encode_gives_the_canonical_text(manifest):
    text = manifest.encode()
    assert text.startswith('{"hashAlg":"xxh128","manifestVersion":"2023-03-03","paths":[{"hash":"11","mtime":-5,')
    assert text.index("\\ud83d") < text.index("\\uffee")
    assert manifest.encode_bytes() == text.encode("ascii")


def test_decoding_keeps_order_and_encoding_sorts():
    manifest = tp.decode_manifest(document(ENTRIES[2], ENTRIES[0]))
    assert [entry.path for entry in manifest] == ["\uffee", "a/b"]
    assert [entry["path"] for entry in json.loads(manifest.encode())["paths"]] == ["a/b", "\uffee"]


@pytest.mark.parametrize("form", [bytes, bytearray, memoryview, bytes.decode])
def test_text_is_str_or_bytes(manifest, form):
    assert tp.decode_manifest(form(manifest.encode_bytes())) == manifest


@pytest.mark.parametrize("text", [None, 3, ["{}"]])
def test_other_text_is_a_type_error(text):
    with pytest.raises(TypeError, match="a manifest's text is str or bytes"):
        tp.decode_manifest(text)


def test_a_lone_surrogate_may_stand_unescaped_in_a_str():
    text = document({**ENTRIES[0], "path": "PATH"}).replace("PATH", "x\udc80y\ud800")
    assert tp.decode_manifest(text)[0].path == "x\udc80y\ud800"


@pytest.mark.parametrize("text", ["\\\udc80", "\\\\\\\udc80", "\\\\\\\\\\\ud800"])
def test_a_backslash_makes_no_escape_of_a_lone_surrogate(text):
    whole = document({**ENTRIES[0], "path": "PATH"})
    with pytest.raises(ValueError, match="escape"):
        json.loads(whole.replace("PATH", text))
    with pytest.raises(tp.ManifestError) as caught:
        tp.decode_manifest(whole.replace("PATH", text))
    assert caught.value.status == "E_SYNTAX"
    even = "\\" + text
    assert tp.decode_manifest(whole.replace("PATH", even))[0].path == json.loads(f'"{even}"')


def test_load_manifest_takes_text(manifest):
    assert tp.load_manifest(manifest.encode()) == manifest


def test_equality_and_hash_are_of_the_canonical_bytes(manifest):
    same = tp.decode_manifest(document(ENTRIES[2], ENTRIES[1], ENTRIES[0]))
    other = tp.decode_manifest(document(*ENTRIES, totalSize=4))
    assert manifest == same
    assert hash(manifest) == hash(same)
    assert manifest != other
    assert len({manifest, same, other}) == 2
    assert manifest != 3
    assert (manifest == manifest.encode()) is False


def test_fingerprints(manifest):
    text = manifest.encode()
    timeless = tp.decode_manifest(document(*({**entry, "mtime": 0} for entry in ENTRIES))).encode()
    assert manifest.manifest_hash == tp.hash_bytes(text.encode())
    assert manifest.content_hash == tp.hash_bytes(timeless.encode())
    assert (manifest.manifest_hash, manifest.content_hash) == (
        manifest.manifest_hash,
        manifest.content_hash,
    )


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_it_pickles(manifest, protocol):
    assert pickle.loads(pickle.dumps(manifest, protocol)) == manifest


def test_it_copies(manifest):
    assert copy.copy(manifest) == manifest
    assert copy.deepcopy(manifest) == manifest


def test_an_empty_delta_pickles_and_encodes_but_is_not_saved(tree, tmp_path):
    root = tree(a="x")
    empty = tp.snapshot(root, base=tp.snapshot(root), delta=True)
    assert pickle.loads(pickle.dumps(empty)) == empty
    assert json.loads(empty.encode())["paths"] == []
    with pytest.raises(tp.ManifestError) as caught:
        empty.save(tmp_path / "file")
    assert caught.value.status == "E_EMPTY"
    assert not (tmp_path / "file").exists()


def test_save_and_from_path(manifest, tmp_path):
    path = tmp_path / "m.manifest"
    assert manifest.save(path) is None
    assert path.read_bytes() == manifest.encode_bytes()
    for form in (path, str(path), os.fsencode(path)):
        assert tp.Manifest.from_path(form) == manifest
    assert list(tmp_path.iterdir()) == [path]


def test_save_replaces_the_target_of_a_link(manifest, tmp_path):
    (tmp_path / "target").write_text("old")
    (tmp_path / "link").symlink_to("target")
    manifest.save(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == manifest.encode_bytes()


def test_save_writes_into_a_pipe(manifest):
    read, write = os.pipe()
    try:
        manifest.save(f"/dev/fd/{write}")
        assert os.read(read, 1 << 16) == manifest.encode_bytes()
        assert stat.S_ISFIFO(os.fstat(write).st_mode)
    finally:
        os.close(read)
        os.close(write)


def test_a_failed_save_leaves_the_old_file(manifest):
    with pytest.raises(OSError, match="No space left") as caught:
        manifest.save("/dev/full")
    assert caught.value.errno == errno.ENOSPC
    assert caught.value.filename == "/dev/full"


def test_save_into_nowhere(manifest, tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        manifest.save(tmp_path / "no" / "file")
    assert caught.value.filename == str(tmp_path / "no" / "file")


def test_from_path_names_the_file_that_is_no_manifest(tmp_path):
    path = tmp_path / "bad"
    path.write_text("{}")
    with pytest.raises(tp.ManifestError, match=r"^.*bad: ") as caught:
        tp.Manifest.from_path(path)
    assert caught.value.path == str(path)


def test_from_path_of_a_directory_or_nothing(tmp_path):
    with pytest.raises(IsADirectoryError) as caught:
        tp.Manifest.from_path(tmp_path)
    assert caught.value.filename == str(tmp_path)
    with pytest.raises(FileNotFoundError):
        tp.Manifest.from_path(tmp_path / "nothing")


def test_merge_is_the_union_by_path_and_the_last_wins(tmp_path):
    one = tp.decode_manifest(document({**ENTRIES[0], "size": 5}, ENTRIES[1]))
    two = tp.decode_manifest(document({**ENTRIES[0], "size": 9}))
    merged = tp.merge(one, two)
    assert [(entry.path, entry.size) for entry in merged] == [("a/b", 9), ("\U0001f600", 2)]
    assert merged.total_size == 11
    two.save(tmp_path / "two")
    assert tp.merge(one, tmp_path / "two") == tp.merge(one, str(tmp_path / "two")) == merged
    assert tp.merge(one) == one


def test_merge_arguments():
    with pytest.raises(TypeError, match="base"):
        tp.merge()
    with pytest.raises(TypeError):
        tp.merge(3)
    with pytest.raises(FileNotFoundError):
        tp.merge("/nonexistent")


def test_nothing_makes_one_but_the_functions():
    for cls in (tp.Manifest, tp.Diff, tp.Verification):
        with pytest.raises(TypeError, match="cannot create"):
            cls()
        with pytest.raises(TypeError):
            object.__new__(cls)
        with pytest.raises(TypeError):
            type("Sub", (cls,), {})


def test_a_manifest_is_named_as_deadline_names_it(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    name = "home_u_proj-2f8e6d4af8cf0f344a599ab8cce4f675-2023-11-14T22-13-20.manifest"
    assert tp.manifest_name("/home/u/proj", when=1_700_000_000.9) == name
    assert tp.manifest_name(b"/home/u/proj", name="", when=1_700_000_000) == name
    assert tp.manifest_name(PurePosixPath("/tmp"), name="job", when=-0.5).endswith("-1969-12-31T23-59-59.manifest")
    assert re.fullmatch(
        r"caf\udce9-[0-9a-f]{32}-\d{4}(-\d\d){2}T(\d\d-){2}\d\d\.manifest", tp.manifest_name("caf\udce9")
    )
    monkeypatch.undo()
    time.tzset()


def test_a_name_is_no_path_and_a_time_is_one():
    with pytest.raises(ValueError, match="a name cannot hold a slash"):
        tp.manifest_name("r", name="../x")
    for when in (1e300, float("nan"), -1e300, 5e11):
        with pytest.raises(ValueError, match="when"):
            tp.manifest_name("r", when=when)
    with pytest.raises(TypeError):
        tp.manifest_name("r", when="now")
