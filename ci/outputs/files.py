"""Writes a file as a whole or not at all."""

from __future__ import annotations

import os


def ready(path: str) -> None:
    """Makes the folder that a file will lie in; raises OSError when the file could not be written there."""
    if os.path.isdir(path):
        raise IsADirectoryError(f"{path} is a folder")
    folder = os.path.dirname(os.path.realpath(path))
    os.makedirs(folder, exist_ok=True)
    if not os.access(path if os.path.exists(path) else folder, os.W_OK):
        raise PermissionError(f"{path} cannot be written")


def write(path: str, text: str) -> None:
    """Replaces a file. What is there and is no plain file (a pipe, a terminal) is written to instead."""
    target = os.path.realpath(path)
    if os.path.exists(target) and not os.path.isfile(target):
        with open(target, "w", encoding="utf-8") as file:
            file.write(text)
        return
    new = f"{target}.{os.getpid()}.new"
    try:
        with open(new, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.replace(new, target)
    except BaseException:
        if os.path.exists(new):
            os.remove(new)
        raise
