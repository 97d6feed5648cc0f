"""For pytest: which files a test changes, and whether a tree is what a stored manifest says.

    def test_the_build(tmp_path, watch_tree, check_manifest):
        sources = watch_tree("src")
        (tmp_path / "out").write_text("made")
        sources.assert_unchanged()
        check_manifest(tmp_path)  # manifests/test_build/test_the_build.json, written by --update-manifests

    @pytest.mark.tree_unchanged("data", exclude=["**/*.log"])
    def test_that_only_reads(): ...

Trees are compared by their files' paths and contents; times do not count. A relative path is one beside the test's file.
pytest finds the plugin by itself; the native module is loaded when the first tree is looked at.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from weakref import WeakKeyDictionary

import pytest

import template_pkg as tp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

__all__ = ["ManifestCheck", "TreeWatch"]

WRITTEN = "manifest written"
SHOWN = 30  # changes that a failure names


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("template_pkg", "manifests of directory trees")
    group.addoption(
        "--update-manifests",
        action="store_true",
        help="write the manifests that check_manifest compares with, instead of comparing",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "tree_unchanged(*paths, include=None, exclude=None): the test fails if it changes a file of these trees",
    )


class _Tree:
    """What a tree held at one moment; nothing, where a manifest would be empty."""

    def __init__(self, manifest: tp.Manifest | None) -> None:
        self.manifest = manifest

    @classmethod
    def of(cls, root: Path, include: Iterable[str] | None, exclude: Iterable[str] | None) -> _Tree:
        try:
            return cls(tp.snapshot(root, include=include, exclude=exclude))
        except tp.ManifestError as error:
            if error.status != "E_EMPTY":
                raise
            return cls(None)

    def paths(self) -> tuple[str, ...]:
        return tuple(entry.path for entry in self.manifest or ())

    def size(self, path: str) -> int:
        assert self.manifest is not None
        return self.manifest[path].size


class _Changes:
    """What became of a tree."""

    def __init__(self, old: _Tree, new: _Tree) -> None:
        self.old, self.now = old, new
        if old.manifest is None or new.manifest is None:
            self.new, self.deleted = new.paths(), old.paths()
            self.modified: tuple[str, ...] = ()
        else:
            diff = tp.diff(old.manifest, new.manifest)
            self.new, self.modified, self.deleted = diff.new, diff.modified, diff.deleted

    def __bool__(self) -> bool:
        return bool(self.new or self.modified or self.deleted)

    def counts(self) -> str:
        return f"{len(self.new)} new, {len(self.modified)} modified, {len(self.deleted)} deleted"

    def _lines(self) -> Iterator[str]:
        for path in self.new:
            yield f"A {_shown(path)} ({self.now.size(path)} bytes)"
        for path in self.modified:
            old, new = self.old.size(path), self.now.size(path)
            yield f"M {_shown(path)} ({old} -> {new} bytes)" if old != new else f"M {_shown(path)} ({new} bytes)"
        for path in self.deleted:
            yield f"D {_shown(path)} ({self.old.size(path)} bytes)"

    def lines(self) -> list[str]:
        lines = list(self._lines())
        more = len(lines) - SHOWN
        return lines if more <= 0 else [*lines[:SHOWN], f"... and {more} more"]


def _shown(path: str) -> str:
    return path if path.isprintable() else ascii(path)


def _message(first: str, lines: Iterable[str], last: str = "") -> str:
    return "\n".join([first, *(f"  {line}" for line in lines), *([last] if last else [])])


class TreeWatch:
    """A tree as it was when the watch began; the fixture `watch_tree` makes it."""

    def __init__(
        self,
        root: str | os.PathLike[str],
        *,
        include: Iterable[str] | None = None,
        exclude: Iterable[str] | None = None,
    ) -> None:
        self.root: Path = Path(root)
        self._filters = tuple(None if given is None else list(given) for given in (include, exclude))
        self._begin = self._tree()

    def _tree(self) -> _Tree:
        return _Tree.of(self.root, *self._filters)

    def _changes(self) -> _Changes:
        return _Changes(self._begin, self._tree())

    def fault(self) -> str:
        """Which files are new, modified or deleted since the watch began; empty when none is."""
        changes = self._changes()
        return _message(f"tree {self.root} has changed: {changes.counts()}", changes.lines()) if changes else ""

    def assert_unchanged(self) -> None:
        """Fails when a file is new, modified or deleted since the watch began."""
        __tracebackhide__ = True
        fault = self.fault()
        if fault:
            raise AssertionError(fault)

    def assert_changed(
        self,
        *,
        new: Iterable[str] | None = None,
        modified: Iterable[str] | None = None,
        deleted: Iterable[str] | None = None,
    ) -> None:
        """Fails when nothing has changed since; and when paths are given, unless exactly these have, of each kind."""
        __tracebackhide__ = True
        changes = self._changes()
        given = {"new": new, "modified": modified, "deleted": deleted}
        if all(paths is None for paths in given.values()):
            if not changes:
                raise AssertionError(f"tree {self.root} has not changed")
            return
        lines: list[str] = []
        for kind, paths in given.items():
            wanted, found = set(paths or ()), set(getattr(changes, kind))
            lines += [f"{_shown(path)} is not {kind}" for path in sorted(wanted - found)]
            lines += [f"{_shown(path)} is {kind}, too" for path in sorted(found - wanted)]
        if lines:
            raise AssertionError(_message(f"tree {self.root} has changed in another way: {changes.counts()}", lines))


class ManifestCheck:
    """Compares trees with stored manifests; the fixture `check_manifest` is one."""

    def __init__(self, node: pytest.Item) -> None:
        self._node = node
        self._update = bool(node.config.getoption("update_manifests"))

    def path(self, name: str | os.PathLike[str] | None = None) -> Path:
        """Where the manifest is: manifests/MODULE/TEST.json beside the test's file, NAME.json there, or a pathlib.Path.

        TEST is the test's name behind those of its classes: test_a, TestB.test_a, test_a-x for test_a[x]. Where that takes
        another spelling, as for test_a[x/y], it ends in a hash.
        """
        if isinstance(name, os.PathLike):
            return _beside(self._node, name)
        own = _own_name(self._node) if name is None else name
        return self._node.path.parent / "manifests" / self._node.path.stem / f"{own}.json"

    def __call__(
        self,
        root: str | os.PathLike[str],
        name: str | os.PathLike[str] | None = None,
        *,
        include: Iterable[str] | None = None,
        exclude: Iterable[str] | None = None,
    ) -> None:
        """Fails unless the tree has the paths and contents that the stored manifest says."""
        __tracebackhide__ = True
        root, path = _beside(self._node, root), self.path(name)
        shown = os.path.relpath(path, self._node.config.rootpath)
        now = _Tree.of(root, include, exclude)
        stored = _Tree(tp.Manifest.from_path(path) if path.exists() else None)
        changes = _Changes(stored, now)
        if now.manifest is None:
            raise AssertionError(f"tree {root} has no files, and no manifest can say so")
        if not changes:
            return
        if self._update:
            path.parent.mkdir(parents=True, exist_ok=True)
            _timeless(now.manifest).save(path)
            self._node.user_properties.append((WRITTEN, shown))
            return
        if stored.manifest is None:
            first = f"there is no {shown} to compare tree {root} with"
        else:
            first = f"tree {root} is not what {shown} says: {changes.counts()}"
        raise AssertionError(_message(first, changes.lines(), "to take it as it is: pytest --update-manifests"))


def _own_name(node: pytest.Item) -> str:
    """A file's name that no other test of the module has."""
    classes = [each.name for each in node.listchain() if isinstance(each, pytest.Class)]
    full = ".".join([*classes, node.name])
    plain = re.sub(r"\[([\w.=-]+)\]$", r"-\1", full)
    if re.fullmatch(r"[\w.=-]{1,100}", plain):
        return plain
    shown = re.sub(r"[^\w.=-]+", "-", full).strip("-")[:100]
    return f"{shown}-{tp.hash_bytes(full.encode('utf-8', 'surrogatepass'))[:8]}"


