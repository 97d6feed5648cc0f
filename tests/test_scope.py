"""CancelScope: work that another thread stops."""

import sys
import threading
import time

import pytest

import template_pkg as tp


@pytest.fixture
def endless(large_file, tmp_path):
    (tmp_path / "link").symlink_to(large_file)
    return tmp_path


def test_another_thread_stops_the_call(endless):
    event = threading.Event()
    timer = threading.Timer(0.1, event.set)
    timer.start()
    begin = time.monotonic()
    with pytest.raises(tp.Cancelled) as caught, tp.CancelScope(event.is_set):
        tp.snapshot(endless)
    assert caught.value.status == "E_CANCELLED"
    assert 0.1 <= time.monotonic() - begin < 2
    timer.join()


def test_an_exception_of_the_question_comes_out(endless):
    with pytest.raises(ZeroDivisionError), tp.CancelScope(lambda: 1 // 0):
        tp.snapshot(endless)


def test_a_scope_is_of_its_thread_and_ends_with_its_block(endless, many_files):
    with tp.CancelScope(lambda: True):
        done = []
        thread = threading.Thread(target=lambda: done.append(tp.snapshot(many_files)))
        thread.start()
        thread.join()
        assert len(done[0]) == 10_000
        with pytest.raises(tp.Cancelled):
            tp.snapshot(endless)
    assert tp.snapshot(many_files) == done[0]


def test_outer_scopes_are_asked_too(endless):
    asked = []

    def ask(name, answer):
        asked.append(name)
        return answer

    outer = tp.CancelScope(lambda: ask("outer", len(asked) > 2))
    inner = tp.CancelScope(lambda: ask("inner", False))
    with outer, inner, pytest.raises(tp.Cancelled):
        tp.snapshot(endless)
    assert asked[:3] == ["inner", "outer", "inner"]
    assert asked[-1] == "outer"


def test_a_scope_may_be_entered_again_when_it_has_been_left(endless):
    scope = tp.CancelScope(lambda: True)
    with scope as entered:
        assert entered is scope
        with pytest.raises(RuntimeError, match="once at a time"), scope:
            pass
    with scope, pytest.raises(tp.Cancelled):
        tp.snapshot(endless)


def test_another_thread_cannot_leave_it():
    scope, failures = tp.CancelScope(lambda: False), []

    def leave():
        try:
            scope.__exit__(None, None, None)
        except RuntimeError as error:
            failures.append(str(error))

    with scope:
        thread = threading.Thread(target=leave)
        thread.start()
        thread.join()
    assert failures == ["a scope is left by the thread that entered it, the innermost first"]


def test_a_thread_that_ends_within_a_scope_stops_no_later_one(many_files):
    done = []

    def enter():
        tp.CancelScope(lambda: True).__enter__()
        done.append(threading.get_ident())

    def work():
        with tp.CancelScope(lambda: False):
            tp.snapshot(many_files)  # long enough to be asked
        done.append(threading.get_ident())

    for _ in range(100):  # the system gives the same number again sooner or later
        del done[:]
        for target in (enter, work):
            thread = threading.Thread(target=target)
            thread.start()
            thread.join()
        assert len(done) == 2
        if done[0] == done[1]:
            break
    assert done[0] == done[1]


def test_scopes_are_left_in_order_by_the_thread_that_entered_them():
    outer, inner = tp.CancelScope(lambda: False), tp.CancelScope(lambda: True)
    with pytest.raises(RuntimeError, match="innermost first"):
        outer.__exit__(None, None, None)
    with outer, inner, pytest.raises(RuntimeError, match="innermost first"):
        outer.__exit__(None, None, None)


@pytest.mark.parametrize("args", [(), (3,), (len, len)])
def test_what_is_asked_is_one_callable(args):
    with pytest.raises(TypeError):
        tp.CancelScope(*args)


def test_the_question_is_released(tree):
    def question():
        return False

    root = tree(a="x")
    before = sys.getrefcount(question)
    for _ in range(100):
        with tp.CancelScope(question):
            tp.snapshot(root)
    assert sys.getrefcount(question) == before
