"""Pythons to run on: those of this machine, uv's, Debian's in a root of its own, and one built from pinned source.

What is made lies under build/interpreters, and is kept.
"""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
import urllib.request

from ci import pythons
from ci.tools import roots
from ci.tools.environment import Unavailable
from ci.tools.lock import locked, owner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ci.runner.context import Context

    Way = Callable[[Context, str, bool], "Interpreter | None"]

# The version as ci/pythons.py names it, the program itself, and what it lacks to build a module and make an environment.
PROBE = """
import importlib.util, os, sys, sysconfig
free = "t" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""
print("%d.%d%s" % (*sys.version_info[:2], free), sys.version.split()[0] + free, sys.executable, sep="\\n")
print(*(("Python.h",) if not os.path.exists(sysconfig.get_path("include") + "/Python.h") else ()),
      *(("venv",) if importlib.util.find_spec("ensurepip") is None else ()))
"""


class Interpreter:
    """A Python, and how to run it: `before` leads in its command line."""

    def __init__(self, name: str, version: str, program: str, before: Sequence[str] = ()) -> None:
        self.name = name  # 3.14, or 3.14t without the GIL
        self.version = version  # 3.14.2
        self.program = program
        self.before = list(before)


def folder(ctx: Context, *parts: str) -> str:
    return ctx.path("build", "interpreters", *parts)


def get(ctx: Context, wanted: Sequence[str]) -> Interpreter:
    """The first of some versions that can be had: what is there already, else what can be made. Unavailable says why."""
    for make in (False, True):
        for name in wanted:
            for way in WAYS:
                with locked(owner(ctx.root, "interpreters"), "interpreters"):
                    found = way(ctx, name, make)
                if found:
                    return found
    raise Unavailable("; ".join(reason for name in wanted for reason in lacking(ctx, name)))


def available(ctx: Context, asked: Sequence[Sequence[str]]) -> tuple[list[Interpreter], list[str]]:
    """Of each of several groups of versions the Python that can be had, and why of some there is none."""
    had, lost = [], []
    for wanted in asked:
        try:
            had.append(get(ctx, wanted))
        except Unavailable as error:
            lost.append(f"{' or '.join(wanted)} ({error})")
    return had, lost


def lacking(ctx: Context, name: str) -> Iterator[str]:
    """Why each way to a Python led nowhere."""
    yield f"no {name} with headers and venv is installed"
    yield "uv cannot fetch it" if ctx.toolbox.uv() else "no uv to fetch it"
    if name in pythons.DEBIAN_PYTHONS:
        yield roots.obstacle() or f"Debian's {pythons.DEBIAN_PYTHONS[name]} does not give it"
    if name in pythons.PYTHON_SOURCES:
        yield "its source cannot be fetched or built"


def probe(ctx: Context, name: str, program: str, before: Sequence[str] = ()) -> Interpreter | None:
    """The Python that a program is, if it is the one asked for and can build a module."""
    done = ctx.run([*before, program, "-I", "-c", PROBE])
    lines = done.text.split("\n")
    if done.code or len(lines) < 4 or lines[0] != name or lines[3].strip():
        return None
    return Interpreter(name, lines[1], lines[2], before)


def _installed(ctx: Context, name: str, make: bool) -> Interpreter | None:
    """On the PATH, or among pyenv's."""
    home = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    number, free = name.rstrip("t"), "t" * name.endswith("t")
    versions = glob.glob(os.path.join(home, "versions", f"{number}.*{free}", "bin", f"python{name}"))
    on_path = [] if make else [shutil.which(f"python{name}")]
    return _first(ctx, name, [path for path in [*sorted(versions), *on_path] if path])


def _of_uv(ctx: Context, name: str, make: bool) -> Interpreter | None:
    place, uv = folder(ctx, "uv"), ctx.toolbox.uv()
    if make and uv:
        env = {"UV_HTTP_RETRIES": "0", "UV_PYTHON_INSTALL_DIR": place}
        ctx.run([uv, "python", "install", "-q", "--no-bin", name], env=env)
    return _first(ctx, name, glob.glob(os.path.join(place, "*", "bin", f"python{name}")))


def _of_debian(ctx: Context, name: str, make: bool) -> Interpreter | None:
    """In a root of the suite that has it: its own C library and compiler are there, too."""
    suite = pythons.DEBIAN_PYTHONS.get(name)
    if suite is None or roots.obstacle():
        return None
    root = os.path.realpath(folder(ctx, f"debian-{suite}"))
    if make and not roots.made(ctx, root, suite):
        return None
    if not roots.is_made(root, suite):
        return None
    return probe(ctx, name, f"/usr/bin/python{name}", roots.into(root, ctx.root))


def _from_source(ctx: Context, name: str, make: bool) -> Interpreter | None:
    place = os.path.realpath(folder(ctx, name))
    program = os.path.join(place, "bin", f"python{name}")
    if make and name in pythons.PYTHON_SOURCES and not os.path.exists(program):
        _compile(ctx, name, place)
    return _first(ctx, name, [program] if os.path.exists(program) else [])


WAYS: tuple[Way, ...] = (_installed, _of_uv, _of_debian, _from_source)


def _first(ctx: Context, name: str, programs: Sequence[str]) -> Interpreter | None:
    return next((found for program in programs if (found := probe(ctx, name, program))), None)


def _compile(ctx: Context, name: str, place: str) -> None:
    """Builds a Python; what fails is in the log. Its program comes last, so that half of one is none."""
    places, digest = pythons.PYTHON_SOURCES[name]
    work = folder(ctx, f"{name}-source")
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    archive = os.path.join(work, "source.tar.xz")
    if any(_download(address, digest, archive) for place in places for address in _addresses(ctx, place)):
        ctx.shared.tell(f"building Python {name} into {os.path.relpath(place, ctx.root)}: some minutes")
        options = ["-q", f"--prefix={place}", "--disable-test-modules", *(["--disable-gil"] if name[-1] == "t" else [])]
        steps = (
            ["tar", "-xf", archive, "--strip-components=1"],
            ["./configure", *options],
            ["make", "-s", f"-j{ctx.jobs}"],
            ["make", "-s", "install"],
        )
        all(ctx.run(step, cwd=work).code == 0 for step in steps)
    shutil.rmtree(work, ignore_errors=True)


def _addresses(ctx: Context, place: str) -> list[str]:
    """Where a source may be had: a path is one below each archive that apt takes packages from."""
    if "://" in place:
        return [place]
    if not shutil.which("apt-get"):
        return []
    listed = ctx.run(["apt-get", "indextargets", "--format", "$(REPO_URI)"]).text
    return [base + place for base in dict.fromkeys(listed.split())]


def _download(address: str, digest: str, target: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer, open(target, "wb") as file:
            shutil.copyfileobj(answer, file)
    except OSError:
        return False
    with open(target, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest() == digest
