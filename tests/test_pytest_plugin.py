"""template_pkg.pytest_plugin, by pytest in a process of its own."""

import importlib.metadata
import inspect
import json
import re
import sys
import textwrap
from pathlib import Path

import pytest

import template_pkg as tp
from template_pkg import pytest_plugin

TREE = """
    import os, pytest

    @pytest.fixture
    def root(tmp_path):
        (tmp_path / "sub").mkdir()
        (tmp_path / "a.txt").write_text("one")
        (tmp_path / "sub" / "b.txt").write_text("two")
        return tmp_path
"""


@pytest.fixture
def outcome(pytester, monkeypatch):
    """A function from the text of a test module and options to pytest's counts and output."""
    for name in ("CI", "BUILD_NUMBER"):  # with one of them, pytest repeats whole messages at the end
        monkeypatch.delenv(name, raising=False)

    def run(text, *options, **counts):
        pytester.makeconftest(TREE)
        pytester.makepyfile(test_it=text)
        result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:hypothesispytest", *options)
        result.assert_outcomes(**counts)
        return result

    return run


def test_pytest_finds_the_plugin_by_itself(pytester):
    points = importlib.metadata.distribution("template-pkg").entry_points
    assert [point.value for point in points if point.group == "pytest11"] == ["template_pkg.pytest_plugin"]
    helped = pytester.runpytest_subprocess("--help", "--markers", "--fixtures")
    helped.stdout.fnmatch_lines(["*--update-manifests*"])
    pytester.runpytest_subprocess("--markers").stdout.fnmatch_lines(["*tree_unchanged(*paths, include=None*"])


def test_a_watch_sees_what_changed(outcome):
    outcome(
        """
        import pytest

        def test_changes(root, watch_tree):
            watch = watch_tree(root)
            watch.assert_unchanged()
            with pytest.raises(AssertionError, match="has not changed"):
                watch.assert_changed()
            (root / "a.txt").write_text("ONE")
            (root / "c").write_text("three")
            (root / "sub" / "b.txt").unlink()
            watch.assert_changed()
            watch.assert_changed(new=["c"], modified=["a.txt"], deleted=["sub/b.txt"])
            with pytest.raises(AssertionError) as caught:
                watch.assert_changed(new=["c", "d"], modified=["a.txt"])
            assert str(caught.value).splitlines() == [
                f"tree {root} has changed in another way: 1 new, 1 modified, 1 deleted",
                "  d is not new",
                "  sub/b.txt is deleted, too",
            ]

        def test_filters_and_empty_trees(root, watch_tree):
            watch = watch_tree(root, include=["**/*.txt"], exclude=["sub/**"])
            (root / "c").write_text("three")
            (root / "sub" / "b.txt").write_text("TWO")
            watch.assert_unchanged()
            (root / "a.txt").unlink()
            watch.assert_changed(deleted=["a.txt"])

        def test_times_do_not_count(root, watch_tree):
            import os
            watch = watch_tree(root)
            os.utime(root / "a.txt", (1, 1))
            watch.assert_unchanged()

        def test_a_tree_that_is_not_there(root, watch_tree):
            with pytest.raises(FileNotFoundError):
                watch_tree(root / "none")
        """,
        passed=4,
    )


