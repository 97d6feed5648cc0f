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


def warm(root: Path) -> None:
    """Reads everything once, so that it is in the page cache."""
    for folder, _, names in os.walk(root):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                while file.read(1 << 20):
                    pass
