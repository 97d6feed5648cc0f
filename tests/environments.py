"""Environments of their own for packages that tests ask and the project does not need, pinned by hash."""

import hashlib
import shutil
import subprocess
import sys

import pytest


def _make(where, requirements):
    uv = shutil.which("uv")
    python = where / "bin" / "python"
    make = [uv, "venv", "-q", "--python", sys.executable, where] if uv else [sys.executable, "-m", "venv", where]
    pip = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install"]
    for step in (make, [*pip, "-q", "--require-hashes", "-r", requirements]):
        done = subprocess.run([str(word) for word in step], capture_output=True, text=True, check=False)
        assert "hash" not in done.stderr.lower(), done.stderr
        if done.returncode != 0:
            pytest.skip(f"{requirements.name} cannot be installed: {' '.join(done.stderr.split())}")
    (where / "complete").touch()


def made(requirements, request, tmp_path_factory):
    """The environment's bin folder; kept from run to run where pytest keeps a cache. Skips without a package index."""
    key = hashlib.sha256(requirements.read_bytes() + sys.executable.encode()).hexdigest()[:16]
    cache = getattr(request.config, "cache", None)
    name = requirements.stem.rpartition("-")[2]
    base = cache.mkdir(name) if cache else tmp_path_factory.mktemp(name)
    where = base / key
    if not (where / "complete").exists():
        shutil.rmtree(where, ignore_errors=True)
        _make(where, requirements)
    return where / "bin"