def test_a_failure_names_what_changed(outcome):
    result = outcome(
        r"""
        def test_reads_only(root, watch_tree):
            watch = watch_tree(root)
            (root / "a.txt").write_text("longer")
            (root / "new\nline").write_text("")
            (root / "sub" / "b.txt").unlink()
            watch.assert_unchanged()
        """,
        failed=1,
    )
    result.stdout.fnmatch_lines(
        [
            ">*watch.assert_unchanged()",
            "E*AssertionError: tree */test_reads_only0 has changed: 1 new, 1 modified, 1 deleted",
            "E*   A 'new\\nline' (0 bytes)",
            "E*   M a.txt (3 -> 6 bytes)",
            "E*   D sub/b.txt (3 bytes)",
        ]
    )
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_the_marker_watches_trees_beside_the_test(outcome, pytester):
    data = pytester.mkdir("data")
    (data / "kept").write_text("x")
    result = outcome(
        """
        import os, pathlib, pytest

        @pytest.fixture
        def data():
            path = pathlib.Path(__file__).parent / "data"
            (path / "of-the-fixture").write_text("x")
            return path

        @pytest.mark.tree_unchanged("data")
        def test_reads(data):
            (data / "kept").read_text()

        @pytest.mark.tree_unchanged("data", exclude=["*.log"])
        def test_logs(data):
            (data / "x.log").write_text("x")

        @pytest.mark.tree_unchanged("data")
        def test_writes(data):
            (data / "kept").write_text("y")

        @pytest.mark.tree_unchanged("data")
        def test_fails_by_itself(data):
            (data / "kept").write_text("z")
            assert False, "of its own"

        @pytest.mark.tree_unchanged
        def test_names_no_tree():
            pass
        """,
        passed=2,
        failed=2,
        errors=1,
    )
    result.stdout.fnmatch_lines(
        [
            "tree_unchanged needs the path of a tree",
            "tree */data has changed: 0 new, 1 modified, 0 deleted",
            "  M kept (1 bytes)",
            "*AssertionError: of its own",
        ]
    )
    assert result.stdout.str().count("  M kept (") == 1


CHECK = """
    import pytest

    @pytest.mark.parametrize("case", ["a/b", "c"])
    def test_builds(root, check_manifest, case):
        (root / "case").write_text(case)
        check_manifest(root)
        check_manifest(root, "texts", include=["**/*.txt"])
"""


def test_a_stored_manifest_is_written_and_then_compared_with(outcome, pytester):
    result = outcome(CHECK, failed=2)
    result.stdout.fnmatch_lines(
        [
            "E*there is no manifests/test_it/test_builds-a-b-????????.json to compare tree * with",
            "E*   A a.txt (3 bytes)",
            "E*to take it as it is: pytest --update-manifests",
        ]
    )
    result = outcome(CHECK, "--update-manifests", passed=2)
    names = [f"test_builds-a-b-{tp.hash_bytes(b'test_builds[a/b]')[:8]}", "test_builds-c", "texts"]
    result.stdout.fnmatch_lines(["*manifests written*", *(f"manifests/test_it/{name}.json" for name in names)])
    folder = pytester.path / "manifests" / "test_it"
    assert sorted(path.name for path in folder.iterdir()) == [f"{name}.json" for name in names]
    written = {path: path.read_bytes() for path in folder.iterdir()}
    stored = tp.Manifest.from_path(folder / "test_builds-c.json")
    assert [(entry.path, entry.mtime) for entry in stored] == [("a.txt", 0), ("case", 0), ("sub/b.txt", 0)]
    outcome(CHECK, passed=2)
    again = outcome(CHECK, "--update-manifests", passed=2)
    again.stdout.no_fnmatch_line("*manifests written*")
    assert {path: path.read_bytes() for path in folder.iterdir()} == written


ALIKE = """
    import pytest

    def check(root, check_manifest, text):
        (root / "case").write_text(text)
        check_manifest(root)

    def test_it(root, check_manifest):
        check(root, check_manifest, "of no class")

    class TestA:
        def test_it(self, root, check_manifest):
            check(root, check_manifest, "of A")

        class TestB:
            def test_it(self, root, check_manifest):
                check(root, check_manifest, "of A and B")

    class TestB:
        def test_it(self, root, check_manifest):
            check(root, check_manifest, "of B")

    @pytest.mark.parametrize("case", ["a/b", "a-b", "a b", "-a-b", "a[b]", "x" * 300, "x" * 301])
    def test_cases(root, check_manifest, case):
        check(root, check_manifest, case)
"""


def test_no_two_tests_have_the_same_manifest(outcome, pytester):
    outcome(ALIKE, "--update-manifests", passed=11)
    names = {path.stem for path in (pytester.path / "manifests" / "test_it").iterdir()}
    assert len(names) == 11
    assert names >= {"test_it", "TestA.test_it", "TestA.TestB.test_it", "TestB.test_it", "test_cases-a-b"}
    outcome(ALIKE, passed=11)


def examples():
    """What users are shown as tests."""
    guide = (Path(__file__).parent.parent / "docs" / "python.md").read_text(encoding="utf-8")
    yield pytest.param(re.search(r"^```\n(import pytest\n.*?)^```$", guide, re.M | re.S)[1], id="guide")
    shown = re.search(r"(?:^(?: {4}.*)?\n)+", inspect.getdoc(pytest_plugin), re.M)[0]
    yield pytest.param("import pytest\n" + textwrap.dedent(shown), id="docstring")


