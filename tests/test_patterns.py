"""The table of examples in docs/patterns.md: what it says is what command and Python do."""

import glob
import os
import re
import warnings
from pathlib import Path

import pytest

import template_pkg as tp

PAGE = Path(__file__).resolve().parent.parent / "docs" / "patterns.md"


def rows():
    """Pattern, what it matches, what it does not, and what it does not under --compat deadline."""
    table = PAGE.read_text(encoding="utf-8").split("## Examples")[1]
    lines = [line for line in table.splitlines() if line.startswith("| `")]
    cells = [[re.findall(r"`([^`]+)`", cell) for cell in line.strip().strip("|").split("|")] for line in lines]
    return [(row[0][0], row[1], row[2], row[3]) for row in cells]


ROWS = rows()


def make_tree(root, paths):
    """All paths as files; one that is another's folder as that."""
    for path in paths:
        place = root / path
        if not any(other.startswith(f"{path}/") for other in paths):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch()
    (root / "zzz").touch()  # no tree is empty


def selected(root, pattern, compat=None):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of patterns that name a directory
        try:
            return {entry.path for entry in tp.snapshot(root, include=[pattern], compat=compat)}
        except tp.ManifestError:  # nothing
            return set()


def test_the_table_has_rows():
    assert len(ROWS) > 20 and sum(len(row[3]) > 0 for row in ROWS) > 4


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_an_example_is_true(cli, tmp_path, row):
    pattern, matched, unmatched, hidden = row
    root = tmp_path / "root"
    make_tree(root, [*matched, *unmatched])
    for path in (*matched, *unmatched):
        assert tp.matches(path, include=[pattern]) == (path in matched), path
        assert tp.matches(path, exclude=[pattern]) == (path not in matched), path
    found = selected(root, pattern)
    assert found - {"zzz"} == set(matched)
    done = cli.run("snapshot", root, "--include", pattern, "--json", "-o", tmp_path / "m")
    if found:
        assert {entry.path for entry in tp.Manifest.from_path(tmp_path / "m")} == found
    else:
        assert done.returncode == 4
    as_deadline = selected(root, pattern, compat="deadline")
    assert as_deadline - {"zzz"} == set(matched) - set(hidden)
    globbed = glob.glob(f"{glob.escape(str(root))}/{pattern}", recursive=True)
    files = {os.path.relpath(path, root) for path in globbed if os.path.isfile(path) and not path.endswith("/")}
    if not pattern.startswith(".."):
        assert as_deadline == files
