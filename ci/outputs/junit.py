"""A run as JUnit XML, in the dialect that Jenkins' schema describes: a test case per gate."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from ci.runner.model import FAILED, PASSED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ci.outputs.document import Document

# What XML 1.0 cannot hold, written how you will.
_UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(document: Document) -> str:
    gates = document["gates"]
    counts = {
        "tests": len(gates),
        "failures": sum(gate["status"] == FAILED for gate in gates),
        "errors": int(document["interrupted"]),
    }
    skipped = sum(gate["status"] not in (PASSED, FAILED) for gate in gates)
    numbers = "".join(f' {name}="{count}"' for name, count in counts.items())
    took = f' time="{document["seconds"]:.3f}"'
    suite = f'{numbers} skipped="{skipped}"{took} timestamp="{document["started"].rstrip("Z")}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="ci.sh"{numbers}{took}>',
        f'<testsuite name="gates"{suite}>',
        *(_case(gate) for gate in gates),
        *([f"<system-err>{_text(document['totals'])}: interrupted</system-err>"] if document["interrupted"] else ()),
        "</testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    return escape(_UNSPEAKABLE.sub("\ufffd", text))


def _value(text: str) -> str:
    return quoteattr(_UNSPEAKABLE.sub("\ufffd", text))


def _case(gate: Mapping[str, Any]) -> str:
    head = f'<testcase classname="gates" name={_value(gate["name"])} time="{gate["seconds"]:.3f}"'
    if gate["status"] == PASSED:
        return head + "/>"
    if gate["status"] != FAILED:
        reason = ": ".join(filter(None, (gate["status"], gate["reason"])))
        return f"{head}><skipped message={_value(reason)}/></testcase>"
    findings = gate["findings"]
    first = _place(findings[0]) if findings else gate["reason"]
    message = first if len(findings) < 2 else f"{first} (and {len(findings) - 1} more)"
    body = "\n".join(_place(finding) + _indented(finding["details"]) for finding in findings)
    body += f"\nreproduce: {gate['reproduce']}"
    return f'{head}><failure type="finding" message={_value(message)}>{_text(body)}</failure></testcase>'


def _place(finding: Mapping[str, Any]) -> str:
    """As Finding prints itself."""
    path, line = finding["path"], finding["line"]
    where = f"{path}:{line}: " if line else f"{path}: " if path else ""
    return where + str(finding["message"])


def _indented(details: str) -> str:
    return "".join(f"\n    {line}" for line in details.splitlines())
