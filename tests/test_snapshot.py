"""snapshot(): a tree as a Manifest."""

import copy
import json
import os
import pickle
import socket
import time

import pytest
import trees

import template_pkg as tp


def paths(manifest):
    return [entry.path for entry in manifest]


def test_entries_say_path_hash_size_and_mtime(tree):
    root = tree({"entries": [{"path": "a/b", "content": "hello", "mtime_ns": 1_700_000_000_123_456_789}]})
    manifest = tp.snapshot(root)
    assert tuple(manifest[0]) == (
        "a/b",
        "b5e9c1ad071b3e7fc779cfaa5e523818",
        5,
        1_700_000_000_123_456,
    )
    assert (manifest.total_size, manifest.file_count, manifest.version) == (5, 1, "2023-03-03")


def test_the_encoding_is_the_canonical_document(tree):
    root = tree(b="", a="hello")
    document = json.loads(tp.snapshot(root).encode())
    assert document["paths"] == [
        {
            "hash": "b5e9c1ad071b3e7fc779cfaa5e523818",
            "mtime": 1700000000123456,
            "path": "a",
            "size": 5,
        },
        {
            "hash": "99aa06d3014798d86001c324468d497f",
            "mtime": 1700000000123456,
            "path": "b",
            "size": 0,
        },
    ]
    assert document["totalSize"] == 5


@pytest.mark.parametrize("kind", [str, os.fsencode, lambda path: path])
def test_a_root_is_str_bytes_or_pathlike(tree, kind):
    root = tree(a="x")
    assert paths(tp.snapshot(kind(root))) == ["a"]


def test_a_name_that_is_not_utf8_is_what_os_fsdecode_gives(tree):
    root = tree({"entries": [{"path": "caf\udce9"}]})
    assert [os.fsencode(path) for path in paths(tp.snapshot(root))] == [b"caf\xe9"]


def test_the_result_does_not_depend_on_the_number_of_jobs(many_files):
    assert len({tp.snapshot(many_files, jobs=jobs).encode() for jobs in (0, 1, 2, 3, 7, 16, 64)}) == 1


def test_names_with_a_leading_dot_are_part_of_a_tree(tree):
    root = tree(**{".env": "x", "d__.git__config": "y", "z": ""})
    assert paths(tp.snapshot(root)) == [".env", "d/.git/config", "z"]
    assert paths(tp.snapshot(root, compat="deadline")) == ["z"]


def test_include_and_exclude_select(tree):
    root = tree(**{"src__a.c": "", "src__b.h": "", "src__deep__c.c": "", "readme": ""})
    assert paths(tp.snapshot(root, include=["src/**/*.c"])) == ["src/a.c", "src/deep/c.c"]
    assert paths(tp.snapshot(root, include=("src/**",), exclude={"**/*.h"})) == [
        "src/a.c",
        "src/deep/c.c",
    ]
    assert paths(tp.snapshot(root, exclude=iter(["src/**"]))) == ["readme"]


def test_a_pattern_selects_a_name_that_is_not_utf8(tree):
    root = tree({"entries": [{"path": "caf\udce9"}, {"path": "other"}]})
    assert paths(tp.snapshot(root, include=["caf\udce9"])) == ["caf\udce9"]


@pytest.mark.parametrize("name", ["include", "exclude"])
@pytest.mark.parametrize("value", ["*.c", b"*.c"])
def test_a_bare_string_is_no_list_of_patterns(tree, name, value):
    with pytest.raises(TypeError, match=f"{name} must be an iterable of str, not one"):
        tp.snapshot(tree(a=""), **{name: value})


@pytest.mark.parametrize("value", [[b"*.c"], [1], ["a", None]])
def test_patterns_are_str(tree, value):
    with pytest.raises(TypeError, match="include must hold str"):
        tp.snapshot(tree(a=""), include=value)


def test_a_pattern_with_a_nul_is_refused(tree):
    with pytest.raises(ValueError, match="null byte"):
        tp.snapshot(tree(a=""), include=["a\0b"])


def test_an_exception_of_the_pattern_iterator_comes_out(tree):
    def patterns():
        yield "a"
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        tp.snapshot(tree(a=""), include=patterns())


def test_a_pattern_that_names_a_directory_warns(tree):
    root = tree(src__a="", b="")
    with pytest.warns(UserWarning, match=r"'src' names a directory.*'src/\*\*'"):
        assert paths(tp.snapshot(root, include=["src", "b"])) == ["b"]


