"""Ten million entries: what they take is a table of fixed rows and the bytes of their paths; work grows as they do."""

import os
import re
import resource
import shutil
import subprocess
import sys

import large
import pytest

pytestmark = pytest.mark.deep

MANY = 10_000_000
FEW = MANY // 10
STEPS = [100_000, 200_000, 400_000]
SLOPE = 1.02  # the most that each entry may take beyond the first step, of what it takes within
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


def instructions(cli, *words, code=0):
    """How many the command takes, which no machine is too busy for."""
    argv = [shutil.which("valgrind"), "--tool=callgrind", f"--callgrind-out-file={os.devnull}", cli.path, *words]
    done = subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == code, done.stderr
    return int(re.search(r"Collected : (\d+)", done.stderr)[1])


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


def test_a_comparison_takes_two_tables(cli, documents):
    made, changed = documents
    peak = run(cli, "diff", made[MANY][0], changed, "--exit-code", code=1)
    assert peak < allowed(MANY, tables=2)


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


@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind counts the instructions")
def test_work_grows_as_the_entries_do(cli, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    document, changed, few, beta = (tmp_path / name for name in ("document", "changed", "few", "beta"))
    counted = {"convert": [], "diff": [], "verify": [], "convert of 2025-12-04-beta": []}
    for count in STEPS:
        large.write(document, count)
        large.write(changed, count, changed=True)
        large.write(few, count // 10)
        large.write_beta(beta, count)
        calls = {
            "convert": ["convert", document, "-o", os.devnull],
            "diff": ["diff", document, changed],
            "verify": ["verify", few, empty, "--quiet"],
            "convert of 2025-12-04-beta": ["convert", beta, "--format", "2025-12-04-beta", "-o", os.devnull],
        }
        for name, words in calls.items():
            counted[name].append(instructions(cli, *words, code=int(name == "verify")))
    print(counted)
    for first, second, third in counted.values():
        assert third - second < 2 * SLOPE * (second - first)
