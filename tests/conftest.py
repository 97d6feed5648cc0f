"""Fixtures. The tests run against the installed package; the command is the one installed beside it.

The environment variable TEMPLATE_CLI names another command, of a build tree or with sanitizers.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import trees

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell without job control starts what it leaves behind
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Cli:
    """The installed command, run to its end."""

    def __init__(self, path):
        self.path = str(path)

    def run(self, *args, **kwargs):
        words = [self.path, *map(str, args)]
        return subprocess.run(words, capture_output=True, stdin=subprocess.DEVNULL, check=False, **kwargs)

    def ok(self, *args, **kwargs):
        """Standard output of a run that must succeed."""
        done = self.run(*args, **kwargs)
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        return done.stdout

    def json(self, *args, **kwargs):
        """The JSON document of a run, whatever its exit code."""
        return json.loads(self.run(*args, "--json", **kwargs).stdout)


@pytest.fixture(scope="session")
def cli():
    named = os.environ.get("TEMPLATE_CLI")
    path = Path(named).resolve() if named else Path(sysconfig.get_path("scripts")) / "template-cli"
    assert path.is_file(), f"{path} is missing: the tests need the wheel installed in the environment that runs them"
    return Cli(path)


@pytest.fixture
def tree(tmp_path):
    """A function from a recipe, or name=content keywords (`__` for `/`), to the root of such a tree."""

    def make(recipe=None, **contents):
        return Path(trees.build(recipe or trees.files(**contents), str(tmp_path)))

    return make


@pytest.fixture(scope="session")
def many_files(tmp_path_factory):
    """10,000 files of a few bytes each; not to be changed."""
    root = tmp_path_factory.mktemp("many")
    for i in range(100):
        directory = root / f"d{i:02}"
        directory.mkdir()
        for j in range(100):
            (directory / f"f{j:02}").write_bytes(b"%d:%d" % (i, j))
    return root


@pytest.fixture(scope="session")
def large_file(tmp_path_factory):
    """A sparse file that takes seconds to hash; not to be changed."""
    path = tmp_path_factory.mktemp("large") / "file"
    with path.open("wb") as file:
        file.truncate(64 << 30)
    return path


@pytest.fixture(scope="session")
def reference(request, tmp_path_factory):
    """The folder of programs of an environment that holds PyPI's `deadline`, pinned by hash."""
    requirements = Path(__file__).parent / "requirements-deadline.txt"
    key = hashlib.sha256(requirements.read_bytes() + sys.executable.encode()).hexdigest()[:16]
    cache = getattr(request.config, "cache", None)
    base = cache.mkdir("deadline") if cache else tmp_path_factory.mktemp("deadline")
    where = base / key
    if not (where / "complete").exists():
        shutil.rmtree(where, ignore_errors=True)
        make_reference(where, requirements)
    return where / "bin"


def make_reference(where, requirements):
    uv = shutil.which("uv")
    python = where / "bin" / "python"
    make = [uv, "venv", "-q", "--python", sys.executable, where] if uv else [sys.executable, "-m", "venv", where]
    pip = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install"]
    for step in (make, [*pip, "-q", "--require-hashes", "-r", requirements]):
        done = subprocess.run([str(word) for word in step], capture_output=True, text=True, check=False)
        assert "hash" not in done.stderr.lower(), done.stderr
        if done.returncode != 0:
            pytest.skip(f"the reference cannot be installed: {' '.join(done.stderr.split())}")
    (where / "complete").touch()
