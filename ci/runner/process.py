"""Starts processes so that every one of them can be ended: own session, own log, a guardian for the worst case."""

from __future__ import annotations

import os
import time
from _thread import allocate_lock

from ci import policy
from ci.runner import orphans
from ci.runner.signals import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

MARK = "CI_RUN"  # in the environment of all that a run starts; a nested run extends it

NOT_STARTED = 127  # as a shell has it

# Reads "+ GROUP" and "- GROUP" until the runner is gone, however it went; then nothing it started outlives it.
# A runner that has seen to that itself says so.
GUARDIAN = f"""
groups=
while read -r op group; do
  case $op in
    +) groups="$groups $group" ;;
    -) kept=; for g in $groups; do [ "$g" = "$group" ] || kept="$kept $g"; done; groups=$kept ;;
    done) exit 0 ;;
  esac
done
for g in $groups; do kill -KILL -- "-$g"; done
for turn in 1 2 3 4; do
  for file in $(grep -ls "{MARK}=$1" /proc/[0-9]*/environ); do
    pid=${{file#/proc/}}; kill -KILL "${{pid%/environ}}"
  done
  sleep 0.05
done
"""
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


class Supervisor:
    """All processes of one run, by the gate that owns them."""

    def __init__(self, alone: bool = False) -> None:
        self.alone = alone  # nothing else in this process has children
        self.mark = os.environ.get(MARK, "") + os.urandom(8).hex()
        self._lock = allocate_lock()
        self._groups: dict[int, str] = {}
        self._logs: dict[int, str] = {}
        self._ended: set[str] = set()
        self._over = False
        self._guardian: tuple[int, int] | None = None  # its number, and the pipe to it
        self._adopts = False  # what its parents leave behind becomes ours

    def run(self, owner: str, argv: Sequence[str], log: str, cwd: str, env: Mapping[str, str]) -> Completed:
        sink = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        try:
            pid = self._start(owner, argv, sink, cwd, {**env, MARK: self._sign(owner)})
            self._logs[pid] = log
        except OSError as error:
            os.write(sink, f"{error}\n".encode())
            return Completed(argv, NOT_STARTED, log)
        finally:
            os.close(sink)
        if hasattr(os, "waitid"):  # the group's number stays ours until its leader is reaped
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
            self._forget(pid)
            status = os.waitpid(pid, 0)[1]
        else:
            status = os.waitpid(pid, 0)[1]
            self._forget(pid)
        if self._over or owner in self._ended:
            raise Ended
        return Completed(argv, os.waitstatus_to_exitcode(status), log)

    def _sign(self, owner: str) -> str:
        return f"{self.mark}:{owner}/"

    def _start(self, owner: str, argv: Sequence[str], sink: int, cwd: str, env: Mapping[str, str]) -> int:
        with self._lock:
            if self._over or owner in self._ended:
                raise Ended
            if self._guardian is None:
                self._guardian = self._guard()
                self._adopts = self.alone and orphans.adopt()
            pid = spawn(argv, env, cwd, os.devnull, sink, sink)
            self._groups[pid] = owner
            self._tell(f"+ {pid}")
        return pid

    def _forget(self, group: int) -> None:
        """The leader has ended; what it left behind in its group ends too."""
        with self._lock:
            _kill(group, signal.SIGKILL)
            self._groups.pop(group, None)
            self._logs.pop(group, None)
            self._tell(f"- {group}")

    def _guard(self) -> tuple[int, int]:
        theirs, ours = os.pipe()
        null = os.open(os.devnull, os.O_WRONLY)
        try:
            argv = ["/bin/sh", "-c", GUARDIAN, "guardian", self.mark]
            return spawn(argv, os.environ, os.getcwd(), theirs, null, null), ours
        finally:
            os.close(theirs)
            os.close(null)

    def _tell(self, line: str) -> None:
        try:
            if self._guardian is not None:
                os.write(self._guardian[1], line.encode() + b"\n")
        except OSError:
            pass  # somebody ended the guardian; the run itself needs it only when it dies

    def wild(self) -> list[str]:
        """Whose output goes beyond what a log may hold."""
        logs = list(self._logs.items())
        return [self._groups.get(group, "") for group, log in logs if os.path.getsize(log) > policy.LOG_BYTES]

    def end(self, owner: str) -> None:
        """Ends what a gate started: asked first, then made to, and what left its group at last."""
        with self._lock:
            self._ended.add(owner)
            groups = [group for group, o in self._groups.items() if o == owner]
            logs = [self._logs[group] for group in groups if group in self._logs]
        self._end_groups(groups)
        orphans.sweep(f"{MARK}={self._sign(owner)}")
        for log in logs:
            if os.path.getsize(log) > policy.LOG_BYTES:
                shorten(log)

    def close(self) -> None:
        """Ends all processes of the run, those too that left their group."""
        with self._lock:
            self._over = True
            groups = list(self._groups)
        self._end_groups(groups)
        if self._guardian is not None:
            pid, pipe = self._guardian
            if (self._adopts and orphans.end_all(but=pid)) or orphans.sweep(f"{MARK}={self.mark}"):
                self._tell("done")
            self._guardian = None
            os.close(pipe)
            os.waitpid(pid, 0)

    def _end_groups(self, groups: Sequence[int]) -> None:
        for group in groups:
            _kill(group, signal.SIGTERM)
        until = time.monotonic() + policy.GRACE_SECONDS
        while time.monotonic() < until and any(group in self._groups for group in groups):
            time.sleep(0.01)
        with self._lock:
            for group in groups:
                if group in self._groups:
                    _kill(group, signal.SIGKILL)


def _kill(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        pass
