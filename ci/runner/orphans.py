"""Finds and ends processes that left their group, and so the reach of who started them."""

from __future__ import annotations

import os
import time

from ci.runner.signals import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TURNS = 200  # a process may start another while it is looked for
SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER


def adopt() -> bool:
    """Makes this process the parent of all orphans that come of its children, where the system can (Linux)."""
    try:
        import _ctypes  # of ctypes, what is needed: a fifth of its time

        program: Any = None
        library = _ctypes.dlopen(program, os.RTLD_NOW)
        return bool(_ctypes.call_function(_ctypes.dlsym(library, "prctl"), (SUBREAPER, 1, 0, 0, 0)) == 0)
    except (ImportError, AttributeError, OSError):
        return False


def end_all() -> bool:
    """Ends all children of this process, and those that become so on the way; False where the system tells none."""
    for _ in range(TURNS):
        found = _children()
        if found is None or not _end(found):
            return False
        if not found:
            return True
        time.sleep(0.002)
    return False


def _children() -> set[int] | None:
    found: set[int] = set()
    try:
        for task in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{task}/children", "rb") as file:
                found.update(map(int, file.read().split()))
    except OSError:
        return None
    return found


def sweep(mark: str) -> bool:
    """Ends processes with these words in their environment until there are none; whether that went well."""
    for _ in range(TURNS):
        found = _marked(mark.encode())
        if not found:
            return True
        if not _end(found):
            return False
        time.sleep(0.002)
    return False


def _marked(words: bytes) -> set[int]:
    try:
        names = os.listdir("/proc")
    except OSError:
        return set()
    return {int(name) for name in names if "0" <= name[0] <= "9" and words in _environ(name)}


def _environ(name: str) -> bytes:
    """A process's environment; nothing of one that has ended or is another user's."""
    try:
        file = os.open(f"/proc/{name}/environ", os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(file, 4 << 20)
    except OSError:
        return b""
    finally:
        os.close(file)


def _end(numbers: set[int]) -> bool:
    """Makes processes end, and takes leave of those that are ours."""
    for number in numbers:
        try:
            os.kill(number, signal.SIGKILL)
        except ProcessLookupError:
            pass
        except PermissionError:
            return False
        try:
            os.waitpid(number, os.WNOHANG)
        except ChildProcessError:
            pass
    return True
