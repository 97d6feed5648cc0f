"""Passes that are kept: an answer holds as long as all that it was made from is the same, to the byte."""

from __future__ import annotations

import os
import stat
import sys
import time

from ci import policy
from ci.runner.changed import reads
from ci.runner.model import PASSED
from ci.runner.process import program
from ci.runner.tree import Tree

try:
    from _blake2 import blake2b  # hashlib would load OpenSSL for it
except ImportError:
    from hashlib import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ci.runner.model import Gate, Result

# What an answer hangs on beside files of the tree: the environment,
KEYED_ENVIRONMENT = (
    r"(?:AR|CC|CPATH|CXX|HOME|LANG|LANGUAGE|TMPDIR|TZ|SOURCE_DATE_EPOCH|\w+FLAGS|\w+_OPTS|\w*PATH|\w+_(?:proxy|PROXY))"
    r"|(?:[AULMT]SAN|CMAKE|CTEST|DYLD|GCC|GIT|GO|HYPOTHESIS|LC|LD|MYPY|NINJA|PIP|PKG_CONFIG|PYTEST|PYTHON|QEMU|RUFF"
    r"|SKBUILD|UV|XDG)_?\w*"
)
# programs as they are found,
KEYED_PROGRAMS = ("cc", "gcc", "clang", "c++", "g++", "clang++", "cmake", "ninja", "git", "uv", "sh")
# and whatever the system's package managers installed (a change of their records is a change of all).
PACKAGE_DATABASES = (
    "/var/lib/dpkg/status",
    "/lib/apk/db/installed",
    "/var/lib/rpm/rpmdb.sqlite",
    "/usr/lib/sysimage/rpm/rpmdb.sqlite",
    "/opt/homebrew/Cellar",
    "/usr/local/Cellar",
)

SCHEMA = "1"  # of keys and of records; another one starts anew


class Pass:
    """A gate passed: when, and what it noted."""

    def __init__(self, at: float, note: str) -> None:
        self.at = at
        self.note = note

    def __str__(self) -> str:
        now, then = time.localtime(), time.localtime(self.at)
        form = "%H:%M:%S" if now[:3] == then[:3] else "%Y-%m-%d %H:%M"
        return "; ".join(filter(None, [f"unchanged since it passed at {time.strftime(form, then)}", self.note]))


class Snapshot:
    """The content of a tree at one time, and what else an answer hangs on, as keys of gates."""

    def __init__(self, root: str, gates: Mapping[str, Gate], args: Mapping[str, Sequence[str]]) -> None:
        self.tree = Tree(root)
        self.gates = gates
        self.args = args
        self._surroundings = "\n".join(surroundings())
        self._files: dict[str, tuple[str, tuple[int, ...]]] = {}
        self._keys: dict[str, tuple[str, tuple[object, ...]]] = {}

    def key(self, name: str) -> str:
        return self._know(name)[0]

    def same(self, other: Snapshot, name: str) -> bool:
        """Not only of the same content: nobody wrote to a file in between and put back what was there."""
        return self._know(name) == other._know(name)

    def _know(self, name: str) -> tuple[str, tuple[object, ...]]:
        if name not in self._keys:
            gate = self.gates[name]
            needs = [self._know(need) for need in gate.needs]
            paths = self.tree.glob(*reads(gate))
            files = [(path, *self._file(path)) for path in paths]
            words = [SCHEMA, name, repr(list(self.args.get(name, ()))), self._surroundings]
            words += map(where, gate.tools)
            words += [key for key, _ in needs] + [f"{path} {digest}" for path, digest, _ in files]
            digest = blake2b("\0".join(words).encode("utf-8", "surrogateescape"), digest_size=32).hexdigest()
            self._keys[name] = digest, (*(times for _, times in needs), *(times for _, _, times in files))
        return self._keys[name]

    def _file(self, path: str) -> tuple[str, tuple[int, ...]]:
        if path not in self._files:
            try:
                self._files[path] = read(self.tree.full(path))
            except OSError:  # gone since it was listed, or closed to us: like nothing else
                self._files[path] = os.urandom(16).hex(), ()
        return self._files[path]


