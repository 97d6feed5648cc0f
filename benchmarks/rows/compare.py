"""Comparing: two manifests a hundredth apart, and a tree with its manifest."""

from __future__ import annotations

import subprocess

import documents
import trees
from harness import Contender, Target

NUMBER = 8
TITLE = "diff of two manifests of 1,000,000 entries, 1 % apart; verify of 100,000 files"
ROUNDS = 7
TARGETS = [
    Target("diff, both decoded / comm on sorted lines", "ours diff", ["comm -3"], 0.60),
    Target("verify / our own scan", "ours verify", ["ours scan"], 1.05),
]


def contenders(cli: str, scale: float) -> list[Contender]:
    old, new = (documents.manifest(int(1_000_000 * scale), changed) for changed in (False, True))
    count = int(100_000 * scale)
    root = trees.small_files(count, 4096, max(1, count // 100))
    trees.warm(root)
    manifest = f"{root}.manifest"
    subprocess.run([cli, "snapshot", str(root), "-o", manifest], check=True)
    lines = [str(documents.lines(path)) for path in (old, new)]
    return [
        Contender("ours diff", [cli, "diff", "--quiet", str(old), str(new)]),
        Contender("comm -3", ["comm", "-3", *lines], env={"LC_ALL": "C"}),
        Contender("ours verify", [cli, "verify", manifest, str(root), "--quiet"]),
        Contender("ours scan", [cli, "snapshot", str(root)]),
    ]