def test_links_are_followed_or_skipped(tree):
    root = tree(
        {
            "entries": [
                {"path": "real/f", "content": "x"},
                {"path": "to-file", "type": "symlink", "target": "real/f"},
                {"path": "to-dir", "type": "symlink", "target": "real"},
            ]
        }
    )
    assert paths(tp.snapshot(root)) == ["real/f", "to-dir/f", "to-file"]
    assert paths(tp.snapshot(root, symlinks="skip")) == ["real/f"]


def test_what_is_left_out_is_listed(tree):
    root = tree(
        {
            "entries": [
                {"path": "a"},
                {"path": "dangling", "type": "symlink", "target": "nowhere"},
                {"path": "loop", "type": "symlink", "target": "."},
                {"path": "pipe", "type": "fifo"},
            ]
        }
    )
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(root / "socket"))
        manifest = tp.snapshot(root)
    assert paths(manifest) == ["a"]
    assert manifest.skipped == (
        ("dangling", "dangling-link"),
        ("loop", "link-loop"),
        ("pipe", "special-file"),
        ("socket", "special-file"),
    )
    assert (manifest.skipped[0].path, manifest.skipped[0].reason) == ("dangling", "dangling-link")


def test_an_empty_tree_cannot_be_held(tmp_path):
    with pytest.raises(tp.ManifestError) as caught:
        tp.snapshot(tmp_path)
    assert (caught.value.status, caught.value.path) == ("E_EMPTY", str(tmp_path))


def test_what_cannot_be_read_ends_the_snapshot_or_is_listed(tree):
    # What /proc refuses, it refuses root as well.
    root = tree(
        {
            "entries": [
                {"path": "a"},
                {"path": "secret", "type": "symlink", "target": "/proc/self/mem"},
            ]
        }
    )
    with pytest.raises(OSError, match="secret") as caught:
        tp.snapshot(root)
    assert caught.value.filename == str(root / "secret")
    manifest = tp.snapshot(root, skip_unreadable=True)
    assert paths(manifest) == ["a"]
    assert manifest.skipped == (("secret", "unreadable"),)


def test_a_base_saves_reading(tree):
    root = tree(a="one", b="two", c="three")
    base = tp.decode_manifest(tp.snapshot(root).encode())
    (root / "b").write_text("TWO!")
    manifest = tp.snapshot(root, base=base)
    assert manifest.stats == (1, 4, 2)
    assert (
        manifest.stats.hashed_files,
        manifest.stats.hashed_bytes,
        manifest.stats.reused_files,
    ) == (1, 4, 2)
    assert manifest == tp.snapshot(root)
    assert tp.snapshot(root, base=base, rehash=True).stats.reused_files == 0


def test_a_base_file_does_not_vouch_for_what_is_as_young_as_itself(tree, tmp_path):
    root = tree({"entries": [{"path": "old"}, {"path": "young", "mtime_ns": 1_700_000_100_000_000_000}]})
    file = tmp_path / "base"
    tp.snapshot(root).save(file)
    for bound, reused in ((1_700_000_050, 1), (1_700_000_100, 1), (1_700_000_101, 2)):
        os.utime(file, (bound, bound))
        assert tp.snapshot(root, base=file).stats.reused_files == reused
        assert tp.snapshot(root, base=tp.Manifest.from_path(file)).stats.reused_files == reused


def test_a_snapshot_as_base_does_not_vouch_for_files_written_while_it_was_taken(tree):
    root = tree(a="one")
    soon = time.time_ns() + 60 * 10**9  # no older than the snapshot, however long that takes to begin
    (root / "fresh").write_text("two")
    os.utime(root / "fresh", ns=(soon, soon))
    base = tp.snapshot(root)
    (root / "fresh").write_text("TWO")
    os.utime(root / "fresh", ns=(soon, soon))
    manifest = tp.snapshot(root, base=base)
    assert manifest["fresh"].hash == tp.hash_bytes(b"TWO")
    assert manifest.stats == (1, 3, 1)


BETA = "2025-12-04-beta"
SAME = {
    "copy": copy.copy,
    "deep copy": copy.deepcopy,
    "pickle": lambda base: pickle.loads(pickle.dumps(base)),
    "filter": lambda base: base.filter(exclude=["nothing"]),
    "merge": lambda base: tp.merge(tp.decode_manifest(base.encode()), base),
    "merge of one": tp.merge,
    "convert": lambda base: base.convert(BETA).convert("2023-03-03"),
    "changes": lambda base: tp.merge(*two_parts(base)).convert("2023-03-03"),
}


