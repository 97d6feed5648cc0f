"""Where a run's time went."""

import json

from ci.runner.model import Gate, Result
from ci.runner.timing import Timings, cores


def gate(*needs):
    return Gate("", lambda ctx: [], inputs=[], mutations=[], needs=needs)


def result(name, began, seconds):
    made = Result(name, "passed", seconds=seconds)
    made.began = began
    return made


GATES = {"base": gate(), "quick": gate("base"), "slow": gate("base"), "alone": gate(), "unneeded": gate("slow")}


def timings(cpu=1.0, wall=12.0):
    ran = [result("base", 100, 5), result("quick", 105, 1), result("slow", 105, 6), result("alone", 100, 8)]
    return Timings(GATES, [*ran, Result("unneeded", "not needed")], 100, wall, cpu)


def test_the_longest_chain_is_the_slowest_way_through_needs():
    told = timings().as_dict()
    assert told["chain"] == ["base", "slow"]
    assert told["chainSeconds"] == 11
    assert told["efficiency"] == round(11 / 12, 3)


def test_where_processors_are_the_bound_they_are_it():
    busy = cores() * 11.5
    assert timings(cpu=busy).as_dict()["efficiency"] == round(11.5 / 12, 3)


def test_a_run_of_nothing_has_no_chain():
    nothing = Timings(GATES, [], 0, 0.0, 0.0)
    assert nothing.as_dict()["chain"] == []
    assert nothing.as_dict()["efficiency"] == 1.0


def test_the_table_is_in_the_order_of_the_run_and_marks_the_chain():
    lines = timings().lines()
    assert [line.split()[0] for line in lines[1:5]] == ["base", "alone", "quick", "slow"]
    assert [line.split()[0] for line in lines if line.endswith("*")] == ["base", "slow"]
    assert lines[-2] == "* longest chain: base -> slow: 11.0 s"
    assert lines[-1].endswith("92 % of what is possible")


def test_timings_are_shown_on_request(project):
    project.gate("first", "time.sleep(0.3); return []")
    project.gate("second", "time.sleep(0.3); return []", "needs=['first']")
    assert "longest chain" not in project.run("second").out
    told = json.loads(project.run("second", "--json").out)["timings"]
    assert told["chain"] == ["first", "second"]
    assert 0 < told["efficiency"] <= 1.05
    done = project.run("second", "--timings")
    assert "* longest chain: first -> second: 0.6 s" in done.out
    assert done.out.splitlines()[-1] == "gates: 2 passed, 0 failed, 0 skipped"
