"""Ten million entries: what they take is a table of fixed rows and the bytes of their paths, in time that grows as they do."""

import hashlib
import os
import resource
import subprocess
import sys

import pytest

pytestmark = pytest.mark.deep

MANY = 10_000_000
FEW = MANY // 10
ROW = 64  # bytes an entry, beside its path
FIXED = 64 << 20  # what the command has anyway, and what a table has grown too far
MEASURE = """
import resource, subprocess, sys
status = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(status, usage.ru_maxrss, usage.ru_utime + usage.ru_stime)
"""
HEAD = b'{"hashAlg":"xxh128","manifestVersion":"2023-03-03","paths":['
MTIME = 1_600_000_000_000_000


def path_of(number):
    return b"assets/seq%06d/shot_frame_%010d.exr" % (number // 100, number)


def entries(begin, end, changed):
    hashes = (i ^ (changed and i % 100 == 0) for i in range(begin, end))
    return b",".join(
        b'{"hash":"%032x","mtime":%d,"path":"%s","size":%d}' % (one, MTIME + i, path_of(i), i)
        for i, one in zip(range(begin, end), hashes)
    )


def write(path, count, changed=False):
    """A canonical manifest; returns the hash of its bytes."""
    digest = hashlib.blake2b()
    with open(path, "wb") as file:
        for begin in range(0, count, 100_000):
            for piece in (b"," if begin else HEAD, entries(begin, min(begin + 100_000, count), changed)):
                digest.update(piece)
                file.write(piece)
        tail = b'],"totalSize":%d}' % (count * (count - 1) // 2)
        digest.update(tail)
        file.write(tail)
    return digest.hexdigest()


def run(cli, *words, code=0):
    """(peak bytes, CPU seconds) of the command. It is started by a small process: a peak begins at the parent's."""
    answer = subprocess.check_output([sys.executable, "-I", "-S", "-c", MEASURE, cli.path, *map(str, words)])
    status, peak, seconds = answer.split()
    assert int(status) == code
    return int(peak) * 1024, float(seconds)


def allowed(count, tables=1):
    return tables * count * (ROW + len(path_of(0))) + FIXED


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    """Manifests by count, with the hash of their bytes, and one of which a hundredth differs."""
    folder = tmp_path_factory.mktemp("scale")
    made = {count: (folder / f"{count}", write(folder / f"{count}", count)) for count in (FEW, MANY)}
    write(folder / "changed", MANY, changed=True)
    yield made, folder / "changed"
    for path in folder.iterdir():
        path.unlink()


def test_decoding_and_encoding_take_rows_and_paths(cli, documents, tmp_path):
    made, _ = documents
    seconds = {}
    for count, (document, digest) in made.items():
        copy = tmp_path / "copy"
        peak, seconds[count] = run(cli, "convert", document, "-o", copy)
        assert peak < allowed(count), f"{count}: {peak / count:.0f} bytes an entry"
        with open(copy, "rb") as file:
            seen = hashlib.blake2b()
            for piece in iter(lambda: file.read(1 << 20), b""):
                seen.update(piece)
        assert seen.hexdigest() == digest
        copy.unlink()
    assert seconds[MANY] < 3 * seconds[FEW] * MANY / FEW


def test_looking_at_one_takes_its_table(cli, documents):
    made, _ = documents
    peak, _ = run(cli, "inspect", made[MANY][0])
    assert peak < allowed(MANY)


def test_a_comparison_takes_two_tables(cli, documents):
    made, changed = documents
    peak, _ = run(cli, "diff", made[MANY][0], changed, "--exit-code", code=1)
    assert peak < allowed(MANY, tables=2)


def test_a_limit_on_memory_ends_it_cleanly(cli, documents):
    made, _ = documents
    few = len(path_of(0)) * MANY

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (few, few))

    done = subprocess.run(
        [cli.path, "convert", made[MANY][0], "-o", os.devnull],
        preexec_fn=limit,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode in (3, 70)
    assert b"memory" in done.stderr


def test_verifying_takes_one_table_and_what_is_missing(cli, documents, tmp_path):
    made, _ = documents
    peak, _ = run(cli, "verify", made[FEW][0], tmp_path, "--quiet", code=1)
    assert peak < allowed(FEW, tables=2)  # every path is among the missing ones