def two_parts(base):
    """One that nobody distrusts, and what turns it into base."""
    nothing = tp.decode_manifest(base.convert(BETA).encode()).filter(include=["nothing"])
    return nothing, base.convert(BETA).changes_since(nothing)


@pytest.mark.parametrize("way", SAME)
def test_what_is_made_of_a_base_vouches_for_no_more_than_the_base(tree, way):
    root = tree(a="one")
    soon = time.time_ns() + 60 * 10**9
    (root / "fresh").write_text("two")
    os.utime(root / "fresh", ns=(soon, soon))
    base = SAME[way](tp.snapshot(root))
    (root / "fresh").write_text("TWO")
    os.utime(root / "fresh", ns=(soon, soon))
    manifest = tp.snapshot(root, base=base)
    assert manifest["fresh"].hash == tp.hash_bytes(b"TWO")
    assert manifest.stats == (1, 3, 1)


def test_copies_keep_how_a_manifest_came_to_be(tree):
    root = tree({"entries": [{"path": "a"}, {"path": "dangling", "type": "symlink", "target": "nowhere"}]})
    manifest = tp.snapshot(root)
    for same in (copy.copy(manifest), copy.deepcopy(manifest), pickle.loads(pickle.dumps(manifest))):
        assert same == manifest
        assert (same.skipped, same.stats) == (manifest.skipped, manifest.stats)
        assert same.__reduce__() == manifest.__reduce__()
    assert manifest.skipped == (("dangling", "dangling-link"),)


@pytest.mark.parametrize(
    "args",
    [(), ("", 0, (), None), (b"", 1 << 63, (), None), (b"", 0, [], None), (b"", 0, ((),), None), (b"", 0, (), 3)],
)
def test_only_what_a_pickle_holds_makes_a_manifest(args):
    with pytest.raises((TypeError, OverflowError)):
        tp.Manifest._make(*args)


def test_a_delta_holds_only_what_is_new_or_modified(tree):
    root = tree(a="one", b="two")
    base = tp.snapshot(root)
    assert len(tp.snapshot(root, base=base, delta=True)) == 0
    (root / "b").write_text("longer")
    (root / "c").write_text("new")
    (root / "a").unlink()
    delta = tp.snapshot(root, base=base, delta=True)
    assert paths(delta) == ["b", "c"]
    assert delta.total_size == 9


def test_a_delta_needs_a_base(tree):
    with pytest.raises(ValueError, match="delta=True needs a base"):
        tp.snapshot(tree(a=""), delta=True)


def test_the_base_file_is_not_part_of_its_tree(tree):
    root = tree(a="one")
    tp.snapshot(root).save(root / "base.manifest")
    assert paths(tp.snapshot(root, base=root / "base.manifest")) == ["a"]


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ({"symlinks": "beneath"}, ValueError, "symlinks must be 'follow', 'keep' or 'skip', not 'beneath'"),
        ({"format": "2025-12"}, ValueError, "format must be '2023-03-03' or '2025-12-04-beta', not '2025-12'"),
        ({"format": None}, TypeError, "a version is str, not <class 'NoneType'>"),
        ({"symlinks": None}, TypeError, "str"),
        ({"compat": "other"}, ValueError, "compat must be 'deadline' or None, not 'other'"),
        ({"jobs": -1}, ValueError, "jobs must be between 0 and"),
        ({"jobs": 1.5}, TypeError, "int"),
        ({"progress": 3}, TypeError, "progress must be callable or None"),
        ({"base": 3}, TypeError, "int"),
        ({"unknown": 3}, TypeError, "unknown"),
    ],
)
def test_a_bad_argument_is_named(tree, arguments, error, match):
    with pytest.raises(error, match=match):
        tp.snapshot(tree(a=""), **arguments)


def test_options_are_keyword_only(tree):
    with pytest.raises(TypeError):
        tp.snapshot(tree(a=""), ["*"])


def test_a_deep_tree_and_a_long_path(tmp_path):
    deep = "/".join(["d"] * 300)
    root = trees.build({"entries": [{"path": f"{deep}/f", "content": "x"}]}, str(tmp_path))
    assert paths(tp.snapshot(root)) == [f"{deep}/f"]
