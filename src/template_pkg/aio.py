"""The package's functions as coroutines, for asyncio and what runs on it (uvloop, anyio).

>>> import asyncio
>>> from template_pkg import aio, snapshot
>>> asyncio.run(aio.snapshot("project")).file_count
2

They take and return what the functions do. Each call works in a thread of its own, which is gone when the coroutine
ends. Cancelling the task stops the work within 100 ms. `progress` is called on the event loop's thread, in the task's
context; what it raises stops the work and comes out, and so does False, as Cancelled. To iterate over the progress:

>>> async def main():
...     async with aio.start(snapshot, "project") as job:
...         async for record in job:
...             phase = record.phase
...         return phase, len(await job)
>>> asyncio.run(main())
('done', 2)
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import functools
import inspect
import threading
from typing import Generic, TypeVar, cast

import template_pkg
from template_pkg import Cancelled, CancelScope, Progress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator
    from types import TracebackType
    from typing import Any

    from typing_extensions import ParamSpec, Self

    _P = ParamSpec("_P")

_T = TypeVar("_T")

__all__ = [
    "Job",
    "call",
    "create_manifest",
    "decode_manifest",
    "diff",
    "diff_manifests",
    "group_paths",
    "hash_bytes",
    "hash_file",
    "load_manifest",
    "merge",
    "prepare_attachments",
    "snapshot",
    "start",
    "verify",
]


def _by_name(
    function: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
    """What the function calls its callback, and the arguments, with the callback by name."""
    if function is not template_pkg.create_manifest:
        return "progress", args, kwargs
    return "progress_callback", (), inspect.signature(function).bind(*args, **kwargs).arguments  # may come by position


async def _outlast(future: asyncio.Future[Any], stop: Callable[[], object]) -> BaseException | None:
    """Waits until the future is done, come what may; the last cancellation meanwhile, each of which asks for a stop."""
    cancelled: BaseException | None = None
    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError as error:
            cancelled = error
            stop()
    return cancelled


def _refusal() -> Cancelled:
    error = Cancelled("cancelled")
    error.status = "E_CANCELLED"
    return error


class _Work(Generic[_T]):
    """One call in a thread of its own, and what the event loop hears of it."""

    def __init__(self, function: Callable[..., _T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        name, args, kwargs = _by_name(function, args, kwargs)
        self.progress = kwargs.get(name)
        if self.progress is not None:
            if not callable(self.progress) or inspect.iscoroutinefunction(self.progress):
                raise TypeError(f"{name} must be an ordinary callable or None, not {self.progress!r}")
            kwargs = {**kwargs, name: self.report}
        self.function = functools.partial(function, *args, **kwargs)
        self.loop = asyncio.get_running_loop()
        self.over: asyncio.Future[None] = self.loop.create_future()
        self.stopped = threading.Event()
        self.context = contextvars.copy_context()  # the callback's; the thread has another copy
        self.errors: list[BaseException] = []
        self.values: list[_T] = []

    def is_stopped(self) -> bool:
        """Whether nobody waits any more: at the interpreter's end, threads are joined before anything is cancelled."""
        return self.stopped.is_set() or not threading.main_thread().is_alive()

    def work(self) -> None:
        """All that the thread does."""
        try:
            with CancelScope(self.is_stopped):
                self.values.append(self.function())
        except BaseException as error:
            self.errors.append(error)
        with contextlib.suppress(RuntimeError):  # the loop has been closed
            self.loop.call_soon_threadsafe(self.over.set_result, None)

    def report(self, record: Progress) -> bool:
        """Hands a record over to the loop."""
        self.loop.call_soon_threadsafe(self.tell, record, context=self.context)
        return not self.stopped.is_set()

    def tell(self, record: Progress) -> None:
        if self.stopped.is_set():
            return
        try:
            answer = cast("Callable[[Progress], object]", self.progress)(record)
            if inspect.iscoroutine(answer):
                answer.close()
                raise TypeError("progress must be an ordinary callable: nobody awaits what it returns")
        except BaseException as error:
            self.fail(error)
        else:
            if answer is False:
                self.fail(_refusal())

    def fail(self, error: BaseException) -> None:
        """What the callback said goes before what the call makes of it."""
        self.errors.insert(0, error)
        self.stopped.set()

    async def result(self) -> _T:
        thread = threading.Thread(
            target=contextvars.copy_context().run,
            args=(self.work,),
            name=f"template_pkg.{getattr(self.function.func, '__name__', 'call')}",
        )
        thread.start()
        try:
            cancelled = await _outlast(self.over, self.stopped.set)
        finally:
            self.stopped.set()  # matters when the coroutine is thrown away while it waits
            thread.join()
        try:
            for error in (cancelled, *self.errors):
                if error is not None:
                    raise error
            return self.values[0]
        finally:
            del cancelled
            self.errors.clear()  # no cycle through the traceback


