"""Warm large files: four files of 1 GiB, hashed."""

from __future__ import annotations

import os

import harness
import trees
from harness import Contender, Target

NUMBER = 1
TITLE = "warm large files: 4 x 1 GiB"
ROUNDS = 7
TARGETS = [
    Target("ours / floor", "ours", ["floor"], 1.10),
    Target("ours / xxhsum", "ours", ["xxhsum -H2"], 0.60),
    Target("ours / b3sum", "ours", ["b3sum"], 0.75),
]


def contenders(cli: str, scale: float) -> list[Contender]:
    root = trees.large_files(4, int((1 << 30) * scale))
    trees.warm(root)
    files = [str(path) for path in sorted(root.glob("*/*"))]
    threads = str(len(os.sched_getaffinity(0)))
    found = [
        Contender("ours", [cli, "snapshot", str(root)]),
        Contender("ours, hash", [cli, "hash", *files]),
        Contender("floor", [harness.build_floor("scan_hash"), str(root), threads]),
        Contender("cat", ["cat", *files]),
    ]
    for name, package, argv in (("xxhsum", "xxhash", ["xxhsum", "-H2"]), ("b3sum", "b3sum", ["b3sum"])):
        try:
            harness.find(name, package)
        except harness.Unavailable as missing:
            harness.leave_out(missing)
            continue
        found.append(Contender(" ".join(argv), [*argv, *files]))
    return found
