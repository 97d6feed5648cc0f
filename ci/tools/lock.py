"""One at a time, between processes: a lock that the system lets go when its holder ends, however it ends."""

from __future__ import annotations

import os
import time

AGAIN = 0.02  # seconds
SIGNED_WITHIN = 1.0  # seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Lock:
    """A checkout's lock of one name. Its file has words of who holds it, or held it last."""

    def __init__(self, root: str, name: str, waiting: Callable[[], None] | None = None) -> None:
        folder = os.path.join(root, "build", "ci", "lock")
        os.makedirs(folder, exist_ok=True)
        self._file = os.open(os.path.join(folder, name), os.O_RDWR | os.O_CREAT, 0o666)
        self._waiting = waiting

    def take(self, wait: bool) -> bool:
        """Asks again and again: a signal that comes just before a call that blocks would be heard after it."""
        import fcntl

        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                if not wait:
                    return False
            time.sleep(AGAIN)

    def sign(self, words: str) -> None:
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, words.encode("utf-8", "surrogateescape"), 0)

    def signed(self) -> str:
        """Who has it; whoever has just got it signs in a moment."""
        until = time.monotonic() + SIGNED_WITHIN
        while True:
            text = os.pread(self._file, 1 << 16, 0).decode("utf-8", "replace")
            if text or time.monotonic() > until:
                return text
            time.sleep(AGAIN)

    def drop(self) -> None:
        os.close(self._file)

    def __enter__(self) -> None:
        try:
            if not self.take(wait=False):
                if self._waiting:
                    self._waiting()
                self.take(wait=True)
        except BaseException:
            self.drop()
            raise

    def __exit__(self, *_: object) -> None:
        self.drop()


def owner(root: str, folder: str) -> str:
    """The checkout that a folder of build lies in: a copy for a proof has some in common with its original."""
    return os.path.dirname(os.path.dirname(os.path.realpath(os.path.join(root, "build", folder))))


def locked(root: str, name: str, waiting: Callable[[], None] | None = None) -> Lock:
    """Holds the checkout's lock of that name. Calls `waiting` once if somebody else has it."""
    return Lock(root, name, waiting)
