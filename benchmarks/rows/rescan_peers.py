"""The second run over a tree, by us and by what people use; a first run against the reference."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Callable

import harness
import trees
from harness import Contender, Target

NUMBER = 5
TITLE = "rescan of 100,000 x 4 KiB, unchanged and with 1 % changed (restic, borg, casync also store a copy)"
ROUNDS = 3
PEERS = (("restic", 0.05), ("borg", 0.05), ("casync", 0.05), ("deadline", 0.01))
TARGETS = [
    Target(f"ours / {peer}, {what}", f"ours {what}", [f"{peer} {what}"], limit)
    for what in ("unchanged", "1 % changed")
    for peer, limit in PEERS
] + [Target("ours / deadline, first run", "ours first", ["deadline first"], 0.005, floor="floor first")]


class Tree:
    """A tree of which a hundredth can be changed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = sorted(root.glob("*/*"))
        self.round = 0

    def change(self) -> None:
        self.round += 1
        for path in self.files[self.round % 100 :: 100]:
            path.write_bytes(os.urandom(4096))
        time.sleep(0.1)  # too fresh is something else


def _wipe(*paths: Path) -> Callable[[], None]:
    def wipe() -> None:
        for path in paths:
            shutil.rmtree(path, ignore_errors=True)
            path.unlink(missing_ok=True) if path.is_file() else path.mkdir(parents=True, exist_ok=True)

    return wipe


def _both(name: str, argv: list[str], tree: Tree, env: dict[str, str] | None = None) -> list[Contender]:
    """After a run that fills the peer's store: without a change, and behind one."""
    subprocess.run(argv, check=True, env={**os.environ, **(env or {})}, stdout=subprocess.DEVNULL)
    return [
        Contender(f"{name} unchanged", argv, env=env),
        Contender(f"{name} 1 % changed", argv, env=env, before=tree.change),
    ]


def _restic(root: str, store: Path, tree: Tree) -> list[Contender]:
    env = {"RESTIC_PASSWORD": "x", "RESTIC_REPOSITORY": str(store), "RESTIC_CACHE_DIR": f"{store}.cache"}
    program = harness.find("restic", "restic")
    subprocess.run([program, "init", "-q"], check=True, env={**os.environ, **env})
    return _both("restic", [program, "backup", "-q", root], tree, env)


def _borg(root: str, store: Path, tree: Tree) -> list[Contender]:
    env = {"BORG_BASE_DIR": f"{store}.base", "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes"}
    program = harness.find("borg", "borgbackup")
    subprocess.run([program, "init", "-e", "none", str(store)], check=True, env={**os.environ, **env})
    return _both("borg", [program, "create", f"{store}::{{utcnow:%s-%f}}", root], tree, env)


def _casync(root: str, store: Path, tree: Tree) -> list[Contender]:
    program = harness.find("casync", "casync")
    store.mkdir()
    return _both("casync", [program, "make", f"--store={store}/castr", f"{store}/tree.caidx", root], tree)


def _deadline(root: str, store: Path, tree: Tree) -> list[Contender]:
    program = str(harness.environment("deadline", harness.DEADLINE) / "deadline")
    store.mkdir()
    homes = [Path(f"{store}.home"), Path(f"{store}.first")]
    env = [{"HOME": str(home), "DEADLINE_CLOUD_TELEMETRY_OPT_OUT": "true"} for home in homes]
    argv = [program, "manifest", "snapshot", "--root", root, "--destination", str(store), "--name", "m"]
    _wipe(*homes)()
    found = _both("deadline", argv, tree, env[0])
    return [*found, Contender("deadline first", argv, env=env[1], before=_wipe(homes[1]))]


def contenders(cli: str, scale: float) -> list[Contender]:
    count = int(100_000 * scale)
    root = trees.small_files(count, 4096, max(1, count // 100), "changing")
    trees.warm(root)
    tree = Tree(root)
    stores = harness.WORK / "stores"
    _wipe(stores)()
    index, first = stores / "ours.index", stores / "first.index"
    time.sleep(0.1)
    found = _both("ours", [cli, "snapshot", str(root), "--index", str(index)], tree)
    fresh = [cli, "snapshot", str(root), "--index", str(first)]
    found.append(Contender("ours first", fresh, before=lambda: first.unlink(missing_ok=True)))
    threads = str(len(os.sched_getaffinity(0)))
    for name, floor in (("floor", "scan_stat"), ("floor first", "scan_hash")):
        found.append(Contender(name, [harness.build_floor(floor), str(root), threads]))
    for contender in found:
        contender.files = count
    for name, make in (("restic", _restic), ("borg", _borg), ("casync", _casync), ("deadline", _deadline)):
        try:
            found += make(str(root), stores / name, tree)
        except harness.Unavailable as missing:
            harness.leave_out(missing)
    return found
