"""Calls with arguments that fit and that do not: nothing but documented exceptions, and never a crash."""

import contextlib
import enum
import inspect
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import template_pkg as tp

# TypeError and ValueError (which ours of that kind are, and Unicode's) of arguments; OSError of the file system;
# LookupError of indices and paths; OverflowError of numbers that no machine word holds.
DOCUMENTED = (TypeError, ValueError, OSError, LookupError, OverflowError, tp.AttachmentError)
FUNCTIONS = sorted(name for name in tp.__all__ if inspect.isroutine(getattr(tp, name)))
VALUES = sorted(
    name
    for name in tp.__all__
    if inspect.isclass(getattr(tp, name)) and not issubclass(getattr(tp, name), (tuple, BaseException))
)
METHODS = sorted(name for name in dir(tp.Manifest) if inspect.isroutine(getattr(tp.Manifest, name)))
# Nothing that a path could leave the scratch folder by, and no work without end.
LETTERS = st.characters(blacklist_characters="/\\")
TEXTS = st.text(LETTERS, max_size=5).filter(lambda text: text not in ("..", "."))
PATHS = st.sampled_from(["root", b"root", "root/a", "manifest", "broken", "nowhere/x", "new", ""])
WORDS = st.sampled_from(["follow", "keep", "skip", "deadline", "2023-03-03", "2025-12-04-beta", "LOCAL", "v2023-03-03"])


@pytest.fixture(scope="module")
def objects(tmp_path_factory):
    """Things to call with and on, in a scratch folder that is the current one meanwhile."""
    folder, before = tmp_path_factory.mktemp("calls"), os.getcwd()
    (folder / "root").mkdir()
    (folder / "root" / "a").write_text("x")
    (folder / "broken").write_text('{"paths": [')
    manifest = tp.snapshot(folder / "root")
    manifest.save(folder / "manifest")
    os.chdir(folder)
    yield [manifest, manifest.convert("2025-12-04-beta"), manifest[0], tp.diff(manifest, manifest), folder / "root"]
    os.chdir(before)


def arguments(objects):
    plain = st.one_of(
        PATHS,
        WORDS,
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


def parameters(function):
    try:
        return [name for name in inspect.signature(function).parameters if name not in ("self", "args", "kwargs")]
    except (TypeError, ValueError):
        return []


def maker(name):
    """What makes a value; of an enumeration the look-up alone, for its other arguments make classes."""
    cls = getattr(tp, name)
    return (lambda value: cls(value)) if issubclass(cls, enum.Enum) else cls


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
    assert objects[0] == tp.snapshot("root")


COMMON = {"suppress_health_check": list(HealthCheck)}


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=200, **COMMON)
@given(data=st.data())
def test_random_calls_raise_what_is_documented(objects, data):
    check(objects, data)


@pytest.mark.deep
@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=30_000, derandomize=False, database=None, **COMMON)
@given(data=st.data())
def test_many_random_calls_raise_what_is_documented(objects, data):
    check(objects, data)
