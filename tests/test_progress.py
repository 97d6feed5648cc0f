"""progress=: first, then at most every 100 ms, then last; False or an exception stops the work."""

import io
import sys
import threading
import time

import pytest
from rich.console import Console
from rich.progress import Progress as RichProgress
from tqdm import tqdm

import template_pkg as tp

PHASES = ["scanning", "hashing", "writing", "done"]


def recorded(call):
    """What a call reports, and when."""
    records = []

    def progress(record):
        records.append((time.monotonic(), record))

    call(progress)
    return records


def snapshot_of(root):
    return lambda progress: tp.snapshot(root, progress=progress)


def test_the_number_of_calls_does_not_grow_with_the_number_of_files(many_files):
    begin = time.monotonic()
    records = recorded(snapshot_of(many_files))
    took = time.monotonic() - begin
    assert 2 <= len(records) <= 3 + took / 0.1


def test_the_last_record_is_the_whole(many_files):
    last = recorded(snapshot_of(many_files))[-1][1]
    total = tp.snapshot(many_files).total_size
    assert isinstance(last, tp.Progress)
    assert (last.phase, last.files_done, last.files_total) == ("done", 10_000, 10_000)
    assert (last.bytes_done, last.total_known) == (total, True)
    assert last.bytes_total == total


def test_calls_are_100_ms_apart_and_only_grow(large_file, tmp_path):
    (tmp_path / "link").symlink_to(large_file)
    records = []

    def progress(record):
        records.append((time.monotonic(), record))
        return len(records) < 8

    with pytest.raises(tp.Cancelled):
        tp.snapshot(tmp_path, progress=progress)
    times = [when for when, _ in records]
    assert len(records) == 8
    gaps = [later - earlier for earlier, later in zip(times, times[1:])]
    assert min(gaps) > 0.095
    for earlier, later in zip(records, records[1:]):
        assert earlier[1].bytes_done <= later[1].bytes_done
        assert PHASES.index(earlier[1].phase) <= PHASES.index(later[1].phase)
    assert records[-1][1].bytes_done > 0
    assert records[-1][1].files_done == 0


@pytest.fixture
def calls(many_files, tmp_path):
    manifest = tp.snapshot(many_files)
    file = tmp_path / "file"
    file.write_bytes(b"x")
    return {
        "snapshot": snapshot_of(many_files),
        "diff": lambda progress: tp.diff(manifest, many_files, rehash=True, progress=progress),
        "verify": lambda progress: tp.verify(manifest, many_files, progress=progress),
        "hash_file": lambda progress: tp.hash_file(file, progress=progress),
    }


NAMES = ["snapshot", "diff", "verify", "hash_file"]


@pytest.mark.parametrize("name", NAMES)
def test_every_call_reports(calls, name):
    records = recorded(calls[name])
    assert records[-1][1].phase == "done"
    assert records[-1][1].files_done == (1 if name == "hash_file" else 10_000)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("at", ["first", "last"])
def test_false_cancels_first_and_last(calls, name, at):
    seen = []

    def progress(record):
        seen.append(record.phase)
        return at == "last" and record.phase != "done"

    with pytest.raises(tp.Cancelled) as caught:
        calls[name](progress)
    assert caught.value.status == "E_CANCELLED"
    assert seen.count("done") == (at == "last")
    assert len(seen) == 1 or at == "last"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("answer", [None, True, 0, "", []])
def test_only_false_cancels(calls, name, answer):
    calls[name](lambda record: answer)


class Mine(BaseException):
    pass


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("at", ["first", "last"])
def test_an_exception_comes_out_unchanged(calls, name, at):
    raised = Mine("really")

    def progress(record):
        if at == "first" or record.phase == "done":
            raise raised

    with pytest.raises(Mine) as caught:
        calls[name](progress)
    assert caught.value is raised
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_callback_may_use_the_package(many_files, tmp_path):
    (tmp_path / "a").write_bytes(b"a")
    seen = []
    tp.snapshot(many_files, progress=lambda record: seen.append(tp.snapshot(tmp_path)[0].hash))
    assert set(seen) == {"a96faf705af16834e6c632b61e964e1f"}


def test_callbacks_come_on_the_callers_thread(many_files):
    threads = set()
    thread = threading.Thread(
        target=tp.snapshot,
        args=(many_files,),
        kwargs={"progress": lambda record: threads.add(threading.get_ident())},
    )
    thread.start()
    ident = thread.ident
    thread.join()
    assert threads == {ident}


def test_other_threads_run_meanwhile(large_file, tmp_path):
    (tmp_path / "link").symlink_to(large_file)
    counts = []
    stop = threading.Event()

    def count():
        n = 0
        while not stop.is_set():
            n += 1
        counts.append(n)

    thread = threading.Thread(target=count)
    thread.start()
    calls = []
    with pytest.raises(tp.Cancelled):
        tp.snapshot(tmp_path, progress=lambda record: calls.append(record) or len(calls) < 4)
    stop.set()
    thread.join()
    assert counts[0] > 1000


def test_progress_is_released(tmp_path):
    (tmp_path / "a").write_bytes(b"a")

    def progress(record):
        return None

    before = sys.getrefcount(progress)
    for _ in range(100):
        tp.snapshot(tmp_path, progress=progress)
    assert sys.getrefcount(progress) == before


def test_a_bar_of_tqdm_is_one_line(tree):
    with tqdm(unit=" files", file=io.StringIO()) as bar:
        tp.snapshot(tree(a="hello", b="you"), progress=lambda p: bar.update(p.files_done - bar.n))
    assert bar.n == 2


def test_a_bar_of_rich_is_one_line(tree):
    with RichProgress(console=Console(file=io.StringIO())) as bar:
        task = bar.add_task("snapshot")
        root = tree(a="hello", b="you")
        tp.snapshot(root, progress=lambda p: bar.update(task, completed=p.files_done, total=p.files_total))
    assert bar.finished
    assert bar.tasks[0].completed == 2
