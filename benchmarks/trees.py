"""Input trees, made once below build/bench and reused."""

from __future__ import annotations

import os
import random
from pathlib import Path

from harness import WORK


def small_files(count: int, size: int, directories: int, name: str = "tree") -> Path:
    """`count` files of `size` random bytes in `directories` directories, with times of the past."""
    root = WORK / f"{name}-{count}x{size}-{directories}"
    if (root.parent / (root.name + ".ready")).exists():
        return root
    noise = random.Random(20)
    pool = noise.randbytes(1 << 20)
    for directory in range(directories):
        folder = root / f"dir{directory:04}"
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(directory, count, directories):
            start = noise.randrange(len(pool) - size)
            path = folder / f"file{number:06}.bin"
            path.write_bytes(pool[start : start + size])
            stamp = 1_600_000_000_000_000_000 + number * 1_000_003
            os.utime(path, ns=(stamp, stamp))
    (root.parent / (root.name + ".ready")).touch()
    return root


def large_files(count: int, size: int) -> Path:
    """`count` files of `size` random bytes, each in a directory of its own."""
    root = WORK / f"large-{count}x{size}"
    if (root.parent / (root.name + ".ready")).exists():
        return root
    noise = random.Random(21)
    for number in range(count):
        folder = root / f"dir{number:04}"
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / "file.bin", "wb") as file:
            for start in range(0, size, 1 << 24):
                file.write(noise.randbytes(min(1 << 24, size - start)))
    (root.parent / (root.name + ".ready")).touch()
    return root


def forget(root: Path) -> None:
    """Asks the system to drop the pages of its files; names and inodes may stay in memory."""
    for folder, _, names in os.walk(root):
        for name in names:
            file = os.open(os.path.join(folder, name), os.O_RDONLY)
            os.fsync(file)
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(file)


def warm(root: Path) -> None:
    """Reads everything once, so that it is in the page cache."""
    for folder, _, names in os.walk(root):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                while file.read(1 << 20):
                    pass