def _timeless(manifest: tp.Manifest) -> tp.Manifest:
    """The same with every time 0, so that equal trees give equal files."""
    document = json.loads(manifest.encode())
    for entry in document["paths"]:
        entry["mtime"] = 0
    return tp.decode_manifest(json.dumps(document))


def _beside(node: pytest.Item, path: str | os.PathLike[str]) -> Path:
    return node.path.parent / path


@pytest.fixture
def watch_tree(request: pytest.FixtureRequest) -> Callable[..., TreeWatch]:
    """watch_tree(root, *, include=None, exclude=None): a TreeWatch, which asserts what has changed since."""

    def watch(root: str | os.PathLike[str], **filters: Any) -> TreeWatch:
        return TreeWatch(_beside(request.node, root), **filters)

    return watch


@pytest.fixture
def check_manifest(request: pytest.FixtureRequest) -> ManifestCheck:
    """check_manifest(root, name=None, *, include=None, exclude=None): the tree is what a stored manifest says."""
    return ManifestCheck(request.node)


_WATCHES: WeakKeyDictionary[pytest.Item, list[TreeWatch]] = WeakKeyDictionary()


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """The fixtures are ready: what they did does not count."""
    watches: list[TreeWatch] = []
    for marker in item.iter_markers("tree_unchanged"):
        if not marker.args:
            pytest.fail("tree_unchanged needs the path of a tree", pytrace=False)
        watches += [TreeWatch(_beside(item, path), **marker.kwargs) for path in marker.args]
    if watches:
        _WATCHES[item] = watches


@pytest.hookimpl(trylast=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Comes behind the test, and not at all when that has failed."""
    for watch in _WATCHES.pop(item, ()):
        fault = watch.fault()
        if fault:
            pytest.fail(fault, pytrace=False)


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    if op != "==" or "template_pkg._native" not in sys.modules:
        return None
    if not (isinstance(left, tp.Manifest) and isinstance(right, tp.Manifest)):
        return None
    changes = _Changes(_Tree(left), _Tree(right))
    return [f"{left!r} == {right!r}: {changes.counts()}", *(changes.lines() or ["only times or totals differ"])]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    found = (getattr(report, "user_properties", ()) for report in reports if getattr(report, "when", "") == "call")
    written = sorted({str(value) for properties in found for name, value in properties if name == WRITTEN})
    if written:
        terminalreporter.section("manifests written")
        for path in written:
            terminalreporter.line(path)
