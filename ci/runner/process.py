"""Starts processes so that every one of them can be ended: own group, own log, a guardian for the worst case."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time

from ci import policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MARK = "CI_RUN"  # in the environment of all that a run starts; a nested run extends it

NOT_STARTED = 127  # as a shell has it

# Reads "+ GROUP" and "- GROUP" until the runner is gone, however it went; then nothing it started outlives it.
GUARDIAN = f"""
groups=
while read -r op group; do
  case $op in
    +) groups="$groups $group" ;;
    -) kept=; for g in $groups; do [ "$g" = "$group" ] || kept="$kept $g"; done; groups=$kept ;;
  esac
done
for g in $groups; do kill -KILL -- "-$g"; done
for turn in 1 2 3; do
  for file in $(grep -ls "{MARK}=$1" /proc/[0-9]*/environ); do
    pid=${{file#/proc/}}; kill -KILL "${{pid%/environ}}"
  done
done
"""


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


def output(argv: Sequence[str], cwd: str) -> str:
    """What a quick command prints; raises OSError when it fails."""
    done = subprocess.run(argv, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise OSError(f"{' '.join(argv)}: exit {done.returncode}: {said}")
    return done.stdout.decode("utf-8", "surrogateescape")


class Supervisor:
    """All processes of one run, by the gate that owns them."""

    def __init__(self) -> None:
        self.mark = ".".join(filter(None, (os.environ.get(MARK), os.urandom(8).hex())))
        self._lock = threading.Lock()
        self._groups: dict[int, str] = {}
        self._ended: set[str] = set()
        self._over = False
        self._guardian: subprocess.Popen[bytes] | None = None

    def run(self, owner: str, argv: Sequence[str], log: str, cwd: str, env: Mapping[str, str]) -> Completed:
        with open(log, "wb") as sink:
            try:
                process = self._start(owner, argv, sink.fileno(), cwd, env)
            except OSError as error:
                sink.write(f"{error}\n".encode())
                return Completed(argv, NOT_STARTED, log)
        if hasattr(os, "waitid"):  # the group's number stays ours until its leader is reaped
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        else:
            process.wait()
        self._forget(process.pid)
        code = process.wait()
        if self._over or owner in self._ended:
            raise Ended
        return Completed(argv, code, log)

    def _start(
        self, owner: str, argv: Sequence[str], sink: int, cwd: str, env: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._over or owner in self._ended:
                raise Ended
            process = subprocess.Popen(
                argv,
                cwd=cwd,
                env={**env, MARK: self.mark},
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._groups[process.pid] = owner
            self._tell(f"+ {process.pid}")
        return process

    def _forget(self, group: int) -> None:
        """The leader has ended; what it left behind in its group ends too."""
        with self._lock:
            _kill(group, signal.SIGKILL)
            self._groups.pop(group, None)
            self._tell(f"- {group}")

    def _tell(self, line: str) -> None:
        if self._guardian is None:
            self._guardian = subprocess.Popen(
                ["/bin/sh", "-c", GUARDIAN, "guardian", self.mark],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        assert self._guardian.stdin is not None
        try:
            self._guardian.stdin.write(line.encode() + b"\n")
            self._guardian.stdin.flush()
        except OSError:
            pass  # somebody ended the guardian; the run itself needs it only when it dies

    def end(self, owner: str) -> None:
        """Ends what a gate started: asked first, then made to."""
        with self._lock:
            self._ended.add(owner)
            groups = [group for group, o in self._groups.items() if o == owner]
        self._end_groups(groups)

    def close(self) -> None:
        """Ends all processes of the run, those too that left their group."""
        with self._lock:
            self._over = True
            groups = list(self._groups)
        self._end_groups(groups)
        if self._guardian is not None:
            self._guardian.communicate()
            self._guardian = None

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
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
