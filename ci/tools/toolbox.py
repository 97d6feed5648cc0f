"""The tools that gates ask for by name: where each comes from, and getting it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

from ci.runner.model import Skip
from ci.tools import environment, system
from ci.tools.environment import Unavailable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Tool -> the requirements it comes from. A program on the PATH does for those in OWN_VERSION, if new enough.
FROM_INDEX = {
    "clang-format": "lint",
    "clang-tidy": "lint",
    "ruff": "lint",
    "mypy": "lint",
    "basedpyright": "pyright",
    "cmake": "native",
    "ninja": "native",
    "scikit-build-core": "package",
    "abi3info": "abi",
    "act": "act",
    "check-jsonschema": "action",
    "cyclonedx": "sbom",
    "gcovr": "coverage",
    "shellcheck": "action",
    "zizmor": "action",
}
# Of these, what is a program; the rest is asked for through its environment's Python.
PROGRAMS = frozenset(
    {
        *("act", "basedpyright", "check-jsonschema", "clang-format", "clang-tidy", "cmake", "mypy", "ninja", "ruff"),
        *("shellcheck", "zizmor"),
    }
)
OWN_VERSION = {"cmake": (3, 25), "ninja": (1, 10)}


def own(tool: str) -> str | None:
    """The system's program of that name, when it is new enough."""
    found = shutil.which(tool)
    if found is None or tool not in OWN_VERSION:
        return None
    done = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
    digits = re.search(r"(\d+)\.(\d+)", done.stdout)
    return found if digits and tuple(map(int, digits.groups())) >= OWN_VERSION[tool] else None


class Toolbox:
    """Finds and gets tools for one checkout."""

    def __init__(self, root: str, run: environment.Runner, tell: environment.Teller) -> None:
        self.root = root
        self.run = run
        self.tell = tell
        self.lost: dict[str, str] = {}  # tool -> why it cannot be had
        self.paths: dict[str, str] = {}
        self._uv: str | None = None
        self._uv_known = False

    def provide(self, tools: Iterable[str]) -> None:
        """Gets what is missing: system packages first, since Python's venv may be one of them."""
        wanted = list(dict.fromkeys(tools))
        indexed = [tool for tool in wanted if tool in FROM_INDEX and not self._own(tool)]
        needs = [tool for tool in wanted if tool in system.PACKAGES]
        self._system(needs + (["venv"] if indexed and not self._ready(indexed) else []))
        for name in dict.fromkeys(FROM_INDEX[tool] for tool in indexed):
            try:
                environment.ensure(self.root, name, self.uv, self.run, self.tell)
            except Unavailable as error:
                for tool in indexed:
                    if FROM_INDEX[tool] == name:
                        self.lost[tool] = f"{tool} cannot be installed: {error}"

    def _own(self, tool: str) -> bool:
        found = own(tool)
        if found:
            self.paths[tool] = found
        return found is not None

    def _ready(self, tools: Sequence[str]) -> bool:
        return all(environment.is_current(self.root, FROM_INDEX[tool]) for tool in tools)

    def _system(self, needs: Sequence[str]) -> None:
        lacking = system.missing(needs)
        line = system.command(lacking)
        before = system.privilege() if line else None
        if lacking and line and before is not None:
            self.tell(f"installing system packages: {' '.join([*before, *line])}")
            try:
                if "apt-get" in line:
                    self.run([*before, "apt-get", "update", "-q"])
                self.run([*before, *line])
            except Unavailable as error:
                self.tell(f"that failed: {error}")
            lacking = system.missing(lacking)
        hint = f"; run: {' '.join(line)}" if line else ""
        for need in lacking:
            if need in system.FETCHED:
                if "cc" in lacking:
                    continue  # nobody could look for it
                self.tell(f"{need} is not installed: CMake will fetch it{hint}")
            else:
                way = "" if system.command([need]) else system.BY_HAND.get(need, "")
                self.lost[need] = f"{need} is missing{f': {way}' if way else hint}"

    def check(self, tools: Iterable[str]) -> None:
        """Raises Skip with the reason when one of these cannot be had."""
        for tool in tools:
            if tool in self.lost:
                raise Skip(self.lost[tool])

    def uv(self) -> str | None:
        """uv, or None where pip has to do."""
        if not self._uv_known:
            self._uv = environment.find_uv(self.root, self.run, self.tell)
            self._uv_known = True
        return self._uv

    def path(self, tool: str) -> str:
        if tool not in self.paths:
            self.paths[tool] = environment.program(self.root, FROM_INDEX[tool], tool)
        return self.paths[tool]

    def search_path(self, tools: Iterable[str]) -> str:
        """A PATH on which programs find these tools, too."""
        folders = [os.path.dirname(self.path(tool)) for tool in tools if tool in FROM_INDEX]
        return os.pathsep.join([*dict.fromkeys(folders), os.environ.get("PATH", os.defpath)])
