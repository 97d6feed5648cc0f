"""Calls with arguments that fit and that do not: nothing but documented exceptions, and never a crash."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
import random_calls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_calls import DOCUMENTED, FUNCTIONS, METHODS, PATHS, VALUES, WORDS, maker, parameters

import template_pkg as tp

LETTERS = st.characters(blacklist_characters="/\\")
TEXTS = st.text(LETTERS, max_size=5).filter(lambda text: text not in ("..", "."))


@pytest.fixture(scope="module")
def objects(tmp_path_factory):
    """Things to call with and on, in a scratch folder that is the current one meanwhile."""
    before = os.getcwd()
    os.chdir(tmp_path_factory.mktemp("calls"))
    yield random_calls.prepare()
    os.chdir(before)


def arguments(objects):
    plain = st.one_of(
        st.sampled_from(PATHS),
        st.sampled_from(WORDS),
        TEXTS,
        st.none(),
        st.booleans(),
        st.integers(-(1 << 70), 1 << 70),
        st.integers(0, 3),
        st.floats(),
        st.binary(max_size=4).map(lambda data: data.replace(b"/", b"").replace(b".", b"")),
        st.sampled_from([*objects, len, lambda *args: None, lambda *args: False, object, ...]),
    )
    return st.one_of(plain, st.lists(st.one_of(TEXTS, plain), max_size=3), st.tuples(plain, plain))


def call(function, data, values):
    given_names = data.draw(st.lists(st.sampled_from([*parameters(function), "other"]), unique=True, max_size=3))
    positional = data.draw(st.lists(values, max_size=3))
    keywords = {name: data.draw(values) for name in given_names}
    with contextlib.suppress(*DOCUMENTED):
        function(*positional, **keywords)


def check(objects, data):
    values = arguments(objects)
    kind = data.draw(st.sampled_from(["function", "function", "value", "method"]))
    if kind == "function":
        call(getattr(tp, data.draw(st.sampled_from(FUNCTIONS))), data, values)
    elif kind == "value":
        call(maker(data.draw(st.sampled_from(VALUES))), data, values)
    else:
        manifest = data.draw(st.sampled_from(objects[:2]))
        call(getattr(manifest, data.draw(st.sampled_from(METHODS))), data, values)
    assert objects[0] == tp.snapshot("kept")


COMMON = {"suppress_health_check": list(HealthCheck)}


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=200, **COMMON)
@given(data=st.data())
def test_random_calls_raise_what_is_documented(objects, data):
    check(objects, data)


def calls(folder, seed, first, count):
    """Random calls in a process of their own, in an empty folder."""
    script = Path(random_calls.__file__)
    words = [sys.executable, "-X", "faulthandler", script, seed, str(first), str(count)]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, errors="replace", check=False)
    under_way = folder / "number"
    last = int.from_bytes(under_way.read_bytes(), "little") if under_way.exists() else first
    again = f"in an empty folder: python {script} {seed} {last} 1"
    assert (done.returncode, done.stdout) == (0, "done\n"), f"{again}\n{done.stdout}{done.stderr}"
    assert last == first + count - 1


def test_calls_that_a_seed_chooses_raise_what_is_documented(tmp_path):
    calls(tmp_path, "steady", 0, 5000)


@pytest.mark.deep
def test_a_million_calls_raise_what_is_documented(tmp_path, rounds, seed):
    left, first = rounds(1_000_000), 0
    while left > 0:
        count = min(left, 100_000)
        folder = tmp_path / str(first)
        folder.mkdir()
        calls(folder, seed, first, count)
        left, first = left - count, first + count
