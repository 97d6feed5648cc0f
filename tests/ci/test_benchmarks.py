"""What a smoke run of the benchmarks must have said, and the reports that come out of one."""

import importlib.util
import sys
from pathlib import Path

from ci.tools import benchmarks

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
OPEN = {"target": "a / <c>", "ours": "a", "limit": 2.0, "met": None, "peer": None}
PROGRAM = {"wall": 0.25, "cpu": 0.2, "rss": 3.0, "peak": "<=3"}


def row(number, outcomes, seconds=(0.1, 0.2)):
    programs = {"a": PROGRAM, "b": PROGRAM}
    return {
        "row": number,
        "title": "t & t",
        "file": "f.py",
        "outcomes": outcomes,
        "programs": programs,
        "seconds": {"a": list(seconds)},
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
    assert benchmarks.faults([row(1, [MET])], {1}, "") == []
    assert benchmarks.faults([row(1, [MET, OPEN])], {1}, "  left out: c is not installed") == []


def test_what_was_not_measured_is_said():
    assert said(benchmarks.faults([], {3}, "")) == ["row 3 did not run"]
    assert said(benchmarks.faults([row(1, [MET], seconds=())], {1}, "")) == ["row 1: a was not timed"]
    assert said(benchmarks.faults([row(1, [MET, OPEN])], {1}, "")) == ["row 1: nothing answers the target 'a / <c>'"]
    astray = {**OPEN, "ours": "d"}
    told = ["row 1: there is no d, which a target is about"]
    assert said(benchmarks.faults([row(1, [astray])], {1}, "left out: c")) == told
    assert said(benchmarks.faults([row(1, [astray])], {1}, "left out: d (it is not there)")) == []


def test_table_and_chart_show_every_target():
    report = load("report")
    rows = [row(1, [MET, OPEN]), row(2, [{**MET, "met": False, "median": 3e-9, "max": float("inf")}, FAR])]
    markdown, svg = report.markdown({"cpu": "x<y>"}, rows), report.chart({"cpu": "x<y>"}, rows)
    assert benchmarks.report_faults(rows, markdown, svg) == []
    assert "| a / b | b | 0.250 | 0.200..0.300 | 0.250 | 0.5 | met |" in markdown
    assert "| 0.250 | 0.5 | MISSED by 0.250; the floor is at 0.400 |" in markdown
    assert "| a / <c> | - | - | - | - | 2.0 | not measured |" in markdown
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
