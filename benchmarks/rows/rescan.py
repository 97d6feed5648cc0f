"""A tree in which nothing changed: a million files, each asked for its state, none read."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import harness
import trees
from harness import Contender, Target

NUMBER = 4
TITLE = "stat-only rescan: 1,000,000 files, nothing changed"
ROUNDS = 7
OURS = ("ours --base", "ours --index")
TARGETS = [
    Target(f"{name} / {words}", name, peers, limit)
    for name in OURS
    for words, peers, limit in (
        ("git status", ["git status"], 1.0),
        ("find -printf", ["find -printf"], 0.45),
        ("floor", ["floor"], 1.25),
    )
]


def _git(root: str) -> Contender:
    """A repository beside the tree, with the untracked cache."""
    program = harness.find("git", "git")
    folder = harness.WORK / (os.path.basename(root) + ".git")
    git = [program, f"--git-dir={folder}", f"--work-tree={root}", "-c", "core.fsmonitor=false"]
    if not (folder / "index").exists():
        subprocess.run([program, "init", "-q", "--bare", str(folder)], check=True)
        subprocess.run([*git, "add", "."], check=True)
        subprocess.run([*git, "update-index", "--untracked-cache"], check=True, stdout=subprocess.DEVNULL)
    return Contender("git status", [*git, "status", "--short", "--untracked-files"], cwd=Path(root))


def contenders(cli: str, scale: float) -> list[Contender]:
    count = int(1_000_000 * scale)
    root = str(trees.small_files(count, 0, max(1, count // 100)))
    base, index = (f"{root}.{kind}" for kind in ("manifest", "index"))
    for _ in range(2):  # the second time, no file is too fresh
        subprocess.run([cli, "snapshot", root, "-o", base, "--index", index], check=True)
    threads = str(len(os.sched_getaffinity(0)))
    found = [
        Contender("ours --base", [cli, "snapshot", root, "--base", base], files=count),
        Contender("ours --index", [cli, "snapshot", root, "--index", index], files=count),
        Contender("floor", [harness.build_floor("scan_stat"), root, threads], files=count),
        Contender("find -printf", ["find", root, "-type", "f", "-printf", "%s %T@ %P\\n"]),
        Contender("du -s", ["du", "-s", root]),
    ]
    try:
        found.append(_git(root))
    except harness.Unavailable as missing:
        harness.leave_out(missing)
    return found
