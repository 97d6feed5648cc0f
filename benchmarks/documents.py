"""Manifests to decode and compare, written once below build/bench without our own encoder."""

from __future__ import annotations

import random
import re
from pathlib import Path

from harness import WORK

MTIME = 1_600_000_000_000_000
PER_DIRECTORY = 100


def manifest(count: int, changed: bool = False) -> Path:
    """A canonical document of `count` entries, 133 bytes each at a million; `changed`: 1 % of them differ."""
    path = WORK / f"entries-{count}{'-changed' if changed else ''}.manifest"
    if path.exists():
        return path
    WORK.mkdir(parents=True, exist_ok=True)
    noise = random.Random(7)
    total = 0
    rest = path.with_suffix(".part")
    with rest.open("w", encoding="ascii") as file:
        file.write('{"hashAlg":"xxh128","manifestVersion":"2023-03-03","paths":[')
        for i in range(count):
            digest, size = noise.getrandbits(128), noise.randrange(100_000, 1_000_000)
            if changed and i % 100 == 50:
                digest ^= 1
            total += size
            name = f"assets/seq{i // PER_DIRECTORY:06}/shot_frm_{i:010}.exr"
            file.write(
                f'{"," if i else ""}{{"hash":"{digest:032x}","mtime":{MTIME + i},"path":"{name}","size":{size}}}'
            )
        file.write(f'],"totalSize":{total}}}')
    rest.rename(path)
    return path


def lines(manifest_path: Path) -> Path:
    """The same as sorted lines of path and hash, as `comm` wants them."""
    path = manifest_path.with_suffix(".lines")
    if not path.exists():
        found = re.finditer(r'"hash":"(\w+)","mtime":\d+,"path":"([^"]+)"', manifest_path.read_text(encoding="ascii"))
        rows = sorted(f"{entry[2]} {entry[1]}" for entry in found)
        path.write_text("\n".join(rows) + "\n", encoding="ascii")
    return path