async def call(function: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Any function or method of the package as a coroutine: `await aio.call(manifest.save, path)`."""
    return await _Work(function, args, kwargs).result()


class Job(Generic[_T]):
    """Work in the background, whose records of progress it iterates over; awaiting it gives the result.

    It lives within its `async with`: leaving that early stops the work, and an error that nobody awaited comes out.
    Made by start().
    """

    def __init__(self, function: Callable[..., _T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self._callback, args, kwargs = _by_name(function, args, kwargs)
        if self._callback in kwargs:
            raise TypeError("a job's progress is had by iterating over it")
        self._work = (function, args, kwargs)
        self._task: asyncio.Task[_T] | None = None
        self._awaited = False

    async def __aenter__(self) -> Self:
        if self._task is not None:
            raise RuntimeError("a job runs once")
        function, args, kwargs = self._work
        self._records: asyncio.Queue[Progress | None] = asyncio.Queue()
        kwargs = {**kwargs, self._callback: self._records.put_nowait}
        self._task = asyncio.ensure_future(call(function, *args, **kwargs))
        self._task.add_done_callback(lambda task: self._records.put_nowait(None))
        return self

    async def __aexit__(
        self, cls: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        task = self._running()
        left = not task.done() and task.cancel()
        cancelled = await _outlast(task, task.cancel)
        if cancelled is not None:
            raise cancelled
        failed = None if task.cancelled() else task.exception()
        if failed is not None and not (left or self._awaited or error):
            raise failed

    def _running(self) -> asyncio.Task[_T]:
        if self._task is None:
            raise RuntimeError("a job begins with `async with`")
        return self._task

    def __await__(self) -> Generator[Any, None, _T]:
        task = self._running()
        self._awaited = True
        return task.__await__()

    def __aiter__(self) -> Self:
        self._running()
        return self

    async def __anext__(self) -> Progress:
        record = await self._records.get()
        if record is None:
            self._records.put_nowait(None)
            raise StopAsyncIteration
        return record


def start(function: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Job[_T]:
    """A Job of a function that reports progress: `async with aio.start(template_pkg.snapshot, root) as job`."""
    return Job(function, args, kwargs)


def _coroutine(function: Callable[_P, _T]) -> Callable[_P, Coroutine[Any, Any, _T]]:
    @functools.wraps(function)
    async def coroutine(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        return await call(function, *args, **kwargs)

    coroutine.__module__ = __name__
    coroutine.__doc__ = f"`template_pkg.{function.__name__}()` as a coroutine."
    return coroutine


snapshot = _coroutine(template_pkg.snapshot)
create_manifest = _coroutine(template_pkg.create_manifest)
diff = diff_manifests = _coroutine(template_pkg.diff)
merge = _coroutine(template_pkg.merge)
verify = _coroutine(template_pkg.verify)
decode_manifest = _coroutine(template_pkg.decode_manifest)
load_manifest = _coroutine(template_pkg.load_manifest)
group_paths = _coroutine(template_pkg.group_paths)
prepare_attachments = _coroutine(template_pkg.prepare_attachments)
hash_file = _coroutine(template_pkg.hash_file)
hash_bytes = _coroutine(template_pkg.hash_bytes)
