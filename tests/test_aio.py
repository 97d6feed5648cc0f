"""template_pkg.aio: the same functions as coroutines, stopped with their task, and no thread left behind."""

import asyncio
import contextvars
import gc
import inspect
import mmap
import os
import subprocess
import sys
import threading
import time

import anyio
import pytest
from promptness import SLOW, assert_prompt

import template_pkg as tp
from template_pkg import aio

LOOPS = {"asyncio": asyncio.new_event_loop}
if getattr(sys, "_is_gil_enabled", lambda: True)():  # importing uvloop would turn it on
    import uvloop

    LOOPS["uvloop"] = uvloop.new_event_loop


@pytest.fixture(params=LOOPS)
def run(request):
    """A function that runs a coroutine to its end on a loop of its own; no thread may be left behind."""
    before = threading.enumerate()
    loop = LOOPS[request.param]()
    yield loop.run_until_complete
    assert not asyncio.all_tasks(loop)
    loop.close()
    assert threading.enumerate() == before


@pytest.fixture
def endless(large_file, tmp_path):
    """A tree that takes longer than any test waits."""
    root = tmp_path / "endless"
    root.mkdir()
    (root / "link").symlink_to(large_file)
    return root


def names():
    return [name for name in aio.__all__ if name not in ("Job", "call", "start")]


@pytest.mark.parametrize("name", names())
def test_a_coroutine_has_the_signature_of_its_function(name):
    function = getattr(aio, name)
    assert inspect.iscoroutinefunction(function)
    assert inspect.signature(function) == inspect.signature(getattr(tp, name))
    assert function.__doc__ == f"`template_pkg.{getattr(tp, name).__name__}()` as a coroutine."


AT_ONCE = {
    "build_info",
    "manifest_name",
    "map_path",
    "matches",
    "path_mapping_rules",
}  # no work that could be waited for


def test_every_other_function_is_there():
    functions = {name for name in tp.__all__ if inspect.isroutine(getattr(tp, name))}
    assert functions - set(names()) == AT_ONCE


def test_the_results_are_those_of_the_functions(run, tree, tmp_path):
    root = tree(a="hello", sub__b="world")
    expected = tp.snapshot(root)

    async def main():
        manifest = await aio.snapshot(root, jobs=1)
        assert manifest == expected
        assert not await aio.diff(manifest, root)
        assert await aio.verify(manifest, root, strict=True)
        assert await aio.merge(manifest, manifest) == expected
        assert await aio.hash_file(root / "a") == await aio.hash_bytes(b"hello") == manifest["a"].hash
        assert await aio.call(manifest.save, tmp_path / "saved") is None
        assert await aio.call(tp.Manifest.from_path, tmp_path / "saved") == expected
        assert await aio.decode_manifest(manifest.encode()) == await aio.load_manifest(manifest.encode())
        with pytest.raises(FileNotFoundError) as caught:
            await aio.snapshot(root / "none")
        assert caught.value.filename == str(root / "none")
        with pytest.raises(TypeError):
            await aio.snapshot()

    run(main())


def test_calls_work_side_by_side(run, tree):
    roots = [tree(), *(tree({"root_name": f"r{i}", "entries": [{"path": f"f{i}"}]}) for i in range(8))][1:]

    async def main():
        manifests = await asyncio.gather(*map(aio.snapshot, roots))
        assert [manifest[0].path for manifest in manifests] == [f"f{i}" for i in range(8)]

    run(main())


async def cancel_after(seconds, coroutine):
    """Seconds from cancelling to the task's end, with the loop running all the time."""
    task = asyncio.ensure_future(coroutine)
    await asyncio.sleep(seconds)
    assert not task.done(), "the call ended by itself: the test must make it longer"
    begin = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return time.monotonic() - begin


