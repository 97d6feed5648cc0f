"""Turns what the sanitizers print into findings."""

from __future__ import annotations

import os
import re

from ci.runner.model import Finding

_REPORT = re.compile(
    r"(?:ERROR|WARNING): (AddressSanitizer|LeakSanitizer|ThreadSanitizer): (.+?)(?: on | at | \(pid|$)(.*?)(?=SUMMARY|\Z)",
    re.S | re.M,
)
_FRAME = re.compile(r"^\s+#\d+ (?:0x\w+ in )?(\S+) (\S+?):(\d+)", re.M)
_UNDEFINED = re.compile(r"^(\S+):(\d+):\d+: runtime error: (.+)$", re.M)


def findings(text: str, root: str) -> list[Finding]:
    """One per distinct report, at the first of our own lines in its stack."""
    found = [
        Finding(f"undefined behaviour: {what}", place(path, root), int(line))
        for path, line, what in _UNDEFINED.findall(text)
    ]
    for tool, what, body in _REPORT.findall(text):
        frames = [(name, place(path, root), int(line)) for name, path, line in _FRAME.findall(body)]
        name, path, line = next((f for f in frames if os.path.exists(os.path.join(root, f[1]))), ("", "", 0))
        found.append(Finding(f"{tool}: {what}" + (f" in {name}" if name else ""), path, line))
    return list({str(finding): finding for finding in found}.values())


def place(path: str, root: str) -> str:
    return os.path.relpath(path, root) if os.path.isabs(path) else os.path.normpath(path)
