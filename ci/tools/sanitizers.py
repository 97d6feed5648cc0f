"""Turns what the sanitizers print into findings."""

from __future__ import annotations

import os
import re

from ci.runner.model import Finding

_SUMMARY = re.compile(r"SUMMARY: (\w+Sanitizer): (.+)$", re.M)
_UNDEFINED = re.compile(r"^(\S+):(\d+):\d+: runtime error: (.+)$", re.M)
_AT = re.compile(r"^(.*?) ?([^\s:]+):(\d+)(?::\d+)? in (\S+)$")


def findings(text: str) -> list[Finding]:
    """One per distinct report."""
    found: dict[str, Finding] = {}
    for path, line, what in _UNDEFINED.findall(text):
        finding = Finding(f"undefined behaviour: {what}", os.path.normpath(path), int(line))
        found.setdefault(str(finding), finding)
    for tool, what in _SUMMARY.findall(text):
        at = _AT.match(what)
        finding = Finding(f"{tool}: {what}")
        if at and not at[2].startswith(("/", "..")):
            finding = Finding(f"{tool}: {at[1]} in {at[4]}", os.path.normpath(at[2]), int(at[3]))
        found.setdefault(str(finding), finding)
    return list(found.values())
