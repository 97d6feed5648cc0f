"""What a smoke run of the benchmarks must have said, and the reports that come out of one."""

import ast
import importlib.util
import sys
from pathlib import Path

import pytest

from ci.tools import benchmarks, system

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
MET = {
    "target": "a / b",
    "ours": "a",
    "peer": "b",
    "limit": 0.5,
    "met": True,
    "median": 0.25,
    "min": 0.2,
    "max": 0.3,
    "floor": None,
    "cpu": 0.25,
}
FAR = {**MET, "met": False, "median": 0.75, "floor": 0.4}
WITHOUT = {"name": "c", "why": "c is not installed", "index": False}
OPEN = {"target": "a / <c>", "ours": "a", "limit": 2.0, "met": None, "peer": None}
PROGRAM = {"wall": 0.25, "cpu": 0.2, "rss": 3.0, "peak": "<=3", "calls": None}


def row(number, outcomes, seconds=(0.1, 0.2), left_out=()):
    programs = {"a": {**PROGRAM, "calls": 1.25}, "b": PROGRAM}
    return {
        "row": number,
        "title": "t & t",
        "file": "f.py",
        "outcomes": outcomes,
        "programs": programs,
        "seconds": {"a": list(seconds)},
        "left_out": list(left_out),
    }


def said(found):
    return [finding.message for finding in found]


