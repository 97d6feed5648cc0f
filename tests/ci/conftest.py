"""The gates and their runner, tried on small trees of their own."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


def write(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def context(tmp_path):
    """Makes a context over a tree of the given files: context({"a.c": "int x;"})."""
    from ci.runner.context import Context, Shared
    from ci.runner.tree import Tree

    made = []

    def make(files, args=()):
        write(tmp_path, files)
        shared = Shared(Tree(str(tmp_path)), jobs=2, tell=print)
        made.append(shared)
        return Context(shared, "test", args)

    yield make
    for shared in made:
        shared.close()


@pytest.fixture
def says(context):
    """The findings of a gate over a tree, as lines."""
    from ci.runner import registry

    def ask(gate, files):
        return [str(finding) for finding in registry.load(gate).check(context(files))]

    return ask


class Project:
    """A checkout with the real runner and gates of the test's own, which are asked each time unless they say otherwise."""

    COMMON = "inputs=['**'], mutations=[], always='it is a test'"

    def __init__(self, root):
        self.root = root
        for part in (
            "ci.py",
            "ci.sh",
            "VERSION",
            "ci/__init__.py",
            "ci/bans.py",
            "ci/policy.py",
            "ci/gates/__init__.py",
        ):
            (root / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / part, root / part)
        for part in ("ci/outputs", "ci/runner", "ci/tools"):
            shutil.copytree(ROOT / part, root / part)
        subprocess.run(["git", "init", "-q"], cwd=root, check=True)
        (root / ".gitignore").write_text("/build/\n")

    def gate(self, name, body="return []", extra="", head=""):
        """A gate whose check has this body."""
        (self.root / "ci" / "gates" / f"{name}.py").write_text(
            "import os, sys, time\n"
            "from ci.runner.model import Edit, Finding, Gate, Mutation, Skip\n"
            f"{head}\n"
            f"def check(ctx):\n    {body}\n\n"
            f"GATE = Gate('is {name}', check, **{{**dict({self.COMMON}), **dict({extra})}})\n"
        )

    def start(self, *args, **kwargs):
        if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # a shell's job in the background
            signal.signal(signal.SIGINT, signal.default_int_handler)
        return subprocess.Popen(
            ["./ci.sh", *args],
            cwd=self.root,
            env={**os.environ, "PYTHON": sys.executable},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            **kwargs,
        )

    def run(self, *args):
        process = self.start(*args)
        process.out, process.err = process.communicate(timeout=60)
        return process


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


@pytest.fixture
def checkout(tmp_path):
    """A small checkout: a file of ten lines, a README that is true, and one file at its budget."""
    files = {
        "libs/core/src/a.c": "".join(f"line {i};\n" for i in range(10)),
        "libs/core/src/full.c": "x;\n" * 800,
        "libs/core/src/beyond.c": "x;\n" * 900,
        "part/README.md": "`a.c`\n",
        "part/a.c": "",
        "CMakePresets.json": "{}",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


@pytest.fixture(scope="session")
def schemas(tmp_path_factory):
    """Validators by the published schemas; without a package index, a skip."""
    from schemas import Schemas, fetch

    return Schemas(*fetch(tmp_path_factory.mktemp("schemas")))


@pytest.fixture
def document():
    """Makes the document of a run: document(gate("loc", "passed"), ...), with more of it by keyword."""

    def make(*gates, **more):
        counts = [sum(gate["status"] == status for gate in gates) for status in ("passed", "failed", "skipped")]
        return {
            "schema": "template-ci/run/1",
            "ok": not counts[1],
            "interrupted": False,
            "command": "./ci.sh all",
            "commit": "c0ffee" * 6 + "dead",
            "started": "2026-01-02T03:04:05Z",
            "seconds": 12.5,
            "gates": list(gates),
            "totals": "gates: {} passed, {} failed, {} skipped".format(*counts),
            **more,
        }

    return make
