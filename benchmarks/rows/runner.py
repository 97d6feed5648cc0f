"""Gate runner: ten gates that run `true`, in a repository of a thousand files, against those who run hooks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import harness
from harness import Contender, Target

NUMBER = 12
TITLE = "gate runner: ten no-op gates"
ROUNDS = 21
NEEDS_COMMAND = False
GATES = 10
FILES = 1000
HERE = harness.ROOT
REQUIREMENTS = HERE / "benchmarks" / "requirements-runners.txt"
TARGETS = [
    Target("ours / pre-commit, both less sh", "ours", ["pre-commit"], 0.15, less="sh"),
    Target("ours / prek, both less sh", "ours", ["prek"], 0.60, less="sh"),
    Target("ours / prek that may run all hooks at once, both less sh", "ours", ["prek at once"], 1.0, less="sh"),
]

GATE = '''"""Runs true."""
from ci.runner.model import Gate
GATE = Gate("no-op", lambda ctx: [] if ctx.must(["true"]) == "" else [], inputs=["**"], mutations=[]{more})
'''
HOOK = (
    "  - {{id: noop{0}, name: noop{0}, language: system, entry: 'true', "
    "always_run: true, pass_filenames: false{more}}}\n"
)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _repository(name: str, gate: str = "", more: str = "") -> Path:
    """A repository whose gates, or else hooks, are ten times `true`."""
    root = harness.WORK / "runner" / name
    shutil.rmtree(root, ignore_errors=True)
    for number in range(FILES):
        _write(root / f"files/{number % 40}/{number}.txt", f"{number}\n")
    if gate:
        for part in ("ci.py", "ci.sh", "ci/__init__.py", "ci/bans.py", "ci/policy.py", "ci/gates/__init__.py"):
            _write(root / part, (HERE / part).read_text())
        (root / "ci.sh").chmod(0o755)
        for folder in ("ci/outputs", "ci/runner", "ci/tools"):
            shutil.copytree(HERE / folder, root / folder)
        for number in range(GATES):
            _write(root / f"ci/gates/noop{number}.py", gate)
    else:
        hooks = "".join(HOOK.format(number, more=more) for number in range(GATES))
        _write(root / ".pre-commit-config.yaml", f"repos:\n- repo: local\n  hooks:\n{hooks}")
    _write(root / ".gitignore", "/build/\n")
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        who = ["-c", "user.name=x", "-c", "user.email=x@x.example", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *words], cwd=root, check=True)
    return root


def contenders(cli: str, scale: float) -> list[Contender]:
    repeat = max(1, int(3 * scale))
    os.environ["PYTHON"] = os.path.realpath(sys.executable)  # what the peers start with, too
    for name in ("PREK_HOME", "PRE_COMMIT_HOME"):
        os.environ[name] = str(harness.WORK / "runner" / name)
    asked = _repository("asked", gate=GATE.format(more=', always="to be timed"'))
    kept = _repository("kept", gate=GATE.format(more=""))
    loop = f"for gate in {' '.join(map(str, range(GATES)))}; do /bin/true; done"
    found = [
        Contender("sh", ["/bin/sh", "-c", loop], repeat, asked),
        Contender("ours", ["./ci.sh", "all"], repeat, asked),
        Contender("ours, unchanged", ["./ci.sh", "all"], repeat, kept),
        Contender("python -I -S", [os.environ["PYTHON"], "-I", "-S", "-c", "pass"], repeat),
    ]
    try:
        peers = harness.environment("runners", REQUIREMENTS)
    except harness.Unavailable as missing:
        print(f"  left out: {missing}")
        return found
    one = _repository("hooks")
    at_once = _repository("hooks-at-once", more=", priority: 0")  # prek runs hooks of one priority together
    return [
        *found,
        Contender("pre-commit", [str(peers / "pre-commit"), "run", "--all-files"], repeat, one),
        Contender("prek", [str(peers / "prek"), "run", "--all-files"], repeat, one),
        Contender("prek at once", [str(peers / "prek"), "run", "--all-files"], repeat, at_once),
    ]
