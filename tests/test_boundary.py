"""Between Python and C, as often as it takes for what is rare: references, threads, interpreters, forks, imports."""

import random
import threading

import boundary
import pytest
from boundary import assert_done

import template_pkg as tp

pytestmark = pytest.mark.deep


@pytest.mark.parametrize("name", boundary.TYPES)
def test_a_hundred_thousand_of_a_type_leave_no_reference(name, rounds, tmp_path):
    boundary.assert_counted(name, rounds(100_000), tmp_path)


@pytest.mark.own_gil
def test_eight_interpreters_side_by_side_make_ten_thousand_calls_each(tree, rounds):
    assert_done(boundary.INTERPRETERS, tree(a="x"), 8, rounds(2500), timeout=600)  # four calls a round


def test_a_thousand_imports_of_a_module_that_was_unloaded(rounds):
    assert_done(boundary.IMPORTS, rounds(1000), timeout=600)


def test_a_thousand_forks_with_live_workers(tree, many_files, rounds):
    assert_done(boundary.FORKS, tree(a="x", sub__b="y"), many_files, rounds(1000), timeout=900)


def test_sixteen_threads_share_what_they_work_on(many_files, tree, rounds, seed):
    """Each call's answer is the one that it has alone."""
    root, shared = tree(a="x", sub__b="y"), tp.snapshot(many_files)
    text, some = shared.encode(), shared.filter(include=["d00/*"])
    calls = [
        (lambda: tp.snapshot(root, jobs=2), tp.snapshot(root)),
        (lambda: tp.decode_manifest(text) == shared, True),
        (lambda: shared["d42/f17"], shared["d42/f17"]),
        (lambda: sum(entry.size for entry in some), sum(entry.size for entry in some)),
        (lambda: shared.filter(include=["d00/*"]) == some, True),
        (lambda: (shared.manifest_hash, shared.content_hash), (shared.manifest_hash, shared.content_hash)),
        (lambda: tp.diff(some, shared).unchanged_count, 100),
        (lambda: len(tp.merge(some, shared)), len(shared)),
        (lambda: tp.hash_bytes(text.encode()), tp.hash_bytes(text.encode())),
        (lambda: bool(tp.verify(tp.snapshot(root), root)), True),
    ]
    wrong, made = [], []

    def work(number):
        dice = random.Random(f"{seed}:{number}")
        for _ in range(rounds(300)):
            call, expected = dice.choice(calls)
            answer = call()
            if answer != expected:
                wrong.append((number, answer))
        made.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(made) == len(threads)
