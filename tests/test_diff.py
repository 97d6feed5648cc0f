"""diff(): manifests and trees against each other."""

import os
import pickle

import large
import pytest

import template_pkg as tp

LONG = 90_000  # entries of manifests that are too long to be held in memory without need


@pytest.fixture
def changed(tree):
    """A tree and the manifest of what it was: one file each new, modified, deleted, unchanged."""
    root = tree(same="s", gone="g", edited="e")
    before = tp.snapshot(root)
    (root / "edited").write_text("EDITED")
    (root / "gone").unlink()
    (root / "fresh").write_text("f")
    return root, before


def lists(found):
    return found.new, found.modified, found.deleted


EXPECTED = (("fresh",), ("edited",), ("gone",))


def test_every_kind_of_side(changed, tmp_path):
    root, before = changed
    file = tmp_path / "before"
    before.save(file)
    after = tp.snapshot(root)
    for old in (before, file, str(file), os.fsencode(file)):
        for new in (after, root, str(root)):
            assert lists(tp.diff(old, new)) == EXPECTED
    assert lists(tp.diff(after, before)) == (("gone",), ("edited",), ("fresh",))
    assert not tp.diff(root, root)


def test_members(changed):
    root, before = changed
    found = tp.diff(before, root, all=True)
    assert found.added == found.new
    assert (found.unchanged, found.unchanged_count, found.skipped) == (("same",), 1, ())
    assert tp.diff(before, root).unchanged is None
    assert repr(found) == "<template_pkg.Diff: 1 new, 1 modified, 1 deleted, 1 unchanged>"
    assert found.to_dict() == {
        "new": ["fresh"],
        "modified": ["edited"],
        "deleted": ["gone"],
        "unchangedCount": 1,
        "unchanged": ["same"],
    }
    assert list(tp.diff(before, root).to_dict()) == ["new", "modified", "deleted", "unchangedCount"]


def test_truth_is_whether_anything_changed(changed):
    root, before = changed
    assert tp.diff(before, root)
    assert not tp.diff(before, before)
    assert tp.diff(before, root, include=["gone"])
    assert not tp.diff(before, root, include=["same"])


def test_a_diff_is_a_value(changed):
    root, before = changed
    found = tp.diff(before, root)
    assert found == tp.diff(before, root)
    assert hash(found) == hash(tp.diff(before, root))
    assert found != tp.diff(before, root, all=True)
    assert found != 3
    assert pickle.loads(pickle.dumps(found)) == found
    with pytest.raises(AttributeError):
        found.new = ()
    with pytest.raises(AttributeError):
        found.other = 1


def test_filters_hold_on_both_sides_or_as_deadline_has_it(changed):
    root, before = changed
    assert lists(tp.diff(before, root, exclude=["same", "gone"])) == (("fresh",), ("edited",), ())
    assert lists(tp.diff(before, root, exclude=["same"], compat="deadline")) == (
        ("fresh",),
        ("edited",),
        ("gone", "same"),
    )


def test_rehash_compares_content(tree):
    root = tree(a="one", b="two")
    before = tp.snapshot(root)
    stat = os.stat(root / "a")
    (root / "a").write_text("ONE")
    os.utime(root / "a", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    os.utime(root / "b", ns=(0, 0))
    assert lists(tp.diff(before, root)) == ((), ("b",), ())
    assert lists(tp.diff(before, root, rehash=True)) == ((), ("a",), ())


def test_an_empty_tree_is_a_side_like_any_other(tree, tmp_path):
    root = tree(a="x")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert lists(tp.diff(empty, root)) == (("a",), (), ())
    assert lists(tp.diff(root, empty)) == ((), (), ("a",))


def test_a_manifest_within_the_tree_is_not_part_of_it(tree):
    root = tree(a="x")
    tp.snapshot(root).save(root / "m")
    assert not tp.diff(root / "m", root)


def test_what_is_left_out_of_a_tree_is_listed(tree):
    root = tree({"entries": [{"path": "a"}, {"path": "pipe", "type": "fifo"}]})
    assert tp.diff(tp.snapshot(root), root).skipped == (("pipe", "special-file"),)


def test_names_of_upstream():
    assert tp.diff_manifests is tp.diff


@pytest.mark.parametrize("bad", [3, None])
def test_a_side_is_a_manifest_or_a_path(tree, bad):
    root = tree(a="")
    for sides in ((bad, root), (root, bad)):
        with pytest.raises(TypeError):
            tp.diff(*sides)


@pytest.fixture(scope="module")
def long_documents(tmp_path_factory):
    """Two manifests that are not held in memory to be compared."""
    folder = tmp_path_factory.mktemp("long")
    old, new = folder / "old", folder / "new"
    large.write(old, LONG)
    large.write(new, LONG, changed=True)
    return old, new


@pytest.mark.parametrize("jobs", [1, 3])
def test_long_files_differ_as_their_manifests_do(long_documents, jobs):
    manifests = [tp.decode_manifest(path.read_bytes()) for path in long_documents]
    for options in ({}, {"all": True}, {"include": ["**/*00.exr"]}):
        found = tp.diff(*long_documents, jobs=jobs, **options)
        assert found == tp.diff(*manifests, **options)
        assert len(found.modified) == LONG // 100


def test_a_long_file_that_is_not_canonical_is_compared_all_the_same(cli, long_documents, tmp_path):
    old, new = long_documents
    loose, damaged = tmp_path / "loose", tmp_path / "damaged"
    loose.write_bytes(new.read_bytes().replace(b"}]", b"} ]"))
    damaged.write_bytes(new.read_bytes()[:-100])
    assert cli.ok("diff", old, loose) == cli.ok("diff", old, new)
    refused = cli.run("diff", old, damaged)
    assert (refused.returncode, refused.stdout) == (4, b"")
    assert b"damaged" in refused.stderr
