"""Subjects of commits: which are good, and which commits are asked."""

import subprocess

import pytest

from ci.gates import commits as gate
from ci.runner.model import Skip
from ci.tools import commits

KNOWN = {"core", "cli", "ci", "release"}


@pytest.mark.parametrize(
    "subject",
    [
        "core: a link to itself is in a circle",
        "core, cli: both know it",
        "ci: " + "x" * 68,
        "cli: help says what `-` is, and so on ...",
        'Revert "core: a link to itself is in a circle."',
        "Merge 0123456789012345678901234567890123456789 into 0123456789012345678901234567890123456789",
    ],
)
def test_a_good_subject(subject):
    assert commits.fault(subject, KNOWN) == ""


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("", "does not have the form"),
        ("Fix it", "does not have the form"),
        ("core:it", "does not have the form"),
        ("core:  it", "does not have the form"),
        ("Core: it", "does not have the form"),
        ("fixup! core: it", "does not have the form"),
        ("libs: it", "libs is no part; parts are ci, cli, core, release"),
        ("core, libs: it", "libs is no part"),
        ("ci: " + "x" * 69, "73 characters, the limit is 72"),
        ("core: it.", "ends with a full stop"),
    ],
)
def test_a_bad_subject(subject, words):
    assert commits.fault(subject, KNOWN).startswith(words)


def test_parts_are_the_folders():
    paths = ["README.md", ".ci/run", "ci/policy.py", "libs/core/src/a.c", "libs/x.txt", "docs/a.md"]
    assert commits.parts(paths) == {"ci", "libs", "core", "docs", "release"}


@pytest.fixture
def repository(context, tmp_path):
    ctx = context({"ci/a.py": ""})

    def git(*words):
        subprocess.run(["git", *commits.NOBODY, *words], cwd=tmp_path, check=True, capture_output=True)

    def ask():
        ctx.notes.clear()
        return [str(finding).split(" ", 1)[1] for finding in gate.check(ctx)], ctx.notes

    git("init", "-q", "-b", "main")
    return git, ask


def commit(git, *subjects):
    for subject in subjects:
        git("commit", "-q", "--allow-empty", "-m", subject)


def test_a_repository_without_commits_has_no_bad_one(repository):
    assert repository[1]() == ([], ["0 commits"])


def test_on_the_main_branch_the_last_commit_counts(repository):
    git, ask = repository
    commit(git, "bad", "ci: good")
    assert ask() == ([], ["1 commits"])
    commit(git, "bad")
    assert ask() == (["'bad': does not have the form `part: what is different now`"], ["1 commits"])


def test_what_is_not_on_the_main_branch_counts(repository):
    git, ask = repository
    commit(git, "old and bad")
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    commit(git, "bad", "ci: good")
    found, notes = ask()
    assert found == ["'bad': does not have the form `part: what is different now`"]
    assert notes == ["2 commits"]


def test_without_a_remote_the_main_branch_is_the_local_one(repository):
    git, ask = repository
    commit(git, "old and bad")
    git("switch", "-q", "-c", "topic")
    commit(git, "bad", "ci: good")
    assert ask() == (["'bad': does not have the form `part: what is different now`"], ["2 commits"])


@pytest.mark.parametrize("whole", [False, True])
def test_a_shallow_clone_says_nothing_of_commits_that_it_lacks(repository, tmp_path, tmp_path_factory, whole):
    git, ask = repository
    origin = tmp_path_factory.mktemp("origin")
    for words in (
        ["init", "-q", "-b", "main"],
        *(["commit", "-q", "--allow-empty", "-m", m] for m in ("x", "bad", "ci: y")),
    ):
        subprocess.run(["git", *commits.NOBODY, *words], cwd=origin, check=True)
    git("fetch", "-q", "--depth", "1", f"file://{origin}", "HEAD")
    git("checkout", "-q", "FETCH_HEAD")
    if whole:
        git("fetch", "-q", "--unshallow", f"file://{origin}", "main:main")
        assert ask() == ([], ["1 commits"])
        return
    with pytest.raises(Skip, match="git fetch --unshallow"):
        ask()


def test_an_archive_has_no_history(context):
    with pytest.raises(Exception, match="not a git checkout"):
        gate.check(context({"a": ""}))


def test_a_commit_is_made_and_taken_back(repository, tmp_path):
    git, ask = repository
    for there in (0, 1):
        undo = commits.commit("bad")(str(tmp_path))
        assert len(ask()[0]) == 1
        undo()
        assert ask() == ([], [f"{there} commits"])
        commit(git, "ci: good")
