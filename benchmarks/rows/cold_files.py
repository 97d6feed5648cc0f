"""Cold small files: the tree of row 2 with nothing of it in memory. Only root can arrange that."""

from __future__ import annotations

import os
from pathlib import Path

import harness
import trees
from harness import Contender, Target

NUMBER = 3
TITLE = "cold small files: 100,000 x 4 KiB in 1,000 directories, caches dropped before each run"
ROUNDS = 7
TARGETS = [
    Target("ours / 16 readers at a time", "ours", ["xargs -P16 cat"], 1.05),
    Target("ours / xxhsum, one process", "ours", ["xxhsum"], 0.35),
]
DROP = Path("/proc/sys/vm/drop_caches")


def _drop_all() -> None:
    os.sync()
    DROP.write_text("3\n")


def contenders(cli: str, scale: float) -> list[Contender]:
    count = int(100_000 * scale)
    root = trees.small_files(count, 4096, max(1, count // 100))

    def forget() -> None:
        """Of a small tree only its own pages, so that a trial run slows nobody else down."""
        if scale < 1:
            trees.forget(root)
        else:
            _drop_all()

    if scale >= 1 and not os.access(DROP, os.W_OK):
        harness.leave_out(f"{DROP} cannot be written; only root can drop caches", "ours")
        return []
    listed = f"find '{root}' -type f -print0 | xargs -0"
    found = [
        Contender("ours", [cli, "snapshot", str(root)], before=forget),
        Contender("xargs -P16 cat", ["sh", "-c", f"{listed} -P16 -n100 cat"], before=forget),
        Contender("floor", [harness.build_floor("scan_hash"), str(root), "16"], before=forget),
    ]
    try:
        harness.find("xxhsum", "xxhash")
        found.append(Contender("xxhsum", ["sh", "-c", f"{listed} xxhsum -H2"], before=forget))
    except harness.Unavailable as missing:
        harness.leave_out(missing)
    return found