@pytest.mark.parametrize("text", examples())
def test_the_examples_are_tests_that_pass(outcome, pytester, text):
    for name in ("src", "data"):
        (pytester.mkdir(name) / "kept").write_text("x")
    outcome(text, "--update-manifests", "--strict-markers", passed=2)
    outcome(text, "--strict-markers", passed=2)
    assert [path.name for path in (pytester.path / "manifests/test_it").iterdir()] == ["test_the_build.json"]


def test_a_tree_that_is_not_what_the_manifest_says(outcome):
    outcome(CHECK, "--update-manifests", passed=2)
    result = outcome(CHECK.replace("write_text(case)", "write_text(case * 2)"), failed=2)
    result.stdout.fnmatch_lines(
        [
            "E*tree * is not what manifests/test_it/test_builds-c.json says: 0 new, 1 modified, 0 deleted",
            "E*   M case (1 -> 2 bytes)",
            "E*to take it as it is: pytest --update-manifests",
        ]
    )


def test_many_changes_are_cut_short_and_an_empty_tree_is_refused(outcome):
    result = outcome(
        """
        import pathlib

        def test_many(root, watch_tree):
            watch = watch_tree(root)
            for i in range(40):
                (root / f"f{i:02}").write_text("x")
            watch.assert_unchanged()

        def test_empty(tmp_path, check_manifest):
            check_manifest(tmp_path)

        def test_by_path(root, check_manifest):
            check_manifest(root, pathlib.Path("elsewhere.json"))
            assert check_manifest.path(pathlib.Path("elsewhere.json")).parent == pathlib.Path(__file__).parent
        """,
        "--update-manifests",
        failed=2,
        passed=1,
    )
    result.stdout.fnmatch_lines(
        ["E*A f29 (1 bytes)", "E*... and 10 more", "E*has no files, and no manifest can say so"]
    )
    result.stdout.no_fnmatch_line("*A f30*")


def test_manifests_that_differ_are_explained(outcome):
    result = outcome(
        """
        import template_pkg

        def test_equal(root):
            before = template_pkg.snapshot(root)
            (root / "a.txt").write_text("longer")
            assert template_pkg.snapshot(root) == before

        def test_times(root):
            import os
            before = template_pkg.snapshot(root)
            os.utime(root / "a.txt", (1, 1))
            assert template_pkg.snapshot(root) == before

        def test_others():
            assert template_pkg.hash_bytes(b"") == "x"
        """,
        failed=3,
    )
    result.stdout.fnmatch_lines(["E*M a.txt (6 -> 3 bytes)", "E*only times or totals differ"])


UNUSED = """
    import sys

    def test_unused():
        assert "template_pkg" in sys.modules

    def test_native():
        assert not [name for name in sys.modules if name.startswith("template_pkg._")]
"""


def test_the_native_module_is_loaded_only_when_used(outcome):
    outcome(UNUSED, passed=2)


def test_it_works_with_xdist(outcome):
    result = outcome(CHECK, "-n2", "--update-manifests", passed=2)
    result.stdout.fnmatch_lines(["*manifests written*", "manifests/test_it/test_builds-c.json"])
    outcome(CHECK, "-n2", passed=2)


def test_it_works_with_coverage(outcome, pytester):
    pytester.makepyfile(doubling="def double(x):\n    return 2 * x\n")
    outcome(
        """
        import doubling

        def test_it(root, watch_tree):
            assert doubling.double(1) == 2
            watch_tree(root).assert_unchanged()
        """,
        "--cov=doubling",
        "--cov-report=json",
        "-W",
        "error",
        passed=1,
    )
    covered = json.loads((pytester.path / "coverage.json").read_text())
    assert covered["files"]["doubling.py"]["summary"]["percent_covered"] == 100


def test_this_very_run_has_the_plugin(check_manifest, tmp_path):
    assert check_manifest.path("x") == (
        check_manifest._node.path.parent / "manifests" / "test_pytest_plugin" / "x.json"
    )
    assert sys.modules["template_pkg.pytest_plugin"].ManifestCheck is type(check_manifest)
