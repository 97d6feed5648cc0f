"""A tree with many faults in it: each is refused by the gate that should refuse it, at the lines where it was planted."""

import os
import re
import subprocess
import sys

import pytest

from ci.runner import places, registry
from ci.runner.context import Context, Shared
from ci.runner.model import Edit, Finding, Mutation
from ci.runner.prove import Copy, caught
from ci.runner.tree import Tree
from ci.tools import commits, environment, system
from tests.ci.conftest import ROOT

CLASSES = 100
# Gates that only read, and so can be asked about all their faults at once; and, apart, those that need tools for it.
READING = ["commits", "layers", "loc", "readme"]
COMPILING = ["headers"]
LINTING = ["fmt", "ruff", "types"]


def mutations(gates):
    return [(name, mutation) for name in gates for mutation in registry.load(name).mutations]


class Planted:
    """A copy of this checkout with all faults of some gates in it, and what the gates say of it."""

    def __init__(self, copy, gates):
        self.copy = copy
        self.spots = {}
        copy.refresh()
        commits.commit("ci: what was there before")(copy.root)
        subprocess.run(["git", "update-ref", "refs/remotes/origin/main", "HEAD"], cwd=copy.root, check=True)
        edits = [(mutation, edit) for _, mutation in mutations(gates) for edit in mutation.edits]
        for mutation, edit in sorted(edits, key=lambda pair: not pair[1].find):  # what is appended keeps its line
            self.spots.setdefault(mutation, []).append(copy.apply(edit))
        for _, mutation in mutations(gates):
            if mutation.act:
                mutation.act(copy.root)
        self.answers = copy.run(gates)

    def misses(self, name, mutation):
        """Why a fault counts as not refused; empty when it was."""
        found = caught(self.answers[name], mutation.expect)
        wrong = [places.fault(f, mutation, self.spots.get(mutation, []), self.copy.root) for f in found]
        if found and "" in wrong:
            return ""
        return f"{name}: {mutation.what}: {dict(zip(map(str, found), wrong)) or self.answers[name]['status']}"


@pytest.fixture
def copy(tmp_path):
    shared = Shared(Tree(str(ROOT)), jobs=2, tell=print)
    yield Copy(Context(shared, "faults"), str(tmp_path / "tree"))
    shared.close()


def refused(copy, gates):
    planted = Planted(copy, gates)
    assert [miss for name, mutation in mutations(gates) if (miss := planted.misses(name, mutation))] == []
    return len(mutations(gates))


def test_the_gates_claim_many_classes_of_fault():
    claimed = [(name, mutation.what) for name, mutation in mutations(registry.names())]
    assert len(set(claimed)) == len(claimed), "two mutations of a gate have one name"
    assert len(claimed) >= CLASSES


def test_no_two_mutations_of_a_gate_plant_the_same():
    for name in registry.names():
        planted = [tuple((e.path, e.find, e.text) for e in m.edits) for m in registry.load(name).mutations if m.edits]
        assert len(set(planted)) == len(planted), name


def test_faults_that_can_be_read_are_refused_all_at_once(copy):
    gates = READING + (COMPILING if system.compiler() and system.cxx_compiler() else [])
    assert refused(copy, gates) >= 30


def lint_interpreter():
    """The Python that the linters' environment was made for: another one would make its own."""
    try:
        with open(os.path.join(environment.folder(str(ROOT), "lint"), "stamp"), encoding="utf-8") as file:
            made = re.match(r".*\n(.+?) \d+\.\d+\.\d+\S* \(", file.read())
    except OSError:
        return None
    return made and made[1]


def test_faults_that_linters_know_are_refused_all_at_once(copy, monkeypatch):
    python = lint_interpreter()
    if python is None:
        pytest.skip("the linters are not here: ./ci.sh doctor --fix")
    monkeypatch.setattr(sys, "executable", python)
    assert refused(copy, LINTING) >= 5


@pytest.mark.parametrize(
    ("name", "mutation"), mutations(["placeholders"]), ids=lambda value: getattr(value, "what", "")
)
def test_faults_of_a_descendant_are_refused_one_by_one(copy, name, mutation):
    copy.refresh()
    with copy.mutated(mutation) as spots:
        found = caught(copy.run([name])[name], mutation.expect)
    assert found
    assert [places.fault(finding, mutation, spots, copy.root) for finding in found] == [""]


# ---------------------------------------------------------------- what counts as the place
@pytest.fixture
def tree(tmp_path):
    (tmp_path / "a.c").write_text("one\ntwo\nthree\n")
    (tmp_path / "other.c").write_text("one\n")
    (tmp_path / "b.whl").write_bytes(b"PK\0\0")
    return str(tmp_path)


APPENDED = Edit("a.c", text="four\nfive\n")


@pytest.mark.parametrize(
    ("finding", "fine"),
    [
        (Finding("x", "a.c", 4), True),
        (Finding("x", "a.c", 5), True),
        (Finding("x", "a.c", 1), False),
        (Finding("x", "a.c"), False),
        (Finding("x", "other.c", 4), False),
        (Finding("x"), False),
        (Finding("x", "b.whl"), True),
        (Finding("x", "gone.c"), True),
        (Finding("x", "build/ci/log"), True),
    ],
)
def test_a_finding_points_at_the_planted_lines_or_at_what_was_built(tree, finding, fine):
    mutation = Mutation("m", "x", [APPENDED])
    spots = [places.Spot(APPENDED, "one\ntwo\nthree\n")]
    assert (places.fault(finding, mutation, spots, tree) == "") is fine


@pytest.mark.parametrize(
    ("finding", "fine"),
    [(Finding("x", "other.c", 1), True), (Finding("x", "other.c"), False), (Finding("x", "a.c", 4), False)],
)
def test_a_mutation_may_say_where_it_shows(tree, finding, fine):
    mutation = Mutation("m", "x", [APPENDED], at="oth*.c")
    assert (places.fault(finding, mutation, [places.Spot(APPENDED, "one\ntwo\nthree\n")], tree) == "") is fine


def test_lines_of_a_replacement():
    spot = places.Spot(Edit("a", "two", "2\n2"), "one\ntwo\nthree\n")
    assert (spot.first, spot.last) == (2, 3)
