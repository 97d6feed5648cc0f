"""Private Python environments under build/env, made from hash-pinned requirements, kept while those stay."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Runner = Callable[[Sequence[str]], None]  # raises Unavailable when the command fails
    Teller = Callable[[str], None]


class Unavailable(Exception):
    """A tool cannot be had here; says why in a line."""


def interpreter() -> str:
    """The Python that runs this, seen through the environment that it may be in."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def requirements(root: str, name: str) -> str:
    return os.path.join(root, "ci", "requirements", f"{name}.txt")


def folder(root: str, name: str) -> str:
    return os.path.join(root, "build", "env", name)


def program(root: str, name: str, command: str) -> str:
    return os.path.join(folder(root, name), "bin", command)


def stamp(root: str, name: str) -> str:
    """What an environment was made from, word for word."""
    with open(requirements(root, name), encoding="utf-8") as file:
        return f"{interpreter()} {sys.version}\n{file.read()}"


def is_current(root: str, name: str) -> bool:
    try:
        with open(os.path.join(folder(root, name), "stamp"), encoding="utf-8") as file:
            return file.read() == _stamp_of(root, name)
    except OSError:
        return False


def _stamp_of(root: str, name: str) -> str:
    """What lies in an environment's stamp: its programs hold the path that they were installed to."""
    return f"{os.path.realpath(folder(root, name))}\n{stamp(root, name)}"


def forget(root: str, name: str) -> None:
    """Has an environment made again when it is next asked for."""
    with contextlib.suppress(FileNotFoundError):
        os.remove(os.path.join(folder(root, name), "stamp"))


def ensure(root: str, name: str, uv: Callable[[], str | None], run: Runner, tell: Teller) -> None:
    """Makes the environment unless it is there. Two runs at once: the second waits for the first."""
    if is_current(root, name):
        return
    from ci.tools.lock import locked, owner

    def waiting() -> None:
        tell(f"waits for another run, which prepares build/env/{name}")

    with locked(owner(root, "env"), f"env-{name}", waiting):
        if not is_current(root, name):
            tell(f"preparing build/env/{name} from ci/requirements/{name}.txt")
            _make(root, name, uv(), run)


def _make(root: str, name: str, uv: str | None, run: Runner) -> None:
    target = folder(root, name)
    shutil.rmtree(target, ignore_errors=True)
    create(target, uv, run)
    install(target, uv, ["--require-hashes", "-r", requirements(root, name)], run)
    text = _stamp_of(root, name)
    with open(os.path.join(target, "stamp.new"), "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(os.path.join(target, "stamp.new"), os.path.join(target, "stamp"))


def find_uv(root: str, run: Runner, tell: Teller) -> str | None:
    """uv from the PATH or, pinned, from the index; None where neither can be had: pip does the work then."""
    found = shutil.which("uv")
    if found:
        try:
            run([found, "pip", "install", "--help"])
            return found
        except Unavailable:
            pass
    try:
        ensure(root, "uv", lambda: None, run, tell)
    except Unavailable as error:
        tell(f"going on without uv ({error})")
        return None
    return program(root, "uv", "uv")


def create(target: str, uv: str | None, run: Runner) -> None:
    """An empty environment."""
    if uv:
        run([uv, "venv", "-q", "--python", interpreter(), target])
    else:
        run([interpreter(), "-m", "venv", target])


def install(target: str, uv: str | None, what: Sequence[str], run: Runner) -> None:
    python = os.path.join(target, "bin", "python")
    if uv:
        run([uv, "pip", "install", "-q", "--python", python, *what])
    else:
        run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *what])
