"""Ctrl-C stops every long call at once, at whatever moment it comes, and leaves nothing behind."""

import functools
import json
import mmap
import os
import random
import signal
import threading
import time

import pytest
from promptness import assert_prompt

import template_pkg as tp

ROUNDS = 10
DEEP_ROUNDS = 125  # of each call: two thousand in all


def delay_of_interrupt(call, after):
    """Seconds from a SIGINT, sent `after` seconds into call(), to the KeyboardInterrupt; None when there is none."""
    sent = []
    begun = threading.Event()

    def interrupt():
        begun.wait()
        time.sleep(after)
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    sender = threading.Thread(target=interrupt)
    sender.start()
    try:
        begun.set()
        call()
        caught = None
        sender.join()  # the signal comes now, harmlessly
        time.sleep(1)
    except KeyboardInterrupt:
        caught = time.monotonic()
    sender.join()
    return None if caught is None else caught - sent[0]


def again(call):
    while True:
        call()


@functools.lru_cache(maxsize=1)
def long_texts(count):
    """Two documents of so many entries, which have every other entry in common."""

    def text(mark):
        row = '{"hash":"%s","mtime":%d,"path":"d%d/file %d","size":1}'
        rows = (row % ("00" if i % 2 else mark, i, i % 997, i) for i in range(count))
        head = '{"hashAlg":"xxh128","manifestVersion":"2023-03-03","paths":['
        return head + ",".join(rows) + '],"totalSize":%d}' % count

    return text("11"), text("22")


@pytest.fixture
def long_calls(request):
    """Calls on manifests in memory."""
    text, other_text = long_texts(1 << (20 if request.node.get_closest_marker("deep") else 16))
    manifest, other = tp.decode_manifest(text), tp.decode_manifest(other_text)
    return {
        "decode_manifest": lambda: again(lambda: tp.decode_manifest(text)),
        "encode_bytes": lambda: again(manifest.encode_bytes),
        "convert": lambda: again(lambda: manifest.convert("2025-12-04-beta")),
        "filter": lambda: again(lambda: manifest.filter(include=["**/*1*"])),
        "changes_since": lambda: again(lambda: manifest.changes_since(other)),
        "merge": lambda: again(lambda: tp.merge(manifest, other)),
    }


@pytest.fixture
def zeros():
    """64 GiB that take no memory."""
    with mmap.mmap(-1, 64 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ) as view:
        yield view


@pytest.fixture
def calls(many_files, large_file, zeros, tmp_path):
    """Calls that take longer than any test waits, one for each entry point that works on files."""
    big = tmp_path / "big"
    big.mkdir()
    (big / "link").symlink_to(large_file)
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    holder = os.open(fifo, os.O_RDWR)  # a pipe that never ends
    unread = tmp_path / "unread"
    os.mkfifo(unread)  # a pipe that nobody opens
    entry = {"hash": "00", "mtime": 0, "path": "link", "size": large_file.stat().st_size}
    members = {
        "hashAlg": "xxh128",
        "manifestVersion": "2023-03-03",
        "paths": [entry],
        "totalSize": 0,
    }
    manifest = tp.decode_manifest(json.dumps(members))
    inputs = tp.AssetReferences([large_file], [])
    directory = tp.AssetReferences([], [], [], [many_files])
    yield {
        "hash_bytes": lambda: tp.hash_bytes(zeros),
        "prepare_attachments": lambda: tp.prepare_attachments(inputs),
        "group_paths": lambda: again(lambda: tp.group_paths(directory)),
        "hash_file": lambda: tp.hash_file(large_file),
        "hash_file of a pipe": lambda: tp.hash_file(fifo),
        "from_path of a pipe": lambda: tp.Manifest.from_path(fifo),
        "snapshot": lambda: tp.snapshot(big),
        "snapshots": lambda: [tp.snapshot(many_files) for _ in range(1000)],
        "diff": lambda: tp.diff(big, many_files),
        "verify": lambda: tp.verify(manifest, big, symlinks="follow"),
        "save to a pipe": lambda: manifest.save(unread),
    }
    os.close(holder)


LONG = ["decode_manifest", "encode_bytes", "convert", "filter", "changes_since", "merge"]
NAMES = [
    "hash_bytes",
    "prepare_attachments",
    "group_paths",
    "hash_file",
    "hash_file of a pipe",
    "from_path of a pipe",
    "snapshot",
    "snapshots",
    "diff",
    "verify",
    "save to a pipe",
]


def check(call, rounds, quiet=False):
    before = threading.active_count()
    delays = [delay_of_interrupt(call, random.uniform(0, 0.2)) for _ in range(rounds)]
    assert None not in delays, "the call ended by itself: the test must make it longer"
    assert_prompt(delays, quiet=quiet)
    assert threading.active_count() == before


@pytest.mark.parametrize("name", NAMES)
def test_an_interrupt_stops_the_call(calls, name):
    check(calls[name], ROUNDS)


@pytest.mark.parametrize("name", LONG)
def test_an_interrupt_stops_a_call_on_manifests(long_calls, name):
    check(long_calls[name], 3)


@pytest.mark.deep
@pytest.mark.parametrize("name", LONG)
def test_interrupts_of_calls_on_long_manifests(long_calls, name):
    check(long_calls[name], DEEP_ROUNDS, quiet=True)


@pytest.mark.deep
@pytest.mark.parametrize("name", NAMES)
def test_interrupts_at_many_moments(calls, name):
    check(calls[name], DEEP_ROUNDS, quiet=True)


def test_the_next_call_is_as_if_nothing_had_been(calls, many_files):
    expected = tp.snapshot(many_files).encode()
    threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        calls["snapshot"]()
    assert tp.snapshot(many_files).encode() == expected


def test_an_exception_of_a_signal_handler_comes_out(calls):
    class Hurry(Exception):
        pass

    def handler(number, frame):
        raise Hurry(number)

    old = signal.signal(signal.SIGALRM, handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(Hurry):
            calls["snapshot"]()
    finally:
        signal.signal(signal.SIGALRM, old)


def test_a_signal_handler_that_returns_lets_the_call_go_on(many_files):
    seen = []
    old = signal.signal(signal.SIGALRM, lambda number, frame: seen.append(number))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
        expected = tp.snapshot(many_files)
        while not seen:
            assert tp.snapshot(many_files) == expected
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
