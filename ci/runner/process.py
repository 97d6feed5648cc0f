"""Starts processes so that every one of them can be ended: each in a session of its own, with a log of its own."""

from __future__ import annotations

import os
import time
from _thread import allocate_lock, start_new_thread

from ci import policy
from ci.runner import orphans
from ci.runner.signals import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

MARK = "CI_RUN"  # in the environment of all that a run starts; a nested run extends it

NOT_STARTED = 127  # as a shell has it
LOST = "the guardian of this run was ended: nothing can be started"

# Another folder to run in: a process that is only spawned cannot change it.
ELSEWHERE = 'cd -- "$0" && exec "$@"'


class Ended(Exception):
    """The run, or this gate's part of it, is over: nothing more may be started."""


class Completed:
    """A process that ended: its exit code, and its output in a log file."""

    def __init__(self, argv: Sequence[str], code: int, log: str) -> None:
        self.argv = list(argv)
        self.code = code
        self.log = log

    @property
    def text(self) -> str:
        with open(self.log, "rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - policy.READ_BYTES))
            return file.read().decode("utf-8", "replace").replace("\r\n", "\n")


def shorten(log: str) -> None:
    """Keeps the end of a log, as much as anybody reads."""
    text = Completed([], 0, log).text
    with open(log, "w", encoding="utf-8") as file:
        file.write(text)


def is_wild(log: str) -> bool:
    try:
        return os.path.getsize(log) > policy.LOG_BYTES
    except FileNotFoundError:  # somebody tidies up
        return False


def program(name: str, env: Mapping[str, str]) -> str:
    """Where the PATH of an environment has a program."""
    if os.sep in name:
        return name
    for folder in env.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK) and not os.path.isdir(path):
            return path
    raise FileNotFoundError(2, "no such program", name)


def spawn(argv: Sequence[str], env: Mapping[str, str], cwd: str, stdin: int | str, stdout: int, stderr: int) -> int:
    """Starts a session of its own. Spawned, not forked: what is open here, but for these three, stays here."""
    path, words = program(argv[0], env), list(argv)
    if cwd != os.getcwd():
        path, words = "/bin/sh", ["sh", "-c", ELSEWHERE, cwd, path, *argv[1:]]
    opened = (os.POSIX_SPAWN_OPEN, 0, stdin, os.O_RDONLY, 0) if isinstance(stdin, str) else None
    actions: list[tuple[Any, ...]] = [
        opened or (os.POSIX_SPAWN_DUP2, stdin, 0),
        (os.POSIX_SPAWN_DUP2, stdout, 1),
        (os.POSIX_SPAWN_DUP2, stderr, 2),
    ]
    # What Python ignores, and what a shell ignores for its jobs in the background: no business of a session of its own.
    heard = (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM)
    rest: dict[str, Any] = {"file_actions": actions, "setsigdef": heard, "setsigmask": ()}
    try:
        return os.posix_spawn(path, words, env, **rest, setsid=True)
    except NotImplementedError:  # a group of its own is what such a system has
        return os.posix_spawn(path, words, env, **rest, setpgroup=0)


def output(argv: Sequence[str], cwd: str) -> str:
    """What a quick command prints; raises OSError when it fails."""
    said, complaint = os.pipe(), os.pipe()
    try:
        pid = spawn(argv, os.environ, cwd, os.devnull, said[1], complaint[1])
    finally:
        os.close(said[1])
        os.close(complaint[1])
    with open(said[0], "rb") as out, open(complaint[0], "rb") as err:
        text, words = out.read(), err.read()  # in this order: a quick command does not complain at length
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code:
        raise OSError(f"{' '.join(argv)}: exit {code}: {words.decode('utf-8', 'replace').strip()}")
    return text.decode("utf-8", "surrogateescape")


class Job:
    """A command that runs: whose it is, where its output goes, and, when it has ended, its exit code."""

    def __init__(self, owner: str, log: str) -> None:
        self.owner = owner
        self.log = log
        self.code: int | None = None
        self.running = allocate_lock()
        self.running.acquire()


