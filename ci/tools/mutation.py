"""Tries mutants: each in a copy of the tree that is built with sanitizers, against the C tests."""

from __future__ import annotations

import json
import os
import re

from ci import policy
from ci.runner.model import Broken, Finding
from ci.tools import environment, native
from ci.tools.mutants import Mutant, of_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ci.runner.context import Context

PRESET = "asan"
INPUTS = ("CMakeLists.txt", "CMakePresets.json", "VERSION", "cmake/**", "libs/**", "tests/data/**")
KILLED, SURVIVED, STILLBORN = "killed", "survived", "did not compile"


def candidates(ctx: Context, names: Sequence[str]) -> list[Mutant]:
    """The mutants of core's sources, or of those units that are named."""
    found = []
    for path in ctx.tree.glob(*policy.MUTATED):
        if not names or os.path.basename(path)[:-2] in names:
            found += of_file(path, ctx.tree.text(path))
    return found


class Copy:
    """A built copy of the tree, in which one mutant at a time lives."""

    def __init__(self, ctx: Context, root: str) -> None:
        self.ctx = ctx
        self.root = root
        self.build = os.path.join(root, "build", PRESET)
        self.tests: list[str] = []

    def refresh(self) -> None:
        """Brings what is built from up to date, touching only what differs."""
        for path in self.ctx.tree.glob(*INPUTS):
            target = os.path.join(self.root, path)
            with open(self.ctx.path(path), "rb") as file:
                content = file.read()
            if os.path.exists(target):
                with open(target, "rb") as file:
                    if file.read() == content:
                        continue
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "wb") as file:
                file.write(content)

    def make(self) -> None:
        """Configures and builds what is not mutated; its tests have to pass."""
        cmake, env = self.ctx.tool("cmake"), native.environ(self.ctx)
        python = f"-DPython_EXECUTABLE={environment.interpreter()}"
        options = [python, "-DTPL_WERROR=OFF", "-DTPL_BUILD_PYTHON=OFF"]
        self.ctx.must([cmake, "--preset", PRESET, *options], cwd=self.root, env=env)
        self.ctx.must([self.ctx.tool("ninja"), "-C", self.build], env=env)
        listed = self.ctx.must([self._ctest(), "--test-dir", self.build, "--show-only=json-v1"])
        self.tests = [test["name"] for test in json.loads(listed)["tests"]]
        if not self._pass(
            self.tests, "--repeat", "until-pass:3"
        ):  # two copies at once may be late for a test of timing
            raise Broken([Finding("tests fail before any mutation (./ci.sh sanitize)")])

    def judge(self, mutant: Mutant) -> str:
        """What the tests say: those of its own unit, then all others."""
        path = os.path.join(self.root, mutant.path)
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
        try:
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(mutant.applied(text))
            return self._judge(os.path.basename(mutant.path)[:-2])
        finally:
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(text)

    def _judge(self, unit: str) -> str:
        near = related(unit, self.tests)
        if not self._builds([f"test_{name}" for name in near] or ["libs/core/libtpl_core.a"]):
            return STILLBORN
        if near and not self._pass(near):
            return KILLED
        if not self._builds(["all"]):
            return STILLBORN
        return SURVIVED if self._pass([name for name in self.tests if name not in near]) else KILLED

    def _builds(self, targets: Sequence[str]) -> bool:
        argv = [self.ctx.tool("ninja"), "-C", self.build, "-j1", *targets]
        return self.ctx.run(argv, env=native.environ(self.ctx)).code == 0

    def _pass(self, names: Sequence[str], *more: str) -> bool:
        pattern = "^(" + "|".join(map(re.escape, names)) + ")$"
        argv = [self._ctest(), "--test-dir", self.build, "--stop-on-failure", "-R", pattern, *more]
        return self.ctx.run([*argv, "--timeout", str(policy.MUTANT_SECONDS)]).code == 0

    def _ctest(self) -> str:
        return os.path.join(os.path.dirname(self.ctx.tool("cmake")), "ctest")


def related(unit: str, tests: Sequence[str]) -> list[str]:
    """Its own test; else that of the longest name which its own begins with."""
    same = [name for name in tests if unit == name or unit.startswith(f"{name}_")]
    return sorted(same, key=len)[-1:]


def run(ctx: Context, mutants: Sequence[Mutant]) -> dict[Mutant, str]:
    """Each mutant's fate. A worker a job, each with a copy of the tree."""
    from concurrent.futures import ThreadPoolExecutor
    from queue import SimpleQueue

    copies: SimpleQueue[Copy] = SimpleQueue()

    def prepare(number: int) -> None:
        copy = Copy(ctx, ctx.path("build", "mutation", str(number)))
        copy.refresh()
        copy.make()
        copies.put(copy)

    def judge(mutant: Mutant) -> str:
        copy = copies.get()
        try:
            return copy.judge(mutant)
        finally:
            copies.put(copy)

    with ThreadPoolExecutor(ctx.jobs) as pool:
        list(pool.map(prepare, range(ctx.jobs)))
        return dict(zip(mutants, pool.map(judge, mutants)))


def judged(ctx: Context, fates: Mapping[Mutant, str], seed: int) -> list[Finding]:
    """The survivors, when there are too many; they are in build/ci/mutation/survivors.txt either way."""
    killed, alive, stillborn = (
        [m for m, fate in fates.items() if fate == end] for end in (KILLED, SURVIVED, STILLBORN)
    )
    built = len(killed) + len(alive)
    share = 100 * len(killed) / max(built, 1)
    found = [Finding(f"no test notices {mutant}", mutant.path, mutant.line) for mutant in alive]
    with open(os.path.join(ctx.scratch("mutation"), "survivors.txt"), "w", encoding="utf-8") as file:
        file.writelines(f"{finding}\n" for finding in found)
    if 100 * built < policy.MUTANTS_BUILT * len(fates):  # the tests were hardly asked
        words = f"{built} of {len(fates)} mutants compile, at least {policy.MUTANTS_BUILT} % must: not {stillborn[0]}"
        return [Finding(words, stillborn[0].path, stillborn[0].line)]
    ctx.note(f"{len(killed)} of {built} mutants killed ({share:.1f} %), seed {seed}")
    return found if share < policy.MUTANTS_KILLED else []
