"""Whether a line of shell may be run here: the table is the policy's."""

from __future__ import annotations

import os
import re

from ci import bans, policy
from ci.hooks import shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def refusal(text: str, root: str, env: Mapping[str, str]) -> str:
    """Why not; empty when it may."""
    active = _below(env.get("VIRTUAL_ENV", ""), root)
    try:
        for words in shell.commands(text):
            if words[0] in (".", "source") and words[1:] and words[1].endswith("bin/activate"):
                active = _below(words[1], root)
            inside = active or (os.path.dirname(words[0]) != "" and _below(words[0], root))
            line = " ".join([os.path.basename(words[0]), *(re.sub(r"\s", "_", word) for word in words[1:])])
            for rule in bans.UNSAFE:
                if re.match(rule.pattern, line) and not rule.allows(line, inside):
                    return f"`{line}`: {rule.why}"
    except shell.Unreadable as error:
        guarded = re.search(bans.GUARDED_PROGRAMS, text)
        return f"cannot be read as shell ({error}), and it names {guarded[0]}" if guarded else ""
    return ""


def _below(path: str, root: str) -> bool:
    """Whether a path leads into an environment of this checkout."""
    full = os.path.normpath(os.path.join(root, path)) + os.sep
    roots = {root, os.path.realpath(root)}
    return path != "" and any(full.startswith(os.path.join(r, f) + os.sep) for r in roots for f in policy.GENERATED)
