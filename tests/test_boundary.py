"""Between Python and C, as often as it takes for what is rare: references, threads, interpreters, forks, imports."""

import random
import threading

import boundary
import pytest
from boundary import assert_done

import template_pkg as tp

pytestmark = pytest.mark.deep


@pytest.mark.parametrize("name", boundary.TYPES)
def test_a_hundred_thousand_of_a_type_leave_no_reference(name):
    boundary.assert_counted(name, 100_000)


def test_eight_interpreters_side_by_side_make_ten_thousand_calls_each(tree):
    assert_done(boundary.INTERPRETERS, tree(a="x"), 8, 2500, timeout=600)  # four calls a round


def test_a_thousand_imports_of_a_module_that_was_unloaded():
    assert_done(boundary.IMPORTS, 1000, timeout=600)


def test_a_thousand_forks_with_live_workers(tree, many_files):
    assert_done(boundary.FORKS, tree(a="x", sub__b="y"), many_files, 1000, timeout=900)


def test_sixteen_threads_share_what_they_work_on(many_files, tree):
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

    def work(seed):
        chance = random.Random(seed)
        for _ in range(300):
            call, expected = chance.choice(calls)
            answer = call()
            if answer != expected:
                wrong.append((seed, answer))
        made.append(seed)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(made) == len(threads)