def load(name):
    spec = importlib.util.spec_from_file_location(f"benchmarks_{name}", FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its data classes look themselves up
    spec.loader.exec_module(module)
    return module


def test_a_complete_run_has_no_fault():
    assert benchmarks.faults([row(1, [MET])], {1}, True) == []
    assert benchmarks.faults([row(1, [MET, OPEN], left_out=[WITHOUT])], {1}, True) == []


def test_what_was_not_measured_is_said():
    assert said(benchmarks.faults([], {3}, False)) == ["row 3 did not run"]
    assert said(benchmarks.faults([row(1, [MET], seconds=())], {1}, False)) == ["row 1: a was not timed"]
    assert said(benchmarks.faults([row(1, [MET, OPEN])], {1}, False)) == ["row 1: nothing answers the target 'a / <c>'"]
    astray = {**OPEN, "ours": "d"}
    told = ["row 1: there is no d, which a target is about"]
    assert said(benchmarks.faults([row(1, [astray], left_out=[WITHOUT])], {1}, False)) == told
    assert said(benchmarks.faults([row(1, [astray], left_out=[{**WITHOUT, "name": "d"}])], {1}, False)) == []


def test_what_an_index_would_have_given_is_refused_by_a_run_that_takes_no_skips():
    without = row(12, [MET, OPEN], left_out=[{**WITHOUT, "why": "no index", "index": True}, WITHOUT])
    assert said(benchmarks.faults([without], {12}, False)) == []
    assert said(benchmarks.faults([without], {12}, True)) == ["row 12: left out: no index"]


def test_the_gate_runs_every_row_that_there_is(context):
    files = {f"benchmarks/rows/{path.name}": path.read_text() for path in (FOLDER / "rows").glob("*.py")}
    numbers = benchmarks.rows(context(files))
    (listed,) = (
        ast.literal_eval(node.value)
        for node in ast.parse((FOLDER / "bench.py").read_text()).body
        if isinstance(node, ast.Assign) and node.targets[0].id == "ROWS"
    )
    assert sorted(map(int, numbers)) == [*range(1, 11), 12, 13]
    assert len(listed) == len(numbers)
    assert all("NUMBER = " in files[f"benchmarks/rows/{name}.py"] for name in listed)


def test_table_and_chart_show_every_target():
    report = load("report")
    rows = [row(1, [MET, OPEN]), row(2, [{**MET, "met": False, "median": 3e-9, "max": float("inf")}, FAR])]
    markdown, svg = report.markdown({"cpu": "x<y>"}, rows), report.chart({"cpu": "x<y>"}, rows)
    assert benchmarks.report_faults(rows, markdown, svg) == []
    assert "| a / b | b | 0.250 | 0.200..0.300 | 0.250 | 0.5 | met |" in markdown
    assert "| 0.250 | 0.5 | MISSED by 0.250: the floor is at 0.400, ours at 1.88 times that |" in markdown
    assert "| a / <c> | - | - | - | - | 2.0 | not measured |" in markdown
    assert "| a | 0.2500 | 0.2000 | <=3 | 1.25 |\n| b | 0.2500 | 0.2000 | <=3 | - |" in markdown
    assert svg.count("not measured") == 1 and svg.count(", missed") == 2
    assert "prefers-color-scheme: dark" in svg


def test_a_report_that_lacks_something_is_refused():
    rows = [row(1, [MET])]
    assert said(benchmarks.report_faults(rows, "", "<svg")) == [
        "the table lacks the target 'a / b'",
        "the chart is not well-formed: unclosed token: line 1, column 0",
    ]
    elsewhere = '<svg xmlns="http://www.w3.org/2000/svg"><image href="x"/></svg>'
    assert said(benchmarks.report_faults(rows, "| a / b |", elsewhere)) == [
        "the chart has 0 dots for 1 ratios",
        "the chart refers to something outside itself",
    ]


def test_a_ratio_is_taken_round_by_round_and_less_what_both_share():
    harness = load("harness")
    timed = {
        "ours": harness.Timed([3.0, 5.0, 4.0], [1.0, 1.0, 1.0], [8.0, 8.0, 8.0]),
        "fast": harness.Timed([5.0, 9.0, 6.0], [2.0, 2.0, 2.0], [2.0, 4.0, 8.0]),
        "slow": harness.Timed([50.0, 90.0, 60.0], [2.0, 2.0, 2.0], [1.0, 1.0, 1.0]),
        "sh": harness.Timed([1.0, 1.0, 1.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]),
    }
    outcome = harness.judge(timed, harness.Target("t", "ours", ["slow", "fast"], 0.5, less="sh"))
    assert (outcome["peer"], outcome["median"], outcome["min"], outcome["max"]) == ("fast", 0.5, 0.5, 0.6)
    assert outcome["met"] is True and outcome["cpu"] == 0.5
    memory = harness.judge(timed, harness.Target("t", "ours", ["fast"], 0.5, measure="rss"))
    assert (memory["median"], memory["met"]) == (2.0, False)
    assert harness.judge(timed, harness.Target("t", "ours", ["absent"], 0.5))["met"] is None


@pytest.mark.parametrize(
    ("floor", "words"),
    [
        (0.4, "MISSED by 0.250: the floor is at 0.400, ours at 1.88 times that"),
        (0.6, "MISSED by 0.250: not even the floor, at 0.600, meets it, ours at 1.25 times that"),
        (None, "MISSED by 0.250: no floor program runs in this row"),
        (0.0, "MISSED by 0.250: the floor is at 0.000"),
    ],
)
def test_a_missed_target_says_by_how_much_and_what_the_floor_says_of_why(floor, words):
    assert load("report").verdict({**FAR, "floor": floor}) == words


def test_the_floor_is_of_the_same_rounds_and_the_target_says_which_one():
    harness = load("harness")
    cpu = [1.0, 1.0]
    timed = {
        "ours": harness.Timed([3.0, 6.0], cpu, cpu),
        "peer": harness.Timed([4.0, 8.0], cpu, cpu),
        "floor": harness.Timed([1.0, 2.0], cpu, cpu),
        "least": harness.Timed([2.0, 4.0], cpu, cpu),
    }

    def floor(**more):
        return harness.judge(timed, harness.Target("t", "ours", **{"peers": ["peer"], "limit": 0.5, **more}))["floor"]

    assert (floor(), floor(floor="least"), floor(peers=["floor"]), floor(floor="none")) == (0.25, 0.5, 1.0, None)
    assert floor(measure="cpu") is None


def test_what_a_row_goes_without_is_said_and_noted(capsys):
    harness = load("harness")
    harness.leave_out(harness.Unavailable("x is not installed"))
    harness.leave_out(harness.NoIndex("no index"), "y hash")
    assert capsys.readouterr().out == "  left out: x is not installed\n  left out: y hash: no index\n"
    assert [(each["name"], each["why"], each["index"]) for each in harness.left_out] == [
        ("", "x is not installed", False),
        ("y hash", "no index", True),
    ]


SUMMARY = """\
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 86.91    0.069013           6     10000           statx
 12.00    0.009530          95       100         3 openat
  0.00    0.000000           0         1           execve
------ ----------- ----------- --------- --------- ----------------
100.00    0.079410           7     10101         3 total
"""


def program(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_system_calls_are_counted_a_file(tmp_path, monkeypatch):
    harness = load("harness")
    (tmp_path / "summary").write_text(SUMMARY)
    monkeypatch.setattr(harness, "WORK", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    scan = harness.Contender("ours", ["/bin/true"], files=10_000)
    assert harness.counted(SUMMARY) == 10_101
    assert harness.system_calls(scan) is None  # no strace
    program(tmp_path / "strace", '[ "$*" = "-f -c -o $PWD/calls /bin/true" ] && /bin/cat summary > calls')
    monkeypatch.chdir(tmp_path)
    assert harness.system_calls(scan) == 1.0101
    assert harness.system_calls(harness.Contender("ours", ["/bin/true"])) is None  # not asked for
    program(tmp_path / "strace", "exit 1")
    assert harness.system_calls(scan) is None  # it may not trace


def test_a_peer_is_installed_when_that_is_asked_for(tmp_path, monkeypatch, capsys):
    harness = load("harness")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(system, "privilege", list)
    get = f'echo "$@" >> {tmp_path}/asked\ncase $1 in install) /bin/cp /bin/true {tmp_path}/peer;; esac'
    program(tmp_path / "apt-get", get)
    with pytest.raises(harness.Unavailable, match="peer is not installed .Debian: apt-get install a-peer."):
        harness.find("peer", "a-peer")
    assert not (tmp_path / "asked").exists()
    monkeypatch.setattr(harness, "install_packages", True)
    assert harness.find("peer", "a-peer") == str(tmp_path / "peer")
    words = " ".join(system.INSTALL["apt-get"][1:])
    assert (tmp_path / "asked").read_text() == f"update -q\n{words} a-peer\n"
    assert "installing a-peer (apt-get)" in capsys.readouterr().out