class Supervisor:
    """All processes of one run, by the gate that owns them. A guardian starts them, and outlives us."""

    def __init__(self, alone: bool = False) -> None:
        self.alone = alone  # nothing else in this process has children
        self.mark = os.environ.get(MARK, "") + os.urandom(8).hex()
        self._lock = allocate_lock()
        self._jobs: dict[int, Job] = {}
        self._count = 0
        self._ended: set[str] = set()
        self._over = False
        self._lost = False  # the guardian has gone before us
        self._guardian: tuple[int, int, int] | None = None  # its process, and pipes to it and from it

    def open(self) -> None:
        """Has a guardian: a fork of this process, so at best before there are threads."""
        with self._lock:
            self._open()

    def _open(self) -> None:
        if self._guardian is None and not self._over:
            from ci.runner import guardian

            self._guardian = guardian.start(self.mark)
            start_new_thread(self._listen, (self._guardian[2],))

    def run(self, owner: str, argv: Sequence[str], log: str, cwd: str, env: Mapping[str, str]) -> Completed:
        with self._lock:
            if self._over or owner in self._ended:
                raise Ended
            if self._lost:
                raise OSError(LOST)
            self._open()
            self._count += 1
            number, job = self._count, Job(owner, log)
            self._jobs[number] = job
            self._ask("run", number, [str(word) for word in argv], log, cwd, {**env, MARK: self._sign(owner)})
        job.running.acquire()
        del self._jobs[number]
        if self._over or owner in self._ended:
            raise Ended
        if job.code is None:
            raise OSError(LOST)
        return Completed(argv, job.code, log)

    def _sign(self, owner: str) -> str:
        return f"{self.mark}:{owner}/"

    def _ask(self, *words: object) -> None:
        from ci.runner import guardian

        if self._guardian is not None:
            text = guardian.request(*words)
            try:
                while text:
                    text = text[os.write(self._guardian[1], text) :]
            except BrokenPipeError:
                pass  # who waits for an answer hears of it

    def _listen(self, answers: int) -> None:
        """In a thread: tells those who wait that their command has ended."""
        from ci.runner.guardian import ANSWER, answered

        while True:
            text = os.read(answers, 512 * ANSWER)
            for number, code in answered(text):
                job = self._jobs[number]
                job.code = code
                job.running.release()
            if not text:
                break
        os.close(answers)
        with self._lock:
            self._lost = True
            for job in list(self._jobs.values()):
                if job.code is None:
                    job.running.release()

    def wild(self) -> list[str]:
        """Whose output goes beyond what a log may hold."""
        return [job.owner for job in list(self._jobs.values()) if is_wild(job.log)]

    def end(self, owner: str) -> None:
        """Ends what a gate started: asked first, then made to, and what left its group at last."""
        with self._lock:
            self._ended.add(owner)
            jobs = {number: job for number, job in self._jobs.items() if job.owner == owner}
        self._end_jobs(list(jobs))
        orphans.sweep(f"{MARK}={self._sign(owner)}")
        for job in jobs.values():
            if is_wild(job.log):
                shorten(job.log)

    def close(self) -> None:
        """Ends all processes of the run, those too that left their group."""
        with self._lock:
            self._over = True
            numbers = list(self._jobs)
        self._end_jobs(numbers)
        if self._guardian is not None:
            pid, requests, _ = self._guardian
            self._guardian = None
            os.close(requests)  # it ends all that is left, and itself
            if os.waitpid(pid, 0)[1]:
                orphans.sweep(f"{MARK}={self.mark}")
            if self.alone:
                orphans.end_all()

    def _end_jobs(self, numbers: Sequence[int]) -> None:
        if not numbers:
            return
        with self._lock:
            self._ask("kill", numbers, int(signal.SIGTERM))
        until = time.monotonic() + policy.GRACE_SECONDS
        while time.monotonic() < until and any(number in self._jobs for number in numbers):
            time.sleep(0.01)
        with self._lock:
            self._ask("kill", numbers, int(signal.SIGKILL))


def kill(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        pass
