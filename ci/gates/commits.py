"""Subjects of commits have the form that makes a log readable."""

from __future__ import annotations

import os

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Finding, Gate, Mutation, Skip
from ci.tools import commits

MUTATIONS = {
    "Fixed things": "does not have the form",
    "kernel: a part that is not here": "kernel is no part",
    "ci: " + "x" * policy.SUBJECT_LENGTH: "the limit is",
    "ci: it ends.": "ends with a full stop",
}


def check(ctx: Context) -> list[Finding]:
    if not os.path.exists(ctx.path(".git")):
        raise Skip("no history: this is not a git checkout")
    git = commits.git_in(ctx.root)
    if commits.cut_short(git):
        raise Skip(
            "the clone is shallow, and the main branch is not in it; run: git fetch --unshallow origin main:main"
        )
    proposed, known = commits.proposed(git), commits.parts(ctx.tree.paths())
    ctx.note(f"{len(proposed)} commits")
    judged = ((name, subject, commits.fault(subject, known)) for name, subject in proposed)
    return [Finding(f"{name} {subject!r}: {fault}") for name, subject, fault in judged if fault]


GATE = Gate(
    "subjects of commits that are not on the main branch: `part: what is different now`",
    check,
    always="it reads the history",
    inputs=["**"],
    mutations=[Mutation(f"subject: {s[:40]}", expect, act=commits.commit(s)) for s, expect in MUTATIONS.items()],
)
