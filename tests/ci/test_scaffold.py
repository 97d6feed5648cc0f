"""A new gate is a whole one: it passes, its mutation turns it red, and its tests pass, at once."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from ci.runner.tree import Tree


def environments():
    """The Python that made this checkout's environments, if they are as it would make them; to share them is free."""
    from ci.tools import environment

    stamp = Path(environment.folder(str(ROOT), "lint"), "stamp")
    if stamp.is_file():
        python = stamp.read_text().split(" ", 1)[0]
        code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from ci.tools import environment as e; "
        code += f"print(e.is_current({str(ROOT)!r}, 'lint'))"
        if os.access(python, os.X_OK) and run(ROOT, python, "-I", "-S", "-c", code).stdout == "True\n":
            return python
    return ""


@pytest.fixture
def clone(tmp_path):
    """This checkout's files, committed."""
    root = tmp_path / "clone"
    for path in Tree(str(ROOT)).paths():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, root / path)
    identity = ["-c", "user.name=x", "-c", "user.email=x@x.example", "-c", "commit.gpgsign=false"]
    for args in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-q", "-m", "ci: all"]):
        subprocess.run(["git", *args], cwd=root, check=True, capture_output=True)
    return root


def run(root, *words, python=sys.executable):
    env = {**os.environ, "PYTHON": python, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [*words], cwd=root, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def test_a_new_gate_is_green_at_once_proved_and_tested(clone):
    python = environments()
    if python:
        (clone / "build").mkdir(exist_ok=True)
        (clone / "build/env").symlink_to(ROOT / "build/env")
    python = python or sys.executable
    done = run(clone, "./ci.sh", "new-gate", "fresh_one")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == ["written: ci/gates/fresh_one.py", "written: tests/ci/test_fresh_one.py"]
    status = run(clone, "git", "status", "--porcelain", "-uall").stdout.split("\n")
    assert status == ["?? ci/gates/fresh_one.py", "?? tests/ci/test_fresh_one.py", ""]
    assert re.search(r"^  fresh_one +no file holds a merge", run(clone, "./ci.sh").stdout, re.M)
    done = run(clone, "./ci.sh", "fresh_one", "loc", "layers", "ruff", "types", "readme", "--no-skips", python=python)
    assert done.returncode == 0, done.stdout
    done = run(clone, "./ci.sh", "prove", "fresh_one")
    assert done.returncode == 0, done.stdout
    assert "red        fresh_one: a conflict stays in a document" in done.stdout
    tests = ["tests/ci/test_fresh_one.py", "tests/ci/test_gates.py::test_every_gate_says_what_it_is"]
    done = run(clone, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("fine", "there is a gate fine already: ci/gates/fine.py"),
        ("all", "all is a command of ./ci.sh already"),
        ("report", "report is a command of ./ci.sh already"),
        ("diff", "tests/test_diff.py is there already"),
        ("Big", "'Big' is no name for a gate: lower-case letters, digits and _, at most 24, a letter first"),
        ("a-b", "'a-b' is no name for a gate: lower-case letters, digits and _, at most 24, a letter first"),
        ("../x", "'../x' is no name for a gate: lower-case letters, digits and _, at most 24, a letter first"),
        ("class", "'class' is no name for a gate: lower-case letters, digits and _, at most 24, a letter first"),
        ("x" * 25, f"'{'x' * 25}' is no name for a gate: lower-case letters, digits and _, at most 24, a letter first"),
        ("", "'' is no name for a gate: lower-case letters, digits and _, at most 24, a letter first"),
        ("--fix", "usage: ./ci.sh new-gate NAME"),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_a_line(project, name, words):
    project.gate("fine")
    (project.root / "tests/ci").mkdir(parents=True)
    (project.root / "tests/test_diff.py").write_text("")
    before = Tree(str(project.root)).paths()
    done = project.run("new-gate", name)
    assert (done.returncode, done.out, done.err) == (2, "", f"ci.sh: {words}\n")
    assert Tree(str(project.root)).paths() == before


def test_both_files_are_written_or_none(project):
    done = project.run("new-gate", "fresh")  # there is no folder for its tests
    assert done.returncode == 3
    assert done.err.count("\n") == 1
    assert not (project.root / "ci/gates/fresh.py").exists()
