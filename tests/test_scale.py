"""Ten million entries: what they take is a table of fixed rows and the bytes of their paths.

That work grows as the entries do is counted by the gate `instructions`.
"""

import os
import resource
import subprocess
import sys

import large
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
print(status, usage.ru_maxrss)
"""
PATH = len(large.path_of(0))


def run(cli, *words, code=0):
    """Peak bytes of the command. It is started by a small process: a peak begins at the parent's."""
    answer = subprocess.check_output([sys.executable, "-I", "-S", "-c", MEASURE, cli.path, *map(str, words)])
    status, peak = answer.split()
    assert int(status) == code
    return int(peak) * 1024


def allowed(count, tables=1):
    return tables * count * (ROW + PATH) + FIXED


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    """Manifests by count, with the hash of their bytes, and one of which a hundredth differs."""
    folder = tmp_path_factory.mktemp("scale")
    made = {count: (folder / f"{count}", large.write(folder / f"{count}", count)) for count in (FEW, MANY)}
    large.write(folder / "changed", MANY, changed=True)
    yield made, folder / "changed"
    for path in folder.iterdir():
        path.unlink()


def test_decoding_and_encoding_take_rows_and_paths(cli, documents, tmp_path):
    made, _ = documents
    for count, (document, digest) in made.items():
        copy = tmp_path / "copy"
        peak = run(cli, "convert", document, "-o", copy)
        assert peak < allowed(count), f"{count}: {peak / count:.0f} bytes an entry"
        assert large.hash_of(copy) == digest
        copy.unlink()


def test_the_other_format_takes_its_text_besides(cli, tmp_path):
    """It is read whole: entries may come before the directories that they refer to."""
    document, copy = tmp_path / "document", tmp_path / "copy"
    digest = large.write_beta(document, FEW)
    peak = run(cli, "convert", document, "--format", "2025-12-04-beta", "-o", copy)
    assert peak < allowed(FEW) + document.stat().st_size, f"{peak / FEW:.0f} bytes an entry"
    assert large.hash_of(copy) == digest


def test_looking_at_one_takes_its_table(cli, documents):
    made, _ = documents
    peak = run(cli, "inspect", made[MANY][0])
    assert peak < allowed(MANY)


def test_a_comparison_takes_what_it_tells(cli, documents):
    """Neither document is in memory, and what is listed takes some bytes beside its path."""
    made, changed = documents
    peak = run(cli, "diff", made[MANY][0], changed, "--exit-code", code=1)
    assert peak < allowed(MANY // 100)


def test_a_limit_on_memory_ends_it_cleanly(cli, documents):
    made, _ = documents
    few = PATH * MANY

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
    peak = run(cli, "verify", made[FEW][0], tmp_path, "--quiet", code=1)
    assert peak < allowed(FEW, tables=2)  # every path is among the missing ones