def delays_of_cancelling(run, endless, large_file, tmp_path, rounds):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    holder = os.open(fifo, os.O_RDWR)  # a pipe that never ends
    zeros = mmap.mmap(-1, 64 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ)
    manifest = tp.decode_manifest(
        '{"hashAlg":"xxh128","manifestVersion":"2023-03-03","totalSize":0,'
        '"paths":[{"hash":"00","mtime":0,"path":"link","size":%d}]}' % large_file.stat().st_size
    )
    calls = [
        lambda: aio.snapshot(endless),
        lambda: aio.snapshot(endless, progress=lambda record: None),
        lambda: aio.diff(endless, endless),
        lambda: aio.verify(manifest, endless, symlinks="follow"),
        lambda: aio.hash_file(large_file),
        lambda: aio.hash_file(fifo),
        lambda: aio.hash_bytes(zeros),
        lambda: aio.prepare_attachments(tp.AssetReferences([large_file], [])),
        lambda: aio.merge(manifest, fifo),
        lambda: aio.call(tp.Manifest.from_path, fifo),
    ]
    before = threading.active_count()

    async def main():
        delays = []
        for call in calls * rounds:
            delays.append(await cancel_after(0.05, call()))
            assert threading.active_count() == before
        return delays

    delays = run(main())
    os.close(holder)
    zeros.close()
    return delays


def test_cancelling_stops_the_work(run, endless, large_file, tmp_path):
    assert_prompt(delays_of_cancelling(run, endless, large_file, tmp_path, 2))


@pytest.mark.deep
def test_cancelling_at_many_moments_stops_the_work(run, endless, large_file, tmp_path):
    assert_prompt(delays_of_cancelling(run, endless, large_file, tmp_path, 20), quiet=True)


def test_a_task_that_is_cancelled_twice_still_waits_for_its_thread(run, endless):
    before = threading.active_count()

    async def main():
        task = asyncio.ensure_future(aio.snapshot(endless))
        await asyncio.sleep(0.05)
        for _ in range(3):
            task.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await task
        assert threading.active_count() == before

    run(main())


def test_a_timeout_ends_it(run, endless):
    async def main():
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(aio.snapshot(endless), 0.05)

    run(main())


if sys.version_info >= (3, 11):  # which brought task groups

    def test_a_task_group_stops_its_calls_when_one_fails(run, endless):
        async def main():
            async with asyncio.TaskGroup() as group:
                group.create_task(aio.snapshot(endless))
                group.create_task(aio.snapshot(endless))
                group.create_task(aio.snapshot(endless / "none"))

        begin = time.monotonic()
        with pytest.raises(BaseException) as caught:
            run(main())
        assert [type(error) for error in caught.value.exceptions] == [FileNotFoundError]
        assert time.monotonic() - begin < SLOW


@pytest.mark.parametrize("loop", LOOPS)
def test_anyio_cancels_by_scopes(endless, tree, loop):
    root = tree(a="hello")
    found = []
    before = threading.active_count()

    async def main():
        async with anyio.create_task_group() as group:
            group.start_soon(aio.snapshot, endless)

            async def once():
                found.append(await aio.snapshot(root))
                group.cancel_scope.cancel()

            group.start_soon(once)
        with anyio.move_on_after(0.05) as scope:
            await aio.snapshot(endless)
        return scope.cancelled_caught if hasattr(scope, "cancelled_caught") else scope.cancel_called

    begin = time.monotonic()
    assert anyio.run(main, backend_options={"use_uvloop": loop == "uvloop"})
    assert time.monotonic() - begin < SLOW
    assert found == [tp.snapshot(root)]
    assert threading.active_count() == before


def test_progress_comes_on_the_loops_thread_in_the_tasks_context(run, many_files):
    variable = contextvars.ContextVar("variable", default="outside")
    seen = []

    def progress(record):
        seen.append((record, threading.get_ident(), variable.get()))

    async def main():
        variable.set("inside")
        await aio.snapshot(many_files, progress=progress)

    run(main())
    assert {row[1:] for row in seen} == {(threading.get_ident(), "inside")}
    assert seen[-1][0].phase == "done"
    assert seen[-1][0].files_done == 10_000


class Mine(Exception):
    pass


