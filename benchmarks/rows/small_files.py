"""Warm small files: 100,000 files of 4 KiB in 1,000 directories, hashed into a full manifest."""

from __future__ import annotations

import os

import harness
import trees
from harness import Contender, Target

NUMBER = 2
TITLE = "warm small files: 100,000 x 4 KiB in 1,000 directories -> full manifest"
ROUNDS = 7
TARGETS = [
    Target("ours / best hashing pipeline", "ours", ["xxhsum -P2", "b3sum -P2"], 0.45),
    Target("ours / floor", "ours", ["floor"], 1.25),
    Target(
        "ours / best pipeline with 1,000 files a call",
        "ours",
        ["xxhsum -n1000", "b3sum -n1000"],
        1.0,
    ),
]


def _pipeline(root: str, command: str) -> list[str]:
    script = f'find "$1" -type f -print0 | xargs -0 -P2 {command}'
    return ["sh", "-c", script, "sh", root]


def contenders(cli: str, scale: float) -> list[Contender]:
    count = int(100_000 * scale)
    root = trees.small_files(count, 4096, max(1, count // 100))
    trees.warm(root)
    found = [
        Contender("ours", [cli, "snapshot", str(root)], files=count),
        Contender(
            "floor",
            [harness.build_floor("scan_hash"), str(root), str(len(os.sched_getaffinity(0)))],
            files=count,
        ),
    ]
    for name, program, options, package in (
        ("xxhsum -P2", "xxhsum", "-H2", "xxhash"),
        ("b3sum -P2", "b3sum", "--num-threads 1", "b3sum"),
    ):
        try:
            harness.find(program, package)
        except harness.Unavailable as missing:
            harness.leave_out(missing)
            continue
        found.append(Contender(name, _pipeline(str(root), f"{program} {options}")))
        # xargs fills its command line, so that one of the two processes may get most of the work.
        tuned = _pipeline(str(root), f"-n1000 {program} {options}")
        found.append(Contender(f"{program} -n1000", tuned))
    return found
