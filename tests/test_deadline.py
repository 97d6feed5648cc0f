"""Conformance: the reference itself, PyPI's `deadline`, writes the same bytes for the same tree.

Fixture `reference` installs it; without a package index these tests are skipped.
"""

import json
import os
import random
import subprocess
import time
from pathlib import Path

import pytest
import trees

import template_pkg as tp

pytestmark = pytest.mark.conformance

TREES = {
    "plain": trees.files(a="hello", b="", sub__c="world", sub__d__e="x"),
    "unicode": {
        "entries": [
            {"path": "caf\u00e9/\U0001f600", "content": "composed"},
            {"path": "cafe\u0301/\uffee", "content": "decomposed"},
            {"path": "\U0001f600", "content": "astral"},
            {"path": "\ue000", "content": "private"},
            {"path": 'z\x7f\x01\n"\\', "content": "escapes"},
        ]
    },
    "not utf-8": {
        "entries": [
            {"path": "caf\udce9", "content": "x"},
            {"path": "d\udcff/\udc80", "content": "y"},
        ]
    },
    "dotfiles": trees.files(**{".env": "1", "a__.b__c": "2", "a__d.e": "3", ".g__h": "4", "i": "5"}),
    "links": {
        "entries": [
            {"path": "real/f", "content": "x", "mtime_ns": 1_600_000_000_999_999_999},
            {"path": "to-file", "type": "symlink", "target": "real/f"},
            {"path": "to-directory", "type": "symlink", "target": "real"},
            {"path": "to-outside", "type": "symlink", "target": "../outside"},
            {"path": "dangling", "type": "symlink", "target": "nowhere"},
        ],
        "outside": [{"path": "g", "content": "y"}],
    },
    "deep": {"entries": [{"path": "d/" * depth + "f", "content": str(depth)} for depth in (0, 1, 50, 150)]},
    "times": {
        "entries": [
            {"path": "before-1970", "mtime_ns": -1_500},
            {"path": "epoch", "mtime_ns": 0},
            {"path": "fraction", "mtime_ns": 1_700_000_000_000_000_999},
            {"path": "later", "mtime_ns": 4_000_000_000_123_456_789},
        ]
    },
    "sizes": {
        "entries": [
            {"path": f"{size}", "content": {"sha256ctr": ["size", size]}}
            for size in (0, 1, 240, 241, 1024, 65_536, 262_145, 1_048_577)
        ]
    },
    "special": {"entries": [{"path": "file", "content": "x"}, {"path": "pipe", "type": "fifo"}]},
}


