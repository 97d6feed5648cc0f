"""Counting what runs: shares, what is lacking, markers with and without a reason."""

import pytest

from ci import policy
from ci.tools import coverage

CORE = "libs/core/src"


def entry(path, *lines):
    """What gcovr says of a file; a line is its count, or its count and its branches' counts."""
    made = []
    for number, line in enumerate(lines, 1):
        count, *branches = line if isinstance(line, tuple) else (line,)
        made.append({"line_number": number, "count": count, "branches": [{"count": n} for n in branches]})
    return {"file": path, "lines": made}


def test_shares_are_summed_per_area():
    data = {"files": [entry(f"{CORE}/a.c", 1, (1, 1, 0)), entry(f"{CORE}/b.h", 0, 5), entry("libs/cli/src/c.c", 1)]}
    found = coverage.summary(data)
    assert (found["line"], found["branch"]) == (80, 50)
    assert found["areas"][1] == {"path": CORE, "line": 75, "branch": 50}
    assert found["files"][1] == {"path": f"{CORE}/b.h", "line": 50, "branch": 100}


def test_a_share_is_never_rounded_up():
    assert coverage.Share(19999, 20000).percent == 99.99
    assert coverage.Share(199999, 200000).percent < 100


def test_what_is_taken_out_does_not_count(monkeypatch):
    monkeypatch.setattr(policy, "COVERED", {CORE: (100, 100)})
    one = entry(f"{CORE}/a.c", 1, 0, (1, 1, 0))
    one["lines"][1]["gcovr/excluded"] = True
    one["lines"][2]["branches"][1]["gcovr/excluded"] = True
    assert list(coverage.lacking({"files": [one]})) == []


def test_lines_and_branches_that_never_run_are_named(monkeypatch):
    monkeypatch.setattr(policy, "COVERED", {CORE: (100, 98)})
    data = {"files": [entry(f"{CORE}/a.c", 1, 0, (3, 1, 0, 0))]}
    assert [str(finding) for finding in coverage.lacking(data)] == [
        f"{CORE}: 66.66 % of the lines run, at least 100 % must",
        f"{CORE}/a.c:2: never runs",
        f"{CORE}: 33.33 % of the branches run, at least 98 % must",
        f"{CORE}/a.c:3: 2 of 3 branches are never taken",
    ]


def test_enough_is_enough(monkeypatch):
    monkeypatch.setattr(policy, "COVERED", {CORE: (50, 0)})
    assert list(coverage.lacking({"files": [entry(f"{CORE}/a.c", 1, 0, (0, 0))] * 1 + [entry(f"{CORE}/b.c", 1)]})) == []


def test_a_folder_without_a_line_is_a_finding():
    said = "no line of it is counted: was it built (preset coverage)?"
    assert [str(finding) for finding in coverage.lacking({"files": []})] == [
        f"{path}: {said}" for path in policy.COVERED
    ]
    (finding,) = coverage.lacking({"files": []}, alone=True)
    assert finding.message.startswith("no line is counted")


def test_a_source_that_no_target_compiles_is_a_finding(context):
    notes = {f"build/coverage/{name}": "" for name in ("libs/core/CMakeFiles/core.dir/src/a.c.gcno", "b.c.gcno")}
    ctx = context({f"{CORE}/a.c": "", f"{CORE}/b.c": "", f"{CORE}/hash_generic.c": "", "libs/cli/x.c": "", **notes})
    found = coverage.uncounted(ctx, ctx.path("build", "coverage"))
    assert [str(finding) for finding in found] == [f"{CORE}/b.c:1: no target compiles this: nothing of it is counted"]


@pytest.mark.parametrize(
    ("marker", "explained"),
    [
        ("/* GCOVR_EXCL_LINE: no clock says so */", True),
        ("/* GCOVR_EXCL_START: other machines only */\n/* GCOVR_EXCL_STOP */", True),
        ("/* LCOV_EXCL_BR_LINE */", False),
        ("/* GCOVR_EXCL_LINE: */", False),
        ("/* GCOV_EXCL_START: x */", False),
        ("/* GCOVR_EXCL_LINE */ /* reason enough */", False),
    ],
)
def test_a_marker_says_why(marker, explained):
    found = [str(finding) for finding in coverage.unexplained("a.c", f"\nint x; {marker}\n")]
    assert (found == []) is explained
    assert explained or (found[0].startswith("a.c:2: ") and found[0].endswith(" says no reason"))


@pytest.mark.parametrize(
    ("notes", "source"),
    [
        ("libs/core/CMakeFiles/core.dir/src/a.c.gcno", "libs/core/src/a.c"),
        ("libs/core/tests/CMakeFiles/test_a.dir/test_a.c.gcno", "libs/core/tests/test_a.c"),
        ("libs/cli/tests/CMakeFiles/test_b.dir/__/src/b.c.gcno", "libs/cli/src/b.c"),
    ],
)
def test_a_compiler_s_notes_are_of_a_source(context, notes, source):
    ctx = context({})
    folder = ctx.path("build", "coverage")
    assert coverage.source(ctx, folder, f"{folder}/{notes}") == ctx.path(source)
