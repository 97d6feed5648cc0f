"""Manifest.__arrow_c_stream__(), by a reader of the specification; the libraries themselves are in test_arrow_libraries.py."""

import ctypes
import gc
import json
import sys
import threading

import arrow_reader
import pytest

import template_pkg as tp

PLAIN = {"path": ("U", False), "hash": ("U", True), "size": ("L", True), "mtime": ("tsu:UTC", True)}
BETA = {
    **PLAIN,
    "type": ("U", False),
    "runnable": ("b", False),
    "deleted": ("b", False),
    "target": ("U", True),
    "chunk_hashes": ("U", True),
}


def document(*entries):
    members = {"hashAlg": "xxh128", "manifestVersion": "2023-03-03", "totalSize": 3, "paths": entries}
    return tp.decode_manifest(json.dumps(members))


def entry(path, **members):
    return {"hash": "99aa06d3014798d86001c324468d497f", "mtime": 1, "path": path, "size": 1, **members}


def table(manifest):
    return arrow_reader.table(manifest.__arrow_c_stream__())[0]


def test_the_columns_are_the_entries():
    manifest = document(
        entry("b/\u00e9"), entry("", hash="Zz9", size=2**64 - 1), entry("a\0\U0001f600", mtime=-(2**63))
    )
    assert arrow_reader.fields(arrow_reader.borrowed(manifest.__arrow_c_stream__())) == PLAIN
    columns = table(manifest)
    assert list(zip(*columns.values())) == [tuple(one) for one in manifest]


def test_a_name_that_is_not_unicode_loses_nothing():
    manifest = document(entry("x"), entry("\udcffa\ud800"), entry("\ud7ff\uffff"))
    columns = table(manifest)
    assert columns["path"] == ["x", "\ufffda\ufffd", "\ud7ff\uffff"]
    assert columns["path_bytes"] == [None, "\udcffa\ud800".encode("utf-8", "surrogatepass"), None]
    assert list(columns) == [*PLAIN, "path_bytes"]


def test_a_manifest_of_2025_says_more():
    chunks = ["a" * 32, "b" * 32]
    text = json.dumps(
        {
            "dirs": [{"name": "d"}],
            "files": [
                {"name": "big", "chunkhashes": chunks, "size": (256 << 20) + 1, "mtime": 5},
                {"name": "d/gone", "delete": True},
                {"name": "link", "symlink": {"name": "d/x"}},
                {"name": "run", "hash": "0", "size": 1, "mtime": 2, "runnable": True},
            ],
            "hashAlg": "xxh128",
            "manifestVersion": "2025-12-04-beta",
            "parentManifestHash": "0",
            "totalSize": 1,
        }
    )
    manifest = tp.decode_manifest(text)
    assert arrow_reader.fields(arrow_reader.borrowed(manifest.__arrow_c_stream__())) == BETA
    columns = table(manifest)
    assert columns == {
        "path": ["big", "d/gone", "link", "run"],
        "hash": [None, None, None, "0"],
        "size": [(256 << 20) + 1, None, None, 1],
        "mtime": [5, None, None, 2],
        "type": ["file", "file", "symlink", "file"],
        "runnable": [False, False, False, True],
        "deleted": [False, True, False, False],
        "target": [None, None, "d/x", None],
        "chunk_hashes": [",".join(chunks), None, None, None],
    }
    assert columns["type"] == [one.type for one in manifest]


@pytest.fixture(scope="module")
def large():
    return document(*(entry(f"d{i % 97}/f{i}", size=i) for i in range(150_000)))


def test_a_large_table_comes_in_batches(large):
    columns, lengths = arrow_reader.table(large.__arrow_c_stream__())
    assert lengths == [65536, 65536, 150_000 - 2 * 65536]
    assert columns["size"] == list(range(150_000))
    assert columns["path"][140_000] == large[140_000].path


def test_an_empty_table_has_a_schema(tree):
    empty = document(entry("a")).filter(include=["b"])
    assert arrow_reader.table(empty.__arrow_c_stream__()) == ({name: [] for name in PLAIN}, [])


def test_each_call_is_a_stream_of_its_own_and_a_wish_is_left_alone(large):
    first, second = large.__arrow_c_stream__(), large.__arrow_c_stream__(requested_schema=None)
    one, two = arrow_reader.borrowed(first), arrow_reader.borrowed(second)
    batch = arrow_reader.next_of(one)
    assert arrow_reader.next_of(two).length == batch.length == 65536
    assert large.__arrow_c_stream__("any") is not None
    with pytest.raises(TypeError):
        large.__arrow_c_stream__(1, 2)


def test_a_stream_outlives_its_manifest_and_its_capsule():
    manifest = document(entry("a"), entry("b"))
    stream = arrow_reader.moved(arrow_reader.borrowed(manifest.__arrow_c_stream__()))
    del manifest
    gc.collect()
    batch = arrow_reader.next_of(stream)
    arrow_reader.release(stream)
    child = arrow_reader.moved(batch.children[0][0])
    arrow_reader.release(batch)
    assert arrow_reader.values(child, "U") == ["a", "b"]
    arrow_reader.release(child)


def test_columns_of_a_schema_may_be_moved_out():
    capsule = document(entry("a")).__arrow_c_stream__()
    schema = arrow_reader.schema_of(arrow_reader.borrowed(capsule))
    child = arrow_reader.moved(schema.children[1][0])
    arrow_reader.release(schema)
    assert (child.name, child.format) == (b"hash", b"U")
    arrow_reader.release(child)


def test_batches_are_made_and_released_without_the_gil(large):
    """By foreign threads, as engines do it: a function of a ctypes prototype is called without the GIL."""
    expected = table(large)["path"]
    found, failures = {}, []

    def work(number):
        try:
            found[number] = table(large)["path"] == expected
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert found == dict.fromkeys(range(4), True)


def test_references_and_memory_stay_as_they_were():
    manifest = document(entry("a" * 1000))

    def use(times):
        for i in range(times):
            capsule = manifest.__arrow_c_stream__()
            if i % 2:
                arrow_reader.table(capsule)
            if i % 3:
                arrow_reader.release(arrow_reader.borrowed(capsule))
        gc.collect()
        return sys.getallocatedblocks()

    use(50)
    references = sys.getrefcount(manifest)
    growth = [-use(0) + use(300) for _ in range(3)]
    assert min(growth) < 50, growth
    assert sys.getrefcount(manifest) == references


def test_a_capsule_has_the_agreed_name():
    name = ctypes.pythonapi.PyCapsule_GetName
    name.restype, name.argtypes = ctypes.c_char_p, [ctypes.py_object]
    assert name(document(entry("a")).__arrow_c_stream__()) == b"arrow_array_stream"
