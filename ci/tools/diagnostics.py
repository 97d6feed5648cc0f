"""Turns what compilers and linters print, `file:line:column: kind: message`, into findings."""

from __future__ import annotations

import os
import re

from ci.runner.model import Finding

LINE = re.compile(r"^(?P<path>[^\s:][^:\n]*):(?P<line>\d+):(?:\d+:)? (?P<message>.+)$", re.M)


def findings(text: str, root: str, folder: str = "", form: str = r"(?:fatal )?error: ?(.*)") -> list[Finding]:
    """One finding per place whose message has the form; paths are given from the root."""
    wanted = re.compile(form)
    found: dict[str, Finding] = {}
    for match in LINE.finditer(text):
        message = wanted.match(match["message"])
        if message:
            path = os.path.relpath(os.path.join(folder or root, match["path"]), root)
            finding = Finding(message[1], path.replace(os.sep, "/"), int(match["line"]))
            found.setdefault(str(finding), finding)
    return list(found.values())