def read(path: str) -> tuple[str, tuple[int, ...]]:
    """What a file is, and when it became so."""
    with open(path, "rb") as file:
        status = os.fstat(file.fileno())
        digest = blake2b(file.read(), digest_size=32).hexdigest()
    mode = stat.S_IMODE(status.st_mode) & 0o111
    return f"{mode:o} {digest}", (status.st_dev, status.st_ino, status.st_ctime_ns, status.st_mtime_ns)


def surroundings() -> Iterable[str]:
    """What is no file of the tree: Python, the system's packages and programs, the machine, the environment."""
    import re

    yield f"{sys.version} {sys.executable} {identity(sys.executable)}"
    yield " ".join(os.uname()[:1] + os.uname()[4:]) + f" {os.geteuid() if hasattr(os, 'geteuid') else 0}"
    yield from map(where, KEYED_PROGRAMS + tuple(os.environ.get("CC", "").split()[:1]))
    for path in PACKAGE_DATABASES:
        yield f"{path} {identity(path)}"
    for name in sorted(os.environ):
        if re.fullmatch(KEYED_ENVIRONMENT, name):
            yield f"{name}={os.environ[name]}"


def where(name: str) -> str:
    """Which program a name stands for, if any."""
    try:
        return f"{name} {identity(program(name, os.environ))}"
    except OSError:
        return f"{name} is not there"


def identity(path: str) -> str:
    try:
        status = os.stat(path)
    except OSError:
        return "absent"
    return f"{os.path.realpath(path)} {status.st_ino} {status.st_size} {status.st_mtime_ns}"


class Store:
    """The passes of one checkout: a file a gate, a line a pass, the newest last."""

    def __init__(self, root: str) -> None:
        self.folder = os.path.join(root, "build", "ci", "kept")

    def find(self, name: str, key: str) -> Pass | None:
        for line in self._lines(name):
            words = line.split(" ", 3)
            if words[:2] == [SCHEMA, key] and len(words) == 4:
                try:
                    return Pass(float(words[2]), words[3].rstrip("\n"))
                except ValueError:
                    return None  # not a line that we wrote
        return None

    def put(self, name: str, key: str, note: str) -> None:
        line = f"{SCHEMA} {key} {time.time():.3f} {' '.join(note.split())}\n"
        others = [other for other in self._lines(name) if other.split(" ", 2)[1:2] != [key]]
        os.makedirs(self.folder, exist_ok=True)
        path = os.path.join(self.folder, name)
        new = f"{path}.{os.getpid()}"
        with open(new, "w", encoding="utf-8") as file:
            file.writelines([*others, line][-policy.KEPT_PASSES :])
        os.replace(new, path)

    def _lines(self, name: str) -> list[str]:
        try:
            with open(os.path.join(self.folder, name), encoding="utf-8") as file:
                return [line for line in file if line.endswith("\n")]  # else somebody was cut short
        except (OSError, ValueError):
            return []


class Kept:
    """The kept passes that answer for gates of this run, and the new ones that it makes."""

    def __init__(self, root: str, gates: Mapping[str, Gate], args: Mapping[str, Sequence[str]]) -> None:
        self.root = root
        self.store = Store(root)
        self.before = Snapshot(root, gates, args)
        self.names = [name for name in gates if self._may_keep(name)]
        for name in self.names:
            self.before.key(name)

    def reasons(self) -> dict[str, str]:
        """The gates that need no answer, and why."""
        found = {}
        for name in self.names:
            kept = self.store.find(name, self.before.key(name))
            if kept is not None:
                found[name] = str(kept)
        return found

    def _may_keep(self, name: str) -> bool:
        """A gate that needs one whose answer hangs on more than files does so itself."""
        gate = self.before.gates[name]
        return not gate.always and all(self._may_keep(need) for need in gate.needs)

    def keep(self, results: Iterable[Result]) -> None:
        """Takes down what has passed, if the tree has been the same throughout."""
        passed = [result for result in results if result.status == PASSED and result.name in self.names]
        after = Snapshot(self.root, self.before.gates, self.before.args)
        for result in passed:
            if self.before.same(after, result.name):
                self.store.put(result.name, after.key(result.name), result.reason)
