"""One at a time, between processes: a lock that the system lets go when its holder ends, however it ends."""

from __future__ import annotations

import contextlib
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextlib.contextmanager
def locked(root: str, name: str, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Holds the checkout's lock of that name. Calls `waiting` once if somebody else has it."""
    import fcntl

    folder = os.path.join(root, "build", "ci", "lock")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting:
                waiting()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
