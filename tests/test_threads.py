"""Where a process may have no more threads, the calling thread does the work: same answers, still asked to stop."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import trees

NO_THREADS = """
#include <errno.h>
int pthread_create(void *id, const void *how, void *(*body)(void *), void *arg);
int pthread_create(void *id, const void *how, void *(*body)(void *), void *arg) {
    (void)id, (void)how, (void)body, (void)arg;
    return EAGAIN;
}
"""
MODULE = """
import sys
import template_pkg as tp
root, calls = sys.argv[1], []
manifest = tp.snapshot(root, progress=calls.append)
assert tp.verify(manifest, root)
try:
    tp.snapshot(root, progress=lambda progress: False)
except tp.Cancelled:
    print(len(calls) >= 2, manifest.encode())
"""


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """An environment in which no thread starts."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or sys.platform != "linux" or os.environ.get("LD_PRELOAD"):
        pytest.skip("needs a C compiler and LD_PRELOAD: apt-get install gcc")
    folder = tmp_path_factory.mktemp("alone")
    (folder / "alone.c").write_text(NO_THREADS)
    library = folder / "alone.so"
    subprocess.run([compiler, "-shared", "-fPIC", str(folder / "alone.c"), "-o", str(library)], check=True)
    return {**os.environ, "LD_PRELOAD": str(library)}


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "tree"
    for i in range(200):
        trees.make_entry(folder, {"path": f"d{i % 7}/f{i}", "content": "x" * i})
    return folder


@pytest.mark.parametrize("jobs", ["0", "1", "8"])
def test_the_command_gives_the_same_bytes_without_threads(cli, alone, root, tmp_path, jobs):
    wanted = cli.ok("snapshot", root)
    assert cli.ok("snapshot", root, "-j", jobs, env=alone) == wanted
    (tmp_path / "m").write_bytes(wanted)
    assert cli.run("verify", tmp_path / "m", root, "-j", jobs, env=alone).returncode == 0
    assert cli.ok("diff", tmp_path / "m", root, "--rehash", "--exit-code", "-j", jobs, env=alone) == b""


def test_the_module_gives_the_same_bytes_without_threads(cli, alone, root):
    python = Path(sysconfig.get_path("scripts")) / "python"
    done = subprocess.run([python, "-c", MODULE, root], env=alone, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"True {cli.ok('snapshot', root).decode()}\n"
