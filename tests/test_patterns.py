"""The tables of examples in docs/patterns.md: what they say is what command and Python do, and what each dialect is to be as."""

import fnmatch
import glob
import json
import os
import re
import warnings
from pathlib import Path

import pytest

import template_pkg as tp

HERE = Path(__file__).resolve().parent
PAGE = (HERE.parent / "docs" / "patterns.md").read_text(encoding="utf-8")
RECORDED = json.loads((HERE / "data" / "vectors" / "globset.json").read_text(encoding="utf-8"))["patterns"]


def rows(dialect):
    """Pattern, what it matches, what it does not, and what it does not under --compat deadline."""
    table = PAGE.split(f"\n## {dialect}\n")[1].split("### Examples")[1].split("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("| `")]
    cells = [[re.findall(r"`([^`]+)`", cell) for cell in line.strip().strip("|").split("|")] for line in lines]
    return [(row[0][0], row[1], row[2], *row[3:]) for row in cells]


DIALECTS = {dialect: rows(dialect) for dialect in ("glob", "globset", "fnmatch")}
ROWS = [(dialect, row) for dialect, table in DIALECTS.items() for row in table]


def make_tree(root, paths):
    """All paths as files; one that is another's folder as that."""
    for path in paths:
        place = root / path
        if not any(other.startswith(f"{path}/") for other in paths):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch()
    (root / "zzz").touch()  # no tree is empty


def selected(root, pattern, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of patterns that name a directory
        try:
            return {entry.path for entry in tp.snapshot(root, include=[pattern], **options)}
        except tp.ManifestError:  # nothing
            return set()


def as_downloads(path, pattern):
    """What deadline's downloads do with a pattern of --include, for a root that is `/`."""
    anchored = pattern.startswith(("/", "*")) or pattern[1:2] == ":"
    whole = ("" if anchored else "*/") + pattern + ("*" if pattern.endswith("/") else "")
    return fnmatch.fnmatchcase(f"/{path}", whole)


def test_the_tables_have_rows():
    assert {dialect: len(table) > 10 for dialect, table in DIALECTS.items()} == dict.fromkeys(DIALECTS, True)
    assert sum(len(row[3]) > 0 for row in DIALECTS["glob"]) > 4


@pytest.mark.parametrize(("dialect", "row"), ROWS, ids=[f"{dialect} {row[0]}" for dialect, row in ROWS])
def test_an_example_is_true(cli, tmp_path, dialect, row):
    pattern, matched, unmatched = row[:3]
    root = tmp_path / "root"
    make_tree(root, [*matched, *unmatched])
    for path in (*matched, *unmatched):
        assert tp.matches(path, include=[pattern], dialect=dialect) == (path in matched), path
        assert tp.matches(path, exclude=[pattern], dialect=dialect) == (path not in matched), path
        assert tp.GlobFilter([pattern], dialect=dialect).matches(path) == (path in matched), path
    found = selected(root, pattern, dialect=dialect)
    present = {path for path in matched if (root / path).is_file()}
    assert found - {"zzz"} == present
    done = cli.run("snapshot", root, "--include", pattern, "--dialect", dialect, "--json", "-o", tmp_path / "m")
    if found:
        assert {entry.path for entry in tp.Manifest.from_path(tmp_path / "m")} == found
    else:
        assert done.returncode == 4


@pytest.mark.parametrize("row", DIALECTS["glob"], ids=[row[0] for row in DIALECTS["glob"]])
def test_an_example_of_glob_is_as_pythons_glob(tmp_path, row):
    pattern, matched, unmatched, hidden = row
    root = tmp_path / "root"
    make_tree(root, [*matched, *unmatched])
    as_deadline = selected(root, pattern, compat="deadline")
    assert as_deadline - {"zzz"} == set(matched) - set(hidden)
    globbed = glob.glob(f"{glob.escape(str(root))}/{pattern}", recursive=True)
    files = {os.path.relpath(path, root) for path in globbed if os.path.isfile(path) and not path.endswith("/")}
    if not pattern.startswith(".."):
        assert as_deadline == files


def test_the_examples_of_globset_are_among_its_recorded_answers():
    for pattern, matched, unmatched in DIALECTS["globset"]:
        yes, no = RECORDED[pattern]
        assert (set(matched) <= set(yes), set(unmatched) <= set(no)) == (True, True), pattern


@pytest.mark.parametrize("row", DIALECTS["fnmatch"], ids=[row[0] for row in DIALECTS["fnmatch"]])
def test_an_example_of_fnmatch_is_as_pythons_fnmatch(row):
    pattern, matched, unmatched = row
    assert [as_downloads(path, pattern) for path in (*matched, *unmatched)] == [True] * len(matched) + [False] * len(
        unmatched
    )


def test_recorded_answers_of_globset_are_ours():
    for pattern, answers in RECORDED.items():
        if answers is None:
            with pytest.raises(tp.ValidationError) as caught:
                tp.GlobFilter([pattern])
            assert caught.value.path == pattern
            continue
        given = tp.GlobFilter([pattern])
        for path in (*answers[0], *answers[1]):
            assert given.matches(path) == (path in answers[0]), (pattern, path)
    assert sum(answers is None for answers in RECORDED.values()) > 30


def test_a_pattern_that_is_none_is_refused_alike(cli, tree):
    root = tree(a="x")
    done = cli.run("snapshot", root, "--exclude", "[a", "--dialect", "globset")
    assert (done.returncode, done.stderr) == (2, b"template-cli: [a: nothing closes the '[' of a set\n")
    for call in (
        lambda **given: tp.snapshot(root, **given),
        lambda **given: tp.diff(root, root, **given),
        lambda **given: tp.snapshot(root).filter(**given),
        lambda **given: tp.matches("a", **given),
    ):
        with pytest.raises(tp.ValidationError, match="nothing closes the '\\[' of a set"):
            call(exclude=["[a"], dialect="globset")
        with pytest.raises(ValueError, match="dialect must be 'glob', 'globset' or 'fnmatch', not 'regex'"):
            call(dialect="regex")
        assert call(exclude=["[a"]) is not None
    with pytest.raises(tp.ValidationError, match="only the dialect glob hides names with a dot"):
        tp.snapshot(root, compat="deadline", dialect="fnmatch")
