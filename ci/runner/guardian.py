"""A process beside the runner: it starts what gates run, and when the runner is gone, however it went, ends all of it."""

from __future__ import annotations

import marshal
import os
import select

from ci.runner import orphans
from ci.runner.process import MARK, NOT_STARTED, kill, spawn
from ci.runner.signals import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

FILES = 1 << 16  # beyond this number, nothing is open
ANSWER = 8  # bytes: the number of a job, and its exit code
DEAF = (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM)  # it goes when the runner does


def start(mark: str) -> tuple[int, int, int]:
    """Its process, where it takes requests, and where it answers."""
    theirs, requests = os.pipe()
    answers, ours = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            Guardian(mark, theirs, ours).serve()
            code = 0
        finally:
            os._exit(code)
    os.close(theirs)
    os.close(ours)
    return pid, requests, answers


def request(*words: Any) -> bytes:
    text = marshal.dumps(words)
    return len(text).to_bytes(4, "little") + text


def answered(text: bytes) -> list[tuple[int, int]]:
    """Jobs that have ended, and their exit codes."""
    pairs = [(text[at : at + 4], text[at + 4 : at + 8]) for at in range(0, len(text), ANSWER)]
    return [(int.from_bytes(job, "little"), int.from_bytes(code, "little", signed=True)) for job, code in pairs]


class Guardian:
    """The parent of all that a run starts, and, where the system can do that (Linux), of all orphans among it."""

    def __init__(self, mark: str, requests: int, answers: int) -> None:
        self.mark = mark
        self.requests = requests
        self.answers = answers
        self.groups: dict[int, int] = {}  # leader -> job

    def serve(self) -> None:
        ended = self._apart()
        text = b""
        while True:
            ready = select.select([self.requests, ended], [], [])[0]
            if ended in ready:
                os.read(ended, 4096)
                self._reap()
            if self.requests in ready:
                more = os.read(self.requests, 1 << 16)
                if not more:
                    break
                text = self._obey(text + more)
        for group in self.groups:
            kill(group, signal.SIGKILL)
        if not orphans.end_all():
            orphans.sweep(f"{MARK}={self.mark}")

    def _apart(self) -> int:
        """Leaves the runner's session, its files and its signals; what can be read from where a child has ended."""
        for number in DEAF:
            signal.signal(number, signal.SIG_IGN)
        os.setsid()
        orphans.adopt()
        null = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(null, stream)
        low, high = sorted((self.requests, self.answers))
        os.closerange(3, low)
        os.closerange(low + 1, high)
        os.closerange(high + 1, FILES)
        ended, ends = os.pipe()
        os.set_blocking(ends, False)
        signal.set_wakeup_fd(ends)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        return ended

    def _obey(self, text: bytes) -> bytes:
        """Does what whole requests say; the rest of the text."""
        while len(text) >= 4:
            end = 4 + int.from_bytes(text[:4], "little")
            if len(text) < end:
                break
            word, *more = marshal.loads(text[4:end])
            text = text[end:]
            if word == "run":
                self._run(*more)
            else:
                self._kill(*more)
        return text

    def _run(self, job: int, argv: Sequence[str], log: str, cwd: str, env: Mapping[str, str]) -> None:
        try:
            sink = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        except OSError:  # who looks for its output will say so
            self._answer(job, NOT_STARTED)
            return
        try:
            self.groups[spawn(argv, env, cwd, os.devnull, sink, sink)] = job
        except (OSError, TypeError, ValueError) as error:
            os.write(sink, f"{error}\n".encode())
            self._answer(job, NOT_STARTED)
        finally:
            os.close(sink)

    def _kill(self, jobs: Sequence[int], number: int) -> None:
        for group, job in self.groups.items():
            if job in jobs:
                kill(group, number)

    def _reap(self) -> None:
        try:
            while True:
                pid, status = self._next()
                if not pid:
                    return
                if pid in self.groups:
                    self._answer(self.groups.pop(pid), os.waitstatus_to_exitcode(status))
        except ChildProcessError:
            pass  # there is none

    def _next(self) -> tuple[int, int]:
        """A child that has ended, and how. What it left behind in its group ends, too, while the number is still its."""
        pid, status, waits = 0, 0, hasattr(os, "waitid")
        if waits:
            found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            pid = found.si_pid if found else 0
        else:
            pid, status = os.waitpid(-1, os.WNOHANG)
        if pid in self.groups:
            kill(pid, signal.SIGKILL)
        return os.waitpid(pid, 0) if pid and waits else (pid, status)

    def _answer(self, job: int, code: int) -> None:
        try:
            os.write(self.answers, job.to_bytes(4, "little") + code.to_bytes(4, "little", signed=True))
        except OSError:
            pass  # the runner is gone
