"""The binding: small hashes, a scan, the entries of a manifest, and a table of them, from Python."""

from __future__ import annotations

import subprocess
import sysconfig
from pathlib import Path

import documents
import harness
import trees
from harness import Contender, Target

NUMBER = 10
TITLE = "binding: 1,000,000 hashes of 16 bytes; the tree of row 2; 1,000,000 entries, iterated and as a table"
ROUNDS = 7
HERE = Path(__file__).resolve().parent.parent
TARGETS = [
    Target("hash_bytes / python-xxhash", "ours hash", ["xxhash hash"], 1.0),
    Target("hash_bytes / a FASTCALL no-op and 60 ns", "ours hash", ["no-op and 60 ns"], 1.0),
    Target("scan and encode from Python / the command", "ours scan", ["command scan"], 1.05),
    Target("decode and iterate / orjson.loads and a loop", "ours iterate", ["orjson iterate"], 0.5),
    Target("polars by Arrow / deadline's decode and a list of dicts", "ours table", ["deadline table"], 0.05),
]


def _module(cli: str) -> str:
    """The package of the build tree that the command is of."""
    folder = Path(cli).parent.parent.parent / "python"
    if not list(folder.glob("template_pkg/_native*")):
        raise harness.Unavailable(f"no module in {folder}: the command given is not one of a build tree")
    return str(folder)


def _noop() -> str:
    """The folder of a module that does nothing, for this Python."""
    folder = harness.WORK / "noop"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"noop_module{sysconfig.get_config_var('EXT_SUFFIX')}"
    words = ["-O2", "-shared", "-fPIC", f"-I{sysconfig.get_path('include')}", "-o", str(target)]
    try:
        subprocess.run(["cc", *words, str(HERE / "floors" / "noop_module.c")], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise harness.Unavailable(f"a module cannot be compiled ({error})") from None
    return str(folder)


def contenders(cli: str, scale: float) -> list[Contender]:
    count, files = str(int(1_000_000 * scale)), int(100_000 * scale)
    document = str(documents.manifest(int(1_000_000 * scale)))
    root = trees.small_files(files, 4096, max(1, files // 100))
    trees.warm(root)
    found = [Contender("command scan", [cli, "snapshot", str(root)])]
    for name, what, argument, requirements, path in (
        ("ours hash", "hash_ours", count, "binding", _module),
        ("xxhash hash", "hash_xxhash", count, "binding", None),
        ("no-op and 60 ns", "noop", count, "binding", lambda cli: _noop()),
        ("ours scan", "scan", str(root), "binding", _module),
        ("ours iterate", "iterate_ours", document, "binding", _module),
        ("orjson iterate", "iterate_orjson", document, "binding", None),
        ("ours table", "table_ours", document, "binding", _module),
        ("deadline table", "table_deadline", document, "deadline", None),
    ):
        pinned = harness.DEADLINE if requirements == "deadline" else HERE / f"requirements-{requirements}.txt"
        try:
            python = str(harness.environment(requirements, pinned) / "python")
            env = {"PYTHONPATH": path(cli)} if path else None
        except harness.Unavailable as missing:
            harness.leave_out(missing, name)
            continue
        found.append(Contender(name, [python, str(HERE / "binding_peer.py"), what, argument], env=env, inner=True))
    return found
