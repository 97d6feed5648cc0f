"""Maps a function over items, some at once, in order."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    Item = TypeVar("Item")
    Answer = TypeVar("Answer")


def gather(function: Callable[[Item], list[Answer]], items: Iterable[Item], jobs: int) -> list[Answer]:
    """All answers, those of the first item first."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(jobs) as pool:
        return [answer for answers in pool.map(function, items) for answer in answers]
