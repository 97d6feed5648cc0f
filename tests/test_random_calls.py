"""Calls with arguments that fit and that do not: nothing but documented exceptions, and never a crash."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import random_calls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import template_pkg as tp


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Things to call with and on, in a scratch folder that is the current one meanwhile."""
    before = os.getcwd()
    os.chdir(tmp_path_factory.mktemp("calls"))
    made = random_calls.World()
    yield made
    made.leave()
    os.chdir(before)


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(dice=st.randoms(use_true_random=False))
def test_random_calls_raise_what_is_documented(world, dice):
    assert world.call(dice)[-1] == ""
    assert tp.snapshot("kept") == world.kept


def test_there_is_something_to_call_each_method_on(world):
    assert [name for name, values in world.of.items() if not values] == []
    assert {type(one).__name__ for one in world.things} == set(random_calls.CLASSES)


def calls(folder, seed, first, count):
    """Random calls in a process of their own, in an empty folder; the names of what gave an answer."""
    script = Path(random_calls.__file__)
    words = [sys.executable, "-X", "faulthandler", script, seed, str(first), str(count)]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, errors="replace", check=False)
    under_way = folder / "number"
    last = int.from_bytes(under_way.read_bytes(), "little") if under_way.exists() else first
    again = f"in an empty folder: python {script} {seed} {last} 1"
    assert (done.returncode, done.stdout) == (0, "done\n"), f"{again}\n{done.stdout}{done.stderr}"
    assert last == first + count - 1
    return set((folder / "answered").read_text().splitlines())


def test_calls_that_a_seed_chooses_raise_what_is_documented(tmp_path):
    """All that can be called is, in some way that it is meant to be."""
    assert random_calls.NAMES - calls(tmp_path, "steady", 0, 10_000) == random_calls.UNCALLABLE


@pytest.mark.deep
def test_a_million_calls_raise_what_is_documented(tmp_path, rounds, seed):
    left, first = rounds(1_000_000), 0
    while left > 0:
        count = min(left, 100_000)
        folder = tmp_path / str(first)
        folder.mkdir()
        calls(folder, seed, first, count)
        left, first = left - count, first + count
