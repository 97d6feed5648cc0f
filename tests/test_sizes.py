"""Files of a size at which numbers of 31, 32 or 43 bits end: sparse, but with something written where that would show."""

import json
import os
import subprocess

import pytest

import template_pkg as tp

pytestmark = pytest.mark.deep

BETA = "2025-12-04-beta"
CHUNK = 256 << 20
EDGES = [1 << 31, 1 << 32]
SIZES = [edge + step for edge in EDGES for step in (-1, 0, 1)]
HUGE = (1 << 43) + 1  # nobody waits for its hash
PIECE = 1 << 24


def write_sparse(path, size):
    """Zeros, but for a byte at each end and on either side of every edge."""
    places = {0, size - 1, *(edge + step for edge in EDGES for step in (-1, 0) if edge + step < size)}
    with path.open("wb") as file:
        file.truncate(size)
        for place in places:
            file.seek(place)
            file.write(bytes([place % 251 + 1]))


@pytest.fixture(scope="module")
def sparse(tmp_path_factory):
    """A tree of such files, their names being their sizes."""
    root = tmp_path_factory.mktemp("sparse")
    for size in SIZES:
        write_sparse(root / f"{size}", size)
    return root


def pieces(path):
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def hash_of_stream(cli, path):
    """What the command makes of the same bytes from a pipe, which has no size to be wrong about."""
    process = subprocess.Popen([cli.path, "hash", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for piece in pieces(path):
        process.stdin.write(piece)
    process.stdin.close()
    answer = json.loads(process.stdout.read())
    assert process.wait() == 0
    return answer["files"][0]["hash"], answer["files"][0]["size"]


def test_sizes_and_hashes_are_exact(cli, sparse, tmp_path):
    document = tmp_path / "m"
    cli.ok("snapshot", sparse, "-o", document)
    manifest = tp.decode_manifest(document.read_bytes())
    assert sorted((entry.path, entry.size) for entry in manifest) == sorted((f"{size}", size) for size in SIZES)
    assert manifest.total_size == sum(SIZES)
    for entry in manifest:
        assert hash_of_stream(cli, sparse / entry.path) == (entry.hash, entry.size)
        assert tp.hash_file(sparse / entry.path) == entry.hash
    assert len({entry.hash for entry in manifest}) == len(SIZES)
    assert tp.verify(manifest, sparse, strict=True)
    assert cli.json("diff", document, sparse)["unchangedCount"] == len(SIZES)


def test_chunks_are_exact(sparse):
    for entry in tp.snapshot(sparse, format=BETA):
        with (sparse / entry.path).open("rb") as file:
            chunks = iter(lambda file=file: file.read(CHUNK), b"")
            assert list(entry.chunk_hashes) == [tp.hash_bytes(chunk) for chunk in chunks]


def test_a_byte_more_or_less_is_seen(sparse):
    manifest = tp.snapshot(sparse, include=[f"{SIZES[-1]}"])
    (entry,) = manifest
    path = sparse / entry.path
    time = path.stat().st_mtime_ns
    for size in (entry.size - 1, entry.size + 1, entry.size - EDGES[-1], entry.size):
        os.truncate(path, size)
        if size == entry.size:
            write_sparse(path, size)
        os.utime(path, ns=(time, time))
        assert bool(tp.verify(manifest, sparse)) is (size == entry.size)


def test_the_size_alone_tells_huge_files_apart(cli, tmp_path):
    root, document = tmp_path / "huge", tmp_path / "m"
    root.mkdir()
    with (root / "f").open("wb") as file:
        file.truncate(HUGE)
    stat = (root / "f").stat()
    for size, list_of_changes in ((HUGE, []), (HUGE - 1, ["f"]), (HUGE % (1 << 32), ["f"])):
        entry = {"hash": "0", "mtime": stat.st_mtime_ns // 1000, "path": "f", "size": size}
        members = {"hashAlg": "xxh128", "manifestVersion": "2023-03-03", "paths": [entry], "totalSize": size}
        document.write_text(json.dumps(members))
        assert cli.json("diff", document, root)["modified"] == list_of_changes
