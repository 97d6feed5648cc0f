"""A tree with many faults in it: each is refused by the gate that should refuse it, at the lines where it was planted."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ci.runner import places, registry
from ci.runner.context import Context, Shared
from ci.runner.model import Edit, Finding, Mutation
from ci.runner.prove import Copy, caught
from ci.runner.tree import Tree
from ci.tools import commits, environment, system
from ci.tools.toolbox import FROM_INDEX
from tests.ci.conftest import ROOT

CLASSES = 100
# How many faults of different classes one tree holds, all of which are to be refused at once; and without any tool.
PLANTED, READ = 60, 45
# Gates that only read, and so can be asked about all their faults at once; and, apart, those that need tools for it.
READING = ["commits", "layers", "links", "loc", "pins", "readme"]
COMPILING = ["headers"]
LINTING = ["action_yaml", "fmt", "ruff", "types", "workflows"]
ENVIRONMENTS = ["action", "lint", "pyright"]
# Faults behind which a gate looks no further: of a file that does not fit its schema it says nothing else.
HIDING = {"action_yaml": ["a misspelt key"], "workflows": ["a misspelt key", "a recipe that is wrong"]}


def mutations(gates):
    return [(name, mutation) for name in gates for mutation in registry.load(name).mutations]


def spans(root, mutation):
    """Where a fault changes words: file, and from which character to which. What is appended changes none."""
    for edit in mutation.edits:
        if edit.find:
            start = (root / edit.path).read_text().index(edit.find)
            yield edit.path, start, start + len(edit.find)


def together(root, gates):
    """Of the faults of some gates those that fit into one tree: none hides others, no two change the same words."""
    taken, chosen = [], []
    for name, mutation in mutations(gates):
        own = list(spans(root, mutation))
        apart = not any(path == p and begin < e and b < end for path, begin, end in own for p, b, e in taken)
        if apart and mutation.what not in HIDING.get(name, ()):
            taken += own
            chosen.append((name, mutation))
    return chosen


class Planted:
    """A copy of this checkout with many faults of some gates in it, and what the gates say of it."""

    def __init__(self, copy, gates):
        self.copy = copy
        self.spots = {}
        copy.refresh()
        commits.commit("ci: what was there before")(copy.root)
        subprocess.run(["git", "update-ref", "refs/remotes/origin/main", "HEAD"], cwd=copy.root, check=True)
        self.chosen = together(Path(copy.root), gates)
        for mutation, edit in sorted(self.edits(), key=self.order):
            self.spots.setdefault(mutation, []).append(copy.apply(edit))
        for _, mutation in self.chosen:
            if mutation.act:
                mutation.act(copy.root)
        self.answers = copy.run(gates)

    def edits(self):
        return [(mutation, edit) for _, mutation in self.chosen for edit in mutation.edits]

    def order(self, planted):
        """From the top of a file to its end, where what is appended goes: what was planted keeps its line."""
        edit = planted[1]
        return (not edit.find, (Path(self.copy.root) / edit.path).read_text().index(edit.find) if edit.find else 0)

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


def test_the_gates_claim_many_classes_of_fault():
    claimed = [(name, mutation.what) for name, mutation in mutations(registry.names())]
    assert len(set(claimed)) == len(claimed), "two mutations of a gate have one name"
    assert len(claimed) >= CLASSES


def test_no_two_mutations_of_a_gate_plant_the_same():
    for name in registry.names():
        planted = [tuple((e.path, e.find, e.text) for e in m.edits) for m in registry.load(name).mutations if m.edits]
        assert len(set(planted)) == len(planted), name


def test_what_a_mutation_changes_is_there():
    """Or a change of the code would leave the proof of a gate behind, unnoticed until somebody runs it."""
    edits = [(name, mutation.what, edit) for name, mutation in mutations(registry.names()) for edit in mutation.edits]
    lost = [(name, what) for name, what, e in edits if e.find and e.find not in (ROOT / e.path).read_text()]
    assert lost == []


def test_faults_of_many_classes_in_one_tree_are_refused_each_at_its_place(copy, monkeypatch):
    gates = READING + (COMPILING if system.compiler() and system.cxx_compiler() else [])
    python = lint_interpreter() or prepared_interpreter(copy.ctx.toolbox)
    if python is not None:
        monkeypatch.setattr(sys, "executable", python)
        gates = gates + LINTING
    planted = Planted(copy, gates)
    assert [miss for name, mutation in planted.chosen if (miss := planted.misses(name, mutation))] == []
    assert len(planted.chosen) >= READ
    if python is None:
        lost = copy.ctx.toolbox.lost  # what cannot be had; a run that takes no skips fails here
        assert lost, "the linters are there, but made for several Pythons: remove build/env"
        pytest.skip("; ".join(lost.values()))
    assert len(planted.chosen) >= PLANTED


def lint_interpreter():
    """The Python that the linters' environments were made for: another one would make its own."""
    made = set()
    for name in ENVIRONMENTS:
        try:
            stamp = (Path(environment.folder(str(ROOT), name)) / "stamp").read_text(encoding="utf-8")
        except OSError:
            return None
        made.add(re.match(r".*\n(.+?) \d+\.\d+\.\d+\S* \(", stamp)[1])
    return made.pop() if len(made) == 1 else None


def prepared_interpreter(toolbox):
    """The same where their gates have not run yet, as beside one other gate only: the environments are made now."""
    toolbox.provide(tool for tool, name in FROM_INDEX.items() if name in ENVIRONMENTS)
    return lint_interpreter()


@pytest.mark.parametrize(
    ("name", "mutation"), mutations(["placeholders"]), ids=lambda value: getattr(value, "what", "")
)
def test_faults_of_a_descendant_are_refused_one_by_one(copy, name, mutation):
    copy.refresh()
    with copy.mutated(mutation) as spots:
        found = caught(copy.run([name])[name], mutation.expect)
        wrong = [places.fault(finding, mutation, spots, copy.root) for finding in found]
    assert wrong
    assert set(wrong) == {""}


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
        (Finding("x", "c.whl/d.so"), True),
        (Finding("x", "gone.c"), False),
        (Finding("x", "gone.c", 4), False),
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
