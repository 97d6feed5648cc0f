"""The edit loop: one changed line of core, to a fresh wheel and to a live module and command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import harness
import rust_peer
from harness import WORK, Contender, NoIndex, Target, Unavailable, leave_out, needs_index

NUMBER = 13
TITLE = "edit loop: one changed line of core -> a fresh wheel; -> live module and command"
ROUNDS = 9
TARGETS = [
    Target("fresh wheel / maturin build", "our wheel", ["maturin build"], 0.80),
    Target("live module and command / maturin develop", "ours live", ["maturin develop", "maturin develop --uv"], 0.80),
]

FOLDER = WORK / "edit-loop"
REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements-maturin.txt"
BACKEND = "import sys, scikit_build_core.build as b; b.build_wheel(sys.argv[1])"
# Arguments: a file, the words before a number in it, and what to run when the number is another one.
EDIT = 'sed -i "s/$2[0-9]*/${2}1$(date +%N | cut -c1-6)/" "$1" && shift 2 && exec "$@"'


def _edited(path: Path, words: str, *argv: str) -> list[str]:
    return ["sh", "-c", EDIT, "edit", str(path), words, *argv]


def _ours() -> Path:
    """A copy of this tree, installed to be edited, as `./ci.sh dev` does it."""
    root = FOLDER / "ours"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=harness.ROOT, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        target = root / name
        source = (harness.ROOT / name).read_bytes()
        if not target.exists() or target.read_bytes() != source:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(harness.ROOT / name, target)
    (root / "build").mkdir(exist_ok=True)
    if not (root / "build" / "env").exists():
        (harness.ROOT / "build" / "env").mkdir(parents=True, exist_ok=True)
        (root / "build" / "env").symlink_to(harness.ROOT / "build" / "env")
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["./ci.sh", "dev"], cwd=root, check=True, stdout=subprocess.DEVNULL)
    return root


def _maturin() -> Path:
    """The bin folder of an environment that holds the pinned maturin."""
    folder = FOLDER / "maturin"
    if not (folder / "bin" / "maturin").exists():
        needs_index("maturin")
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pinned = ["-q", "--require-hashes", "-r", str(REQUIREMENTS)]
        done = subprocess.run([str(folder / "bin" / "python"), "-m", "pip", "install", *pinned], check=False)
        if done.returncode:
            raise NoIndex("maturin cannot be had: is there a package index?")
    return folder / "bin"


def _peers() -> list[Contender]:
    root, tools = rust_peer.workspace(), _maturin()
    edited, words = root / rust_peer.EDITED, "SEED: u64 = "
    maturin, crate = str(tools / "maturin"), root / "py"
    active = ["env", f"VIRTUAL_ENV={tools.parent}", f"PATH={tools}{os.pathsep}{os.environ['PATH']}"]
    live = f'"{maturin}" develop $0 && "{tools / "python"}" -c "import shape"'
    found = [
        Contender("maturin build", _edited(edited, words, *active, maturin, "build", "-q"), cwd=crate),
        Contender("maturin develop", _edited(edited, words, *active, "sh", "-c", live, "-q"), cwd=crate),
    ]
    if shutil.which("uv"):
        with_uv = _edited(edited, words, *active, "sh", "-c", live, "--uv")
        found.append(Contender("maturin develop --uv", with_uv, cwd=crate))
    return found


def contenders(cli: str, scale: float) -> list[Contender]:
    root = _ours()
    edited, words = root / "libs" / "core" / "src" / "diff.c", "FIRST_PATHS = "
    wheels, tools = root / "build" / "wheels", root / ".venv" / "bin"
    live = f'"{tools / "template-cli"}" version && "{tools / "python"}" -c "import template_pkg"'
    python = str(root / "build" / "env" / "package" / "bin" / "python")
    found = [
        Contender("our wheel", _edited(edited, words, python, "-c", BACKEND, str(wheels)), cwd=root),
        Contender("ours live", _edited(edited, words, "sh", "-c", live), cwd=root),
    ]
    try:
        return found + _peers()
    except Unavailable as missing:
        leave_out(missing)
        return found
