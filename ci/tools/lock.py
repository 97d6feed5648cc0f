"""One at a time, between processes: a lock that the system lets go when its holder ends, however it ends."""

from __future__ import annotations

import os

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
        import fcntl

        try:
            fcntl.flock(self._file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def sign(self, words: str) -> None:
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, words.encode("utf-8", "surrogateescape"), 0)

    def signed(self) -> str:
        return os.pread(self._file, 1 << 16, 0).decode("utf-8", "replace")

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
