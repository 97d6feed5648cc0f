"""verify(): whether a tree is what a manifest says."""

import json
import os
import pickle

import pytest

import template_pkg as tp


def test_a_tree_that_holds(tree):
    root = tree(a="x", d__b="y")
    found = tp.verify(tp.snapshot(root), root)
    assert found
    assert found.ok is True
    assert found.checked == 2
    assert repr(found) == "<template_pkg.Verification: 2 checked, 0 findings>"


@pytest.fixture
def broken(tree):
    """A tree with one finding of every kind, and its manifest."""
    root = tree(edited="e", gone="g", link="l", same="s", turned="t", unread="u")
    manifest = tp.snapshot(root)
    (root / "edited").write_text("E")
    (root / "gone").unlink()
    (root / "turned").unlink()
    (root / "turned").mkdir()
    (root / "extra").write_text("x")
    (root / "unread").unlink()
    (root / "unread").symlink_to("/proc/self/mem")
    return root, manifest


def test_every_finding_in_its_list(broken):
    root, manifest = broken
    found = tp.verify(manifest, root, strict=True, symlinks="follow")
    assert not found
    assert (found.ok, found.checked) == (False, 6)
    assert (found.missing, found.unexpected) == (("gone",), ("extra",))
    assert found.modified == ("edited",) or found.modified == ("edited", "unread")
    assert found.type_changed == ("turned",)
    assert tp.verify(manifest, root, symlinks="follow").unexpected == ()


def test_an_unreadable_file_comes_with_its_reason(tree):
    root = tree(
        {
            "entries": [
                {"path": "mem", "type": "symlink", "target": "/proc/self/mem"},
                {"path": "ok"},
            ]
        }
    )
    manifest = tp.decode_manifest(tp.snapshot(root, include=["ok"]).encode().replace('"ok"', '"mem"'))
    found = tp.verify(manifest, root, symlinks="follow")
    assert [entry.path for entry in found.unreadable] == ["mem"]
    assert found.unreadable[0].error
    assert found.to_dict()["unreadable"] == [{"path": "mem", "error": found.unreadable[0].error}]
    assert not found


def test_the_document_form(broken):
    root, manifest = broken
    document = tp.verify(manifest, root, strict=True).to_dict()
    assert list(document) == [
        "ok",
        "checked",
        "missing",
        "modified",
        "unexpected",
        "typeChanged",
        "unreadable",
    ]
    json.dumps(document)


def test_the_root_is_here_when_not_given(tree, monkeypatch):
    root = tree(a="x")
    manifest = tp.snapshot(root)
    monkeypatch.chdir(root)
    assert tp.verify(manifest)


def test_a_manifest_may_be_a_path_within_the_tree(tree):
    root = tree(a="x")
    tp.snapshot(root).save(root / "m")
    for path in (root / "m", str(root / "m"), os.fsencode(root / "m")):
        assert tp.verify(path, root, strict=True)


def test_a_verification_is_a_value(broken):
    root, manifest = broken
    found = tp.verify(manifest, root)
    assert found == tp.verify(manifest, root)
    assert hash(found) == hash(tp.verify(manifest, root))
    assert found != tp.verify(manifest, root, strict=True)
    assert pickle.loads(pickle.dumps(found)) == found
    with pytest.raises(AttributeError):
        found.ok = True


@pytest.mark.parametrize("of", [tp.Diff, tp.Verification])
def test_only_what_a_pickle_holds_makes_a_value(of, tree):
    root = tree(a="x")
    manifest = tp.snapshot(root)
    found = (tp.diff if of is tp.Diff else tp.verify)(manifest, root)
    make, (members,) = found.__reduce__()
    assert make(members) == found
    for wrong in (None, members[:-1], (*members, ()), list(members)):
        with pytest.raises(TypeError, match="is not what __reduce__"):
            make(wrong)
    for i in range(len(members)):
        with pytest.raises(TypeError, match="is not what __reduce__"):
            make((*members[:i], [], *members[i + 1 :]))


def test_links_are_followed_beneath_everywhere_or_not(tree):
    root = tree(
        {
            "entries": [
                {"path": "real", "content": "x"},
                {"path": "inside", "type": "symlink", "target": "real"},
                {"path": "outside", "type": "symlink", "target": "../outside/f"},
            ],
            "outside": [{"path": "f", "content": "y"}],
        }
    )
    manifest = tp.snapshot(root)
    assert tp.verify(manifest, root, symlinks="follow")
    beneath = tp.verify(manifest, root)
    assert not beneath
    assert "inside" not in (*beneath.missing, *beneath.type_changed)
    none = tp.verify(manifest, root, symlinks="skip")
    assert {"inside", "outside"} <= {*none.missing, *none.type_changed}


def entry(path):
    return json.dumps(
        {
            "hashAlg": "xxh128",
            "manifestVersion": "2023-03-03",
            "paths": [{"hash": "00", "mtime": 0, "path": path, "size": 0}],
            "totalSize": 0,
        }
    )


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "a/../../x", "", "a\0b"])
def test_an_unsafe_path_is_invalid_before_anything_is_opened(tmp_path, path):
    with pytest.raises(tp.ValidationError) as caught:
        tp.verify(tp.decode_manifest(entry(path)), tmp_path)
    assert caught.value.status == "E_UNSAFE_PATH"
    assert caught.value.path == path or (path == "" and caught.value.path is None)


def test_a_root_that_is_not_there(tree, tmp_path):
    manifest = tp.snapshot(tree(a="x"))
    with pytest.raises(FileNotFoundError) as caught:
        tp.verify(manifest, tmp_path / "nowhere")
    assert caught.value.filename == str(tmp_path / "nowhere")
    with pytest.raises(NotADirectoryError):
        tp.verify(manifest, __file__)


def test_symlinks_words():
    with pytest.raises(ValueError, match="symlinks must be 'follow', 'beneath' or 'skip', not 'keep'"):
        tp.verify("/nonexistent", symlinks="keep")
