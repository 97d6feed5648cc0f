"""Keeps the runner's words and those of gates apart, whatever a gate does to the streams of the process."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


def private(stream: TextIO) -> TextIO:
    """The same place, but nobody else can close it."""
    try:
        return os.fdopen(os.dup(stream.fileno()), "w", encoding="utf-8", errors="backslashreplace")
    except (AttributeError, OSError, ValueError):  # closed before we began, or no file at all
        return stream or open(os.devnull, "w", encoding="utf-8")


class Apart:
    """While gates run, what they print themselves goes to standard error."""

    def __enter__(self) -> None:
        self.kept = sys.stdout, sys.stderr
        self.numbers = [_copy(number) for number in (1, 2)]
        if self.numbers[1] >= 0:
            os.dup2(2, 1)
        sys.stdout, sys.stderr = (os.fdopen(n, "w", encoding="utf-8", closefd=False) for n in (1, 2))

    def __exit__(self, *_: object) -> None:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                pass  # closed by a gate
        sys.stdout, sys.stderr = self.kept
        for number, copy in enumerate(self.numbers, 1):
            if copy >= 0:
                os.dup2(copy, number)
                os.close(copy)


def _copy(number: int) -> int:
    try:
        return os.dup(number)
    except OSError:
        return -1  # closed before we began