@pytest.fixture(scope="session")
def deadline(reference, tmp_path_factory):
    """The reference's command, as a function from words to a finished process."""
    environment = {
        **os.environ,
        "HOME": str(tmp_path_factory.mktemp("home")),
        "DEADLINE_CLOUD_TELEMETRY_OPT_OUT": "true",
        "PYTHONUTF8": "1",
    }
    environment.pop("PYTHONPATH", None)

    def run(*words):
        command = [str(reference / "deadline"), "manifest", *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def reference_snapshot(deadline, root, where, *options):
    where.mkdir()
    deadline("snapshot", "--root", root, "--destination", where, "--name", "m", *options)
    written = list(where.iterdir())
    assert len(written) == 1
    return written[0]


@pytest.mark.parametrize("name", TREES)
def test_a_snapshot_has_the_same_bytes(deadline, cli, tmp_path, name):
    root = trees.build(TREES[name], str(tmp_path))
    written = reference_snapshot(deadline, root, tmp_path / "out").read_bytes()
    assert json.loads(written)["paths"]
    assert cli.ok("snapshot", root, "--compat", "deadline") == written
    assert tp.snapshot(root, compat="deadline").encode_bytes() == written


FILTERS = {
    "include": ["--include", "src/**"],
    "exclude": [
        "--include",
        "**/*",
        "--exclude",
        "**/*.o",
    ],  # alone, --exclude makes the reference find nothing
    "both": ["--include", "src/*", "--include", "**/README", "--exclude", "src/b*"],
    "sets": ["--include", "src/[!b].?"],
    "dots": ["--include", "**/.*"],
}


@pytest.mark.parametrize("name", FILTERS)
def test_filters_select_the_same_files(deadline, cli, tmp_path, name):
    names = ("src/a.c", "src/b.c", "src/b.o", "src/x/README", "README", ".git/c", ".e")
    root = trees.build({"entries": [{"path": name, "content": name} for name in names]}, str(tmp_path))
    written = reference_snapshot(deadline, root, tmp_path / "out", *FILTERS[name]).read_bytes()
    assert cli.ok("snapshot", root, "--compat", "deadline", *FILTERS[name]) == written


def test_a_delta_and_a_diff_say_the_same(deadline, cli, tmp_path):
    root = Path(trees.build(trees.files(same="s", edited="e", gone="g", touched="t"), str(tmp_path)))
    base = reference_snapshot(deadline, root, tmp_path / "base")
    (root / "edited").write_text("EDITED")
    (root / "gone").unlink()
    (root / "fresh").write_text("f")
    os.utime(root / "touched", ns=(0, 0))
    delta = reference_snapshot(deadline, root, tmp_path / "delta", "--diff", base).read_bytes()
    assert cli.ok("snapshot", root, "--compat", "deadline", "--base", base, "--delta") == delta
    said = json.loads(deadline("diff", "--root", root, "--manifest", base, "--json"))
    ours = cli.json("diff", base, root, "--compat", "deadline")
    for kind in ("new", "modified", "deleted"):
        assert sorted(said[kind]) == ours[kind]


def test_the_reference_reads_what_we_write(deadline, tmp_path):
    root = trees.build(TREES["unicode"], str(tmp_path))
    tp.snapshot(root, compat="deadline").save(tmp_path / "ours")
    said = json.loads(deadline("diff", "--root", root, "--manifest", tmp_path / "ours", "--json"))
    assert [said[kind] for kind in ("new", "modified", "deleted")] == [[], [], []]


@pytest.mark.parametrize("stem", [None, "job", "_job"])
def test_a_file_has_the_same_name(deadline, tmp_path, stem):
    root = str(trees.build(TREES["plain"], str(tmp_path / "a:b")))
    (tmp_path / "out").mkdir()
    deadline("snapshot", "--root", root, "--destination", tmp_path / "out", *(["--name", stem] if stem else []))
    (written,) = (tmp_path / "out").iterdir()
    when = time.mktime(time.strptime(written.name[-28:], "%Y-%m-%dT%H-%M-%S.manifest"))
    assert written.name == tp.manifest_name(root, name=stem, when=when)


DOWNLOADS = """
import json, sys
from deadline.job_attachments.download import _full_path, _matches_any_filter
for root, path, pattern in json.load(sys.stdin):
    print(int(_matches_any_filter(_full_path(root, path), [pattern])))
"""


def test_the_dialect_fnmatch_is_that_of_downloads(reference):
    dice = random.Random(7)
    pieces = [
        "a",
        "b",
        "/",
        "/",
        "*",
        "**",
        "?",
        "[ab]",
        "[!a]",
        "[a-c]",
        "[]",
        "[",
        "]",
        "!",
        "{a,b}",
        ".",
        "d/",
        "\u00e9",
        ":",
    ]
    names = ["a", "b", "ab", ".a", "d", "[", "\u00e9", "a:b", "-"]
    cases = []
    for _ in range(3000):
        root = dice.choice(["/", "/d", "/d/a/"])
        path = "/".join(dice.choices(names, k=dice.randint(1, 4)))
        cases.append((root, path, "".join(dice.choices(pieces, k=dice.randint(0, 5)))))
    done = subprocess.run(
        [reference / "python", "-c", DOWNLOADS],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": ""},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    theirs = [line == "1" for line in done.stdout.split()]
    # a root is what the path begins with: the dialect sees all of it as if the root were `/`
    ours = [
        tp.matches(f"{root}/{path}".replace("//", "/").lstrip("/"), include=[pattern], dialect="fnmatch")
        for root, path, pattern in cases
    ]
    assert [case for case, one, other in zip(cases, ours, theirs) if one != other] == []
    assert 200 < sum(ours) < 2800
