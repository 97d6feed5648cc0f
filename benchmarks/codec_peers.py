"""The contenders of rows 6 and 7: our codec, yyjson's and those of Python, each timing itself in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import harness
from harness import Contender

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements-json.txt"


def _compile(name: str, *words: str) -> str:
    binary = harness.WORK / "codecs" / name
    binary.parent.mkdir(parents=True, exist_ok=True)
    compiler = os.environ.get("CC", "cc")
    source = str(HERE / "codecs" / f"{name}.c")
    subprocess.run([compiler, "-O3", "-march=native", source, *words, "-o", str(binary)], check=True)
    return str(binary)


def _ours(cli: str) -> str:
    """Built as the command was, against the core beside it: what a wheel holds."""
    library = Path(cli).parent.parent / "core" / "libtpl_core.a"
    if not library.exists():
        raise harness.Unavailable(f"{library} is missing: the command given is not one of a build tree")
    return _compile("ours", f"-I{harness.ROOT}/libs/core/include", str(library), "-pthread")


def _yyjson() -> str:
    """From the source in the pinned sdist of its Python binding, which is the one place that package indexes have it."""
    folder = harness.WORK / "yyjson"
    if not list(folder.glob("yyjson-*/yyjson/yyjson.c")):
        harness.needs_index("yyjson")
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", "yyjson"]
        pinned = folder / "yyjson.txt"
        folder.mkdir(parents=True, exist_ok=True)
        text = REQUIREMENTS.read_text()
        pinned.write_text(text[text.index("yyjson==") :])
        try:
            subprocess.run([*pip, "--require-hashes", "-r", str(pinned), "-d", str(folder)], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise harness.NoIndex(f"yyjson cannot be downloaded ({error})") from None
        with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
            archive.extractall(folder)
    source = next(folder.glob("yyjson-*/yyjson/yyjson.c"))
    return _compile("yyjson_peer", f"-I{source.parent}", str(source))


def _python(name: str, requirements: Path) -> str:
    return str(harness.environment(name, requirements) / "python")


def contenders(cli: str, document: Path, ways: tuple[str, ...], python_ways: tuple[str, ...]) -> list[Contender]:
    """`ways` (decode, encode, load) of each program; `python_ways` of Python's."""
    found: list[Contender] = []
    for name, program in (("ours", lambda: _ours(cli)), ("yyjson", _yyjson)):
        try:
            found += [Contender(f"{name} {way}", [program(), str(document), way], inner=True) for way in ways]
        except harness.Unavailable as missing:
            harness.leave_out(missing)
    script = str(HERE / "codecs" / "python_peer.py")
    for name, environment, requirements in (
        ("orjson", "json", REQUIREMENTS),
        ("json", "json", REQUIREMENTS),
        ("deadline", "deadline", harness.DEADLINE),
    ):
        try:
            python = _python(environment, requirements)
        except harness.Unavailable as missing:
            harness.leave_out(missing)
            continue
        for way in python_ways:
            found.append(Contender(f"{name} {way}", [python, script, str(document), way, name], inner=True))
    return found
