"""The commits that are being proposed, and the form of their subjects."""

from __future__ import annotations

import os
import re

from ci import policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_SUBJECT = re.compile(r"([a-z][\w-]*(?:, [a-z][\w-]*)*): (\S.*)")
NOBODY = ["-c", "user.name=nobody", "-c", "user.email=nobody@localhost", "-c", "commit.gpgsign=false"]


def parts(paths: Iterable[str]) -> set[str]:
    """What a subject may begin with: folders of the root and of libs, and the policy's other words."""
    split = [path.split("/") for path in paths]
    folders = {words[0] for words in split if len(words) > 1 and not words[0].startswith(".")}
    return {*folders, *(words[1] for words in split if words[0] == "libs" and len(words) > 2), *policy.OTHER_PARTS}


def fault(subject: str, known: set[str]) -> str:
    """What is wrong with a subject; empty when nothing is, or when git itself wrote it."""
    if re.match(policy.SUBJECTS_OF_GIT, subject):
        return ""
    form = _SUBJECT.fullmatch(subject)
    if form is None:
        return "does not have the form `part: what is different now`"
    unknown = [part for part in form[1].split(", ") if part not in known]
    if unknown:
        return f"{unknown[0]} is no part; parts are {', '.join(sorted(known))}"
    if len(subject) > policy.SUBJECT_LENGTH:
        return f"{len(subject)} characters, the limit is {policy.SUBJECT_LENGTH}: the rest belongs into the body"
    return "ends with a full stop" if subject.endswith(".") and not subject.endswith("...") else ""


def bases(git: Callable[..., str]) -> list[str]:
    """Where the main branch, under each of its names, was left."""
    return [base for branch in policy.MAIN_BRANCHES if (base := git("merge-base", "HEAD", branch).strip())]


def cut_short(git: Callable[..., str]) -> bool:
    """Whether the history ends before it meets the main branch: nobody can tell what is proposed."""
    return git("rev-parse", "--is-shallow-repository").strip() == "true" and not bases(git)


def proposed(git: Callable[..., str]) -> list[tuple[str, str]]:
    """Short name and subject of what is not on the main branch yet; of the last ones, where nothing tells."""
    if not git("rev-parse", "-q", "--verify", "HEAD"):
        return []
    listing = ("log", "--no-merges", "--format=%h %s")
    for base in bases(git):
        found = git(*listing, f"{base}..HEAD")
        if found:
            break
    else:
        found = git(*listing, f"-{policy.LAST_COMMITS}")
    return [(name, subject) for name, _, subject in (line.partition(" ") for line in found.splitlines())]


def git_in(root: str) -> Callable[..., str]:
    """git in that folder: what it prints, or nothing where it fails."""
    from ci.runner.process import output

    def git(*words: str) -> str:
        try:
            return output(["git", *words], root)
        except OSError:
            return ""

    return git


def commit(subject: str) -> Callable[[str], Callable[[], None]]:
    """Commits nothing under that subject to a checkout; returns how to take it back."""

    def act(root: str) -> Callable[[], None]:
        from ci.runner.process import output

        before = git_in(root)("rev-parse", "-q", "--verify", "HEAD").strip()
        parent = ["-p", before] if before else []
        tree = output(["git", "hash-object", "-t", "tree", "-w", os.devnull], root).strip()
        made = output(["git", *NOBODY, "commit-tree", tree, *parent, "-m", subject], root).strip()
        output(["git", "update-ref", "HEAD", made], root)

        def undo() -> None:
            output(["git", "update-ref", *(["HEAD", before] if before else ["-d", "HEAD"])], root)

        return undo

    return act
