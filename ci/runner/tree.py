"""The project's files, as git sees them: tracked and untracked, not ignored."""

from __future__ import annotations

import os

from ci import policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable


def translate(pattern: str) -> str:
    """A glob as a regular expression: `*`, `?` and `[ab]` stay within a folder, `**` spans folders."""
    import re

    out = ""
    i = 0
    while i < len(pattern):
        if pattern.startswith("**/", i):
            out += "(?:.*/)?"
            i += 3
        elif pattern.startswith("**", i):
            out += ".*"
            i += 2
        else:
            special = {"*": "[^/]*", "?": "[^/]", "[": "[", "]": "]"}
            out += special.get(pattern[i]) or re.escape(pattern[i])
            i += 1
    return out


def matcher(patterns: Iterable[str]) -> re.Pattern[str]:
    import re

    return re.compile("|".join(f"(?:{translate(p)})" for p in patterns) or r"(?!)")


class Tree:
    """One checkout. Lists and reads each thing once, until it is told to forget."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._paths: list[str] | None = None
        self._texts: dict[str, str] = {}

    def paths(self) -> list[str]:
        paths = self._paths
        if paths is None:
            in_git = os.path.exists(os.path.join(self.root, ".git"))
            found = self._from_git() if in_git else self._from_disk()
            self._paths = paths = sorted(p for p in found if os.path.isfile(self.full(p)))
        return paths

    def forget(self) -> None:
        """After files have changed."""
        self._paths, self._texts = None, {}

    def _from_git(self) -> list[str]:
        from ci.runner.process import output

        listing = output(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], self.root)
        return sorted({path for path in listing.split("\0") if path})

    def _from_disk(self) -> list[str]:
        """An unpacked source archive: all that is there, but what the runner itself makes."""
        found = []
        for folder, folders, names in os.walk(self.root):
            here = os.path.relpath(folder, self.root)
            if here == ".":
                here = ""
                folders[:] = [name for name in folders if name not in policy.GENERATED]
            found += [os.path.join(here, name).replace(os.sep, "/") for name in names]
        return found

    def full(self, path: str) -> str:
        return os.path.join(self.root, path)

    def glob(self, *patterns: str, but: Iterable[str] = ()) -> list[str]:
        wanted, unwanted = matcher(patterns), matcher(but)
        return [p for p in self.paths() if wanted.fullmatch(p) and not unwanted.fullmatch(p)]

    def text(self, path: str) -> str:
        texts = self._texts
        if path not in texts:
            with open(self.full(path), encoding="utf-8", errors="replace") as file:
                texts[path] = file.read()
        return texts[path]


class View(Tree):
    """A gate's sight of a tree: the same, but it takes down what was looked at beyond the gate's inputs."""

    def __init__(self, tree: Tree, inputs: Iterable[str]) -> None:
        super().__init__(tree.root)
        self._tree = tree
        self._inputs = matcher(inputs)
        self.strays: set[str] = set()

    def _see(self, paths: Iterable[str]) -> None:
        self.strays.update(path for path in paths if not self._inputs.fullmatch(path))

    def paths(self) -> list[str]:
        found = self._tree.paths()
        self._see(found)
        return found

    def glob(self, *patterns: str, but: Iterable[str] = ()) -> list[str]:
        found = self._tree.glob(*patterns, but=but)
        self._see(found)
        return found

    def text(self, path: str) -> str:
        self._see([path])
        return self._tree.text(path)
