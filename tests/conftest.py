"""Fixtures. The tests run against the installed package; the command is the one installed beside it.

The environment variable TEMPLATE_CLI names another command, of a build tree or with sanitizers.
"""

import json
import os
import signal
import subprocess
import sysconfig
from pathlib import Path

import environments
import ordering
import pytest
import trees
from hypothesis import settings

# What has passed passes again, on a busy machine, too; the tests marked deep draw anew each time.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell without job control starts what it leaves behind
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser):
    group = parser.getgroup("tests that rest on chance (marker deep)")
    group.addoption("--rounds", type=int, help="how often they try, instead of their usual count")
    group.addoption("--seed", help="what random choices hang on; without it, tests marked deep draw anew")
    parser.addoption("--shuffle", metavar="SEED", help="run the tests in an order that hangs on this")


def pytest_collection_modifyitems(config, items):
    seed = config.getoption("--shuffle")
    if seed is not None:
        items[:] = ordering.shuffled(items, seed)


@pytest.fixture
def rounds(request):
    """A function from a test's usual count of tries to the one asked for."""
    return lambda usual: request.config.getoption("--rounds") or usual


@pytest.fixture
def seed(request):
    """The seed asked for; a test marked deep draws a new one otherwise, and shows it when it fails."""
    anew = request.node.get_closest_marker("deep")
    chosen = request.config.getoption("--seed") or (os.urandom(4).hex() if anew else "steady")
    print(f"--seed {chosen}")
    return chosen


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
    return environments.made(Path(__file__).parent / "requirements-deadline.txt", request, tmp_path_factory)
