"""The Python tests on another interpreter: an environment, the module built there from this tree, and pytest."""

from __future__ import annotations

import os
import re
import shutil

from ci import pythons
from ci.runner.model import Finding
from ci.tools import environment, native, pytests, wheel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from ci.runner.context import Context
    from ci.tools.interpreters import Interpreter

BUILD = """
import os, sys, scikit_build_core.build as b
os.makedirs(sys.argv[1], exist_ok=True)
print(b.build_wheel(sys.argv[1], {"build-dir": sys.argv[2]}))
"""


class Suite:
    """One interpreter's folder: environment, build, wheel."""

    def __init__(self, ctx: Context, interpreter: Interpreter) -> None:
        self.ctx = ctx
        self.on = interpreter
        self.folder = ctx.path("build", "suites", interpreter.name)
        self.python = os.path.join(self.folder, "env", "bin", "python")
        self.rooted = bool(interpreter.before)  # then our own tools are not to be seen
        self.failed: list[Finding] = []

    def run(self, words: Sequence[str]) -> list[Finding]:
        """What is wrong on this interpreter."""
        steps = (self._environment, self._build, lambda: self._tests(words), self._portable)
        for step in steps:
            if not step():
                break
        return [Finding(f"{self.on.name}: {f.message}", f.path, f.line, f.details) for f in self.failed]

    def _ran(self, argv: Sequence[str]) -> bool:
        """Runs a command that has to succeed."""
        env = {} if self.rooted else native.environ(self.ctx)
        done = self.ctx.run([*self.on.before, *argv], env={**env, "PYTHONPYCACHEPREFIX": ""})
        if done.code:
            self.failed.append(self.ctx.failure(done))
        return done.code == 0

    def _requirements(self) -> list[str]:
        """The files of what goes into the environment: what the tests need, and what builds."""
        tests = "free" if self._free() else "test"
        names = ("package", tests, *(["native"] if self.rooted else []))
        return [environment.requirements(self.ctx.root, name) for name in names]

    def _environment(self) -> bool:
        """Made again only when it would be another."""
        stamp, text = os.path.join(self.folder, "stamp"), f"{self.on.version} {self.on.program}\n"
        for path in self._requirements():
            with open(path, encoding="utf-8") as file:
                text += file.read()
        try:
            with open(stamp, encoding="utf-8") as file:
                if file.read() == text:
                    return True
        except OSError:
            pass
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        env, uv = os.path.join(self.folder, "env"), self._uv()
        make = [uv, "venv", "-q", "--seed", "--python", self.on.program] if uv else [self.on.program, "-m", "venv"]
        pinned = [word for path in self._requirements() for word in ("-r", path)]
        if not self._ran([*make, env]) or not self._ran([*self._pip(), "--require-hashes", *pinned]):
            return False
        with open(stamp, "w", encoding="utf-8") as file:
            file.write(text)
        return True

    def _free(self) -> bool:
        """Whether it goes without a GIL."""
        return self.on.name.endswith("t")

    def _uv(self) -> str | None:
        return None if self.rooted else self.ctx.toolbox.uv()

    def _pip(self) -> list[str]:
        uv = self._uv()
        if uv:
            return [uv, "pip", "install", "-q", "--python", self.python]
        return [self.python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]

    def _build(self) -> bool:
        """The wheel of this tree by this interpreter and its headers, installed."""
        made = os.path.join(self.folder, "wheel")
        shutil.rmtree(made, ignore_errors=True)
        if not self._ran([self.python, "-c", BUILD, made, os.path.join(self.folder, "build")]):
            return False
        (name,) = os.listdir(made)
        return self._install(os.path.join(made, name))

    def _install(self, path: str) -> bool:
        return self._ran([*self._pip(), "--force-reinstall", "--no-deps", "--no-index", path])

    def _tests(self, words: Sequence[str]) -> bool:
        without = [f"--ignore-glob={path}" for path in pythons.SUITE_WITHOUT]
        if self._free():
            without += [f"--deselect=tests/test_types.py::{name}" for name in pythons.FREE_WITHOUT]
        argv = [*self.on.before, self.python, *pytests.BASE, "-m", pythons.SUITE_MARKS, *without, *words]
        found = pytests.read(self.ctx, self.ctx.run(argv, env={"COLUMNS": "200", "PYTHONPYCACHEPREFIX": ""}))
        self.failed += found
        return not found

    def _portable(self) -> bool:
        """Where the wheel that ships is for this interpreter, too, it works as well as one of its own."""
        shipped = wheel.built(self.ctx)
        tag = re.search(r"-cp3(\d+)-abi3-", shipped)
        if tag is None or self._free() or int(self.on.name.partition(".")[2]) < int(tag[1]):
            return True
        return self._install(shipped) and self._tests(["tests/test_types.py", "tests/test_signatures.py"])
