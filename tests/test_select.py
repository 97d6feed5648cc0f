"""matches() and Manifest.filter(): a snapshot's patterns without a tree."""

import pytest

import template_pkg as tp

NAMES = ("a.c", "sub/b.c", "sub/.d", "sub/deep/e.c", "\udcff")


@pytest.fixture
def manifest(tree):
    return tp.snapshot(
        tree({"entries": [{"path": name, "content": name.encode("utf-8", "surrogateescape")} for name in NAMES]})
    )


@pytest.mark.parametrize(
    "patterns",
    [
        {},
        {"include": ["**/*.c"]},
        {"include": ["sub/**"], "exclude": ["**/.*"]},
        {"exclude": ["*"]},
        {"include": ("*\udcff",)},
        {"include": ["nothing"]},
        {"include": iter(["a.c"]), "exclude": None},
    ],
)
def test_a_filtered_manifest_is_that_of_the_filtered_tree(tree, manifest, patterns):
    patterns = {key: value and list(value) for key, value in patterns.items()}
    found = manifest.filter(**patterns)
    assert type(found) is tp.Manifest
    assert [entry.path for entry in found] == [e.path for e in manifest if tp.matches(e.path, **patterns)]
    assert [found[entry.path] for entry in found] == [manifest[entry.path] for entry in found]
    assert found.total_size == sum(entry.size for entry in found)
    assert (found.skipped, found.stats) == ((), None)
    assert len(manifest) == len(NAMES)


def test_all_of_it_is_equal(manifest):
    assert manifest.filter() == manifest


def test_format_and_parent_stay(manifest):
    beta = manifest.convert("2025-12-04-beta")
    assert beta.filter(include=["**/*.c"]) == manifest.filter(include=["**/*.c"]).convert("2025-12-04-beta")
    text = (
        '{"dirs":[{"name":"d"},{"name":"e"}],"files":[{"delete":true,"name":"d/x"},{"delete":true,"name":"e/y"}],'
        '"hashAlg":"xxh128","manifestVersion":"2025-12-04-beta","parentManifestHash":"ab","totalSize":0}'
    )
    found = tp.decode_manifest(text).filter(include=["d/*"])
    assert (found.parent_hash, [entry.path for entry in found]) == ("ab", ["d/x"])
    assert [entry.path for entry in found.directories] == ["d"]


@pytest.mark.parametrize("call", [lambda m, **k: m.filter(**k), lambda m, **k: tp.matches("a", **k)])
def test_patterns_are_iterables_of_str(manifest, call):
    with pytest.raises(TypeError, match="include must be an iterable of str, not one"):
        call(manifest, include="*.c")
    with pytest.raises(TypeError, match="exclude must hold str"):
        call(manifest, exclude=[b"*.c"])
    with pytest.raises(TypeError):
        call(manifest, other=[])


def test_a_path_is_a_str():
    with pytest.raises(TypeError):
        tp.matches(b"a")
    with pytest.raises(TypeError):
        tp.matches()
    assert tp.matches("a/b") is True
    assert tp.matches("a/b", include=["*"]) is False
