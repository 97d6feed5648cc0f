"""Whether a finding points at the fault: at the lines that were planted, or where the mutation says that it shows."""

from __future__ import annotations

import os

from ci.runner.tree import matcher

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ci.runner.model import Edit, Finding, Mutation

NEAR = 1  # what is missing shows at the line beside it
# What builds make: their folder; and distributions, named alone, with or without the file in them that is meant.
MADE = ("build/**", "*.whl", "*.whl/**", "*.tar.gz")


class Spot:
    """Lines of a file that an edit made."""

    def __init__(self, edit: Edit, before: str) -> None:
        self.path = edit.path
        start = before.index(edit.find) if edit.find else len(before)
        self.first = before.count("\n", 0, start) + 1
        self.last = self.first + edit.text.count("\n")

    def holds(self, finding: Finding) -> bool:
        return finding.path == self.path and max(1, self.first - NEAR) <= finding.line <= self.last + NEAR


def fault(finding: Finding, mutation: Mutation, spots: list[Spot], root: str) -> str:
    """What is wrong with where a finding points; empty when nothing is."""
    if not mutation.edits and not mutation.at:
        return ""  # nothing was planted in a file
    if not finding.path:
        return "names no file"
    if mutation.at:
        right = bool(matcher([mutation.at]).fullmatch(finding.path))
        return (
            ""
            if right and (finding.line or not is_text(root, finding.path))
            else f"is to be in {mutation.at}, with a line"
        )
    if matcher(MADE).fullmatch(finding.path):
        return ""  # what was built has no lines
    if not os.path.lexists(os.path.join(root, finding.path)):
        return "names a file that is not there"
    if not is_text(root, finding.path):
        return ""
    if any(spot.holds(finding) for spot in spots):
        return ""
    places = ", ".join(f"{spot.path}:{spot.first}-{spot.last}" for spot in spots)
    return f"does not point at what was planted ({places})"


def is_text(root: str, path: str) -> bool:
    """Whether a path is a file of the tree with lines to point at."""
    full = os.path.join(root, path)
    if path.startswith("build/") or not os.path.isfile(full):
        return False
    with open(full, "rb") as file:
        return b"\0" not in file.read(4096)
