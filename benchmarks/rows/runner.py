"""Gate runner: ten gates that run `true`, in a repository of a thousand files, against those who run hooks; and a run
whose gates take time, against those of them that need each other.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import harness
from harness import Contender, Target

NUMBER = 12
TITLE = "gate runner: ten no-op gates; a run of ten gates, three of them a chain of 6 seconds"
ROUNDS = 21
NEEDS_COMMAND = False
GATES = 10
LINKS, SECONDS = 3, 2.0  # gates that need each other, one after the other, and how long each takes; the others a fifth
FILES = 1000
HERE = harness.ROOT
REQUIREMENTS = HERE / "benchmarks" / "requirements-runners.txt"
START = "python -I -S"  # nothing that Python starts takes less
TARGETS = [
    Target("ours / pre-commit, both less sh", "ours", ["pre-commit"], 0.15, less="sh", floor=START),
    Target("ours / prek, both less sh", "ours", ["prek"], 0.60, less="sh", floor=START),
    Target(
        "ours / prek that may run all hooks at once, both less sh", "ours", ["prek at once"], 1.0, "sh", floor=START
    ),
    Target("a run / its longest chain", "ours, a chain", ["chain"], 1.05, floor="chain"),
]

GATE = '''"""Runs a command."""
from ci.runner.model import Gate
GATE = Gate("runs", lambda ctx: [] if ctx.must({words}) == "" else [], inputs=["**"], mutations=[]{more})
'''
ALWAYS = ', always="to be timed"'
HOOK = (
    "  - {{id: noop{0}, name: noop{0}, language: system, entry: 'true', "
    "always_run: true, pass_filenames: false{more}}}\n"
)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _gate(words: list[str], more: str = "") -> str:
    return GATE.format(words=words, more=more)


def _chain(seconds: float) -> list[str]:
    """Gates of which some need each other, and take longer together than the others do."""
    gates = []
    for number in range(GATES):
        needs = f", needs=['gate{number - 1}']" if 0 < number < LINKS else ""
        gates.append(_gate(["sleep", str(seconds if number < LINKS else seconds / 5)], needs + ALWAYS))
    return gates


def _repository(name: str, gates: list[str] | None = None, more: str = "") -> Path:
    """A repository with these gates, or else with hooks that are ten times `true`."""
    root = harness.WORK / "runner" / name
    shutil.rmtree(root, ignore_errors=True)
    for number in range(FILES):
        _write(root / f"files/{number % 40}/{number}.txt", f"{number}\n")
    if gates:
        for part in ("ci.py", "ci.sh", "ci/__init__.py", "ci/bans.py", "ci/policy.py", "ci/gates/__init__.py"):
            _write(root / part, (HERE / part).read_text())
        (root / "ci.sh").chmod(0o755)
        for folder in ("ci/outputs", "ci/runner", "ci/tools"):
            shutil.copytree(HERE / folder, root / folder)
        for number, gate in enumerate(gates):
            _write(root / f"ci/gates/gate{number}.py", gate)
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
    asked = _repository("asked", GATES * [_gate(["true"], ALWAYS)])
    kept = _repository("kept", GATES * [_gate(["true"])])
    seconds = max(0.1, SECONDS * scale)
    chain = _repository("chain", _chain(seconds))
    loop = f"for gate in {' '.join(map(str, range(GATES)))}; do /bin/true; done"
    found = [
        Contender("sh", ["/bin/sh", "-c", loop], repeat, asked),
        Contender("ours", ["./ci.sh", "all"], repeat, asked),
        Contender("ours, unchanged", ["./ci.sh", "all"], repeat, kept),
        Contender(START, [os.environ["PYTHON"], "-I", "-S", "-c", "pass"], repeat),
        Contender("ours, a chain", ["./ci.sh", "all", "--jobs", "4"], cwd=chain),
        Contender("chain", ["/bin/sh", "-c", "; ".join(LINKS * [f"sleep {seconds}"])]),
    ]
    try:
        peers = harness.environment("runners", REQUIREMENTS)
    except harness.Unavailable as missing:
        harness.leave_out(missing)
        return found
    one = _repository("hooks")
    at_once = _repository("hooks-at-once", more=", priority: 0")  # prek runs hooks of one priority together
    return [
        *found,
        Contender("pre-commit", [str(peers / "pre-commit"), "run", "--all-files"], repeat, one),
        Contender("prek", [str(peers / "prek"), "run", "--all-files"], repeat, one),
        Contender("prek at once", [str(peers / "prek"), "run", "--all-files"], repeat, at_once),
    ]
