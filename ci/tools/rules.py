"""The forms of the rules in ci/bans.py."""

from __future__ import annotations


class Ban:
    """What may not be written in some files, why, and a line that breaks the rule (which proves the gate)."""

    def __init__(
        self,
        why: str,
        pattern: str,
        files: tuple[str, ...],
        breach: tuple[str, str],
        but: tuple[str, ...] = (),
        comments: bool = False,
    ) -> None:
        self.why = why
        self.comments = comments  # holds in C's comments and literals, too
        self.pattern = pattern
        self.files = files
        self.but = but
        self.breach = breach  # a file, and text to append to it


class Unsafe:
    """A command that guards refuse: a pattern for program and words, what makes it fine, and why it is not."""

    def __init__(self, pattern: str, why: str, *, unless: str = r"(?!)", in_environment: bool = False) -> None:
        self.pattern = pattern
        self.why = why
        self.unless = unless
        self.in_environment = in_environment  # fine in an environment of this checkout

    def allows(self, line: str, inside: bool) -> bool:
        import re

        return (self.in_environment and inside) or re.search(self.unless, line) is not None
