"""Random documents and patterns, against short models of the format's rules in Python."""

import glob
import json
import os
import string

import pytest
import trees
from hypothesis import given, settings
from hypothesis import strategies as st

import template_pkg as tp

# Names with what encoders get wrong: escapes, surrogates, the order above U+FFFF.
ODD = '"\\/\b\f\n\r\t\x00\x1f\x7f\x80\u00e9\u2028\ud800\udbff\udc80\udcff\udfff\ue000\uffff\U00010000\U0001f600'
paths = st.text(st.one_of(st.sampled_from("ab/." + ODD), st.characters(exclude_categories=())), max_size=8)
entries = st.fixed_dictionaries(
    {
        "path": paths,
        "hash": st.text(string.ascii_letters + string.digits, min_size=1, max_size=40),
        "size": st.integers(0, 2**64 - 1),
        "mtime": st.integers(-(2**63), 2**63 - 1),
    }
)
documents = st.fixed_dictionaries(
    {
        "hashAlg": st.just("xxh128"),
        "manifestVersion": st.just("2023-03-03"),
        "paths": st.lists(entries, min_size=1, max_size=6),
        "totalSize": st.integers(0, 2**64 - 1),
    }
)


def utf16(text):
    return text.encode("utf-16-be", "surrogatepass")


def canonical(document):
    """The reference's encoder, in three lines."""
    ordered = sorted(document["paths"], key=lambda entry: utf16(entry["path"]))
    return json.dumps({**document, "paths": ordered}, sort_keys=True, separators=(",", ":"))


def joined(text):
    """Text with the halves of surrogate pairs joined, as every JSON decoder has it."""
    return json.loads(json.dumps(text))


@given(documents, st.booleans(), st.sampled_from([None, 1, "\t"]), st.booleans())
def test_decoding_and_encoding_any_layout(document, ascii_only, indent, sort_keys):
    text = json.dumps(document, ensure_ascii=ascii_only, indent=indent, sort_keys=sort_keys)
    manifest = tp.decode_manifest(text)
    assert list(manifest) == [(joined(e["path"]), e["hash"], e["size"], e["mtime"]) for e in document["paths"]]
    assert manifest.encode() == canonical(document)
    assert tp.decode_manifest(manifest.encode_bytes()) == manifest
    assert manifest.manifest_hash == tp.hash_bytes(canonical(document).encode())


@given(documents)
def test_lookup_finds_the_last_of_each_path(document):
    manifest = tp.decode_manifest(json.dumps(document))
    last = {joined(entry["path"]): entry for entry in document["paths"]}
    for path, entry in last.items():
        assert manifest[path] == (path, entry["hash"], entry["size"], entry["mtime"])
        assert path in manifest
    assert manifest.get("not there") is None or "not there" in last


@given(documents, documents)
def test_diff_and_merge_by_path(before, after):
    old, new = ({joined(e["path"]): e for e in document["paths"]} for document in (before, after))
    sides = [tp.decode_manifest(json.dumps(document)) for document in (before, after)]
    found = tp.diff(*sides, all=True)
    assert found.new == tuple(sorted(new.keys() - old.keys(), key=utf16))
    assert found.deleted == tuple(sorted(old.keys() - new.keys(), key=utf16))
    both = old.keys() & new.keys()
    assert set(found.modified) == {path for path in both if old[path]["hash"] != new[path]["hash"]}
    assert set(found.unchanged) == both - set(found.modified)
    union = {**old, **new}
    if sum(entry["size"] for entry in union.values()) < 2**64:
        merged = tp.merge(*sides)
        assert {entry.path: entry.hash for entry in merged} == {path: e["hash"] for path, e in union.items()}
        assert merged.total_size == sum(entry["size"] for entry in union.values())


@given(st.binary(max_size=300))
def test_any_bytes_decode_or_are_refused(data):
    try:
        tp.decode_manifest(data)
    except tp.ManifestError as error:
        assert error.status in ("E_SYNTAX", "E_MANIFEST", "E_VERSION", "E_RANGE")


segments = st.text("ab*?[]!.-", min_size=1, max_size=5).filter(lambda text: text not in (".", ".."))
patterns = st.lists(st.one_of(st.just("**"), segments), min_size=1, max_size=3).map("/".join)
NAMES = ["b", "ab", ".a", "[a]", "a-b", "!", "-", "]", "a/a", "a/.b", "a.b/b", "b.b/.a/a", ".b/a", "b.b/ab/ba"]


@pytest.fixture(scope="module")
def roots(tmp_path_factory):
    """A tree to match in, and an empty one."""
    where = tmp_path_factory.mktemp("globs")
    (where / "empty").mkdir()
    return trees.build({"entries": [{"path": name} for name in NAMES]}, str(where)), str(where / "empty")


@pytest.mark.filterwarnings("ignore:pattern .* names a directory")
@settings(max_examples=500)
@given(pattern=patterns)
def test_patterns_select_what_pythons_glob_selects(roots, pattern):
    root, empty = roots
    found = glob.glob(f"{glob.escape(root)}/{pattern}", recursive=True)
    expected = {os.path.relpath(path, root) for path in found if os.path.isfile(path)}
    assert set(tp.diff(empty, root, include=[pattern], compat="deadline").new) == expected