@pytest.mark.parametrize("at", ["first", "last"])
def test_false_or_an_exception_in_progress_stops_the_work(run, many_files, at):
    raised = Mine("really")

    def fail(record):
        if at == "first" or record.phase == "done":
            raise raised

    def refuse(record):
        return at == "last" and record.phase != "done"

    async def main():
        with pytest.raises(Mine) as caught:
            await aio.snapshot(many_files, progress=fail)
        assert caught.value is raised
        with pytest.raises(tp.Cancelled) as caught:
            await aio.snapshot(many_files, progress=refuse)
        with pytest.raises(tp.Cancelled) as of_function:
            tp.snapshot(many_files, progress=lambda record: False)
        assert (str(caught.value), caught.value.status) == (str(of_function.value), "E_CANCELLED")

    run(main())


@pytest.mark.parametrize("progress", [3, asyncio.sleep, lambda record: asyncio.sleep(0)])
def test_progress_is_an_ordinary_callable(run, tree, progress):
    async def main():
        with pytest.raises(TypeError, match="progress must be an ordinary callable"):
            await aio.snapshot(tree(a="x"), progress=progress)

    run(main())


def test_a_job_is_iterated_over_and_awaited(run, many_files):
    async def main():
        async with aio.start(tp.snapshot, many_files) as job:
            records = [record async for record in job]
            assert [record async for record in job] == []
            assert await job == await job == tp.snapshot(many_files)
        assert records[-1].phase == "done"
        assert all(isinstance(record, tp.Progress) for record in records)
        with pytest.raises(RuntimeError, match="runs once"):
            async with job:
                pass

    run(main())


def test_leaving_a_job_early_stops_it(run, endless):
    before = threading.active_count()

    async def main():
        begin = time.monotonic()
        async with aio.start(tp.snapshot, endless) as job:
            async for record in job:
                assert record.files_done == 0
                break
        assert threading.active_count() == before
        with pytest.raises(Mine):
            async with aio.start(tp.snapshot, endless):
                raise Mine
        assert threading.active_count() == before
        assert time.monotonic() - begin < SLOW

    run(main())


def test_cancelling_the_task_of_a_job_stops_it(run, endless):
    async def watch():
        async with aio.start(tp.snapshot, endless) as job:
            async for _ in job:
                pass

    assert run(cancel_after(0.05, watch())) < SLOW


def test_an_error_of_a_job_comes_out_whether_it_is_awaited_or_not(run, endless):
    async def main():
        async with aio.start(tp.snapshot, endless / "none") as job:
            with pytest.raises(FileNotFoundError):
                await job
        with pytest.raises(FileNotFoundError):
            async with aio.start(tp.snapshot, endless / "none") as job:
                async for _ in job:
                    pass

    run(main())


def test_a_job_begins_with_async_with(run):
    async def main():
        with pytest.raises(TypeError, match="iterating"):
            aio.start(tp.snapshot, ".", progress=print)
        with pytest.raises(TypeError, match="iterating"):
            aio.start(tp.create_manifest, ".", None, print)
        with pytest.raises(RuntimeError, match="async with"):
            await aio.start(tp.snapshot, ".")

    run(main())


def test_a_coroutine_that_is_closed_takes_its_thread_along(run, endless):
    before = threading.active_count()

    async def main():
        coroutine = aio.snapshot(endless)
        coroutine.send(None)
        assert threading.active_count() == before + 1
        coroutine.close()
        assert threading.active_count() == before

    run(main())


def test_nothing_outlives_a_program_that_leaves_its_loop_behind(large_file):
    code = """
import asyncio, sys
from template_pkg import aio
loop = asyncio.new_event_loop()
task = loop.create_task(aio.hash_file(sys.argv[1]))
loop.run_until_complete(asyncio.sleep(0.1))
print("leaving", flush=True)
"""
    begin = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code, str(large_file)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "leaving\n"), done.stderr
    assert time.monotonic() - begin < 2 * SLOW


def test_a_finished_call_leaves_nothing_to_collect(run, tree):
    root = tree(a="hello")

    async def main():
        await aio.snapshot(root)
        with pytest.raises(FileNotFoundError):
            await aio.snapshot(root / "none")

    run(main())
    gc.collect()
    assert not [thing for thing in gc.get_objects() if isinstance(thing, aio._Work)]
