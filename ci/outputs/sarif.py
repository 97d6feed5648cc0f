"""A run as SARIF 2.1.0: a rule per gate, a result per finding that has a place, notifications for the rest."""

from __future__ import annotations

import calendar
import hashlib
import json
import os
import re
import time
from urllib.parse import quote

from ci import policy
from ci.runner.model import FAILED, SKIPPED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from ci.outputs.document import Document

ROOT_ID = "SRCROOT"
FINGERPRINT = "findingInLine/v1"
FORM = "%Y-%m-%dT%H:%M:%SZ"


def as_sarif(document: Document, root: str) -> str:
    gates = document["gates"]
    results = [result for index, gate in enumerate(gates) for result in _results(gate, index, root)]
    run = {
        "tool": {
            "driver": {
                "name": "ci.sh",
                "version": policy.version(),
                "rules": [_rule(gate) for gate in gates],
            }
        },
        "invocations": [_invocation(document)],
        "originalUriBaseIds": {ROOT_ID: {"description": {"text": "the root of the checkout"}}},
        "results": _numbered(results),
    }
    if document["commit"]:
        run["automationDetails"] = {"id": f"ci.sh/{document['commit']}"}
    schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _rule(gate: Mapping[str, Any]) -> dict[str, Any]:
    summary = gate["summary"] or gate["name"]
    command = gate["reproduce"]
    return {
        "id": gate["name"],
        "shortDescription": {"text": summary},
        "help": {
            "text": f"The gate {gate['name']} holds when: {summary}. To see it again: {command}",
            "markdown": f"The gate `{gate['name']}` holds when: {summary}. To see it again: `{command}`",
        },
        "defaultConfiguration": {"level": "error"},
    }


def _invocation(document: Document) -> dict[str, Any]:
    began = calendar.timegm(time.strptime(document["started"], FORM))
    ended = time.strftime(FORM, time.gmtime(began + document["seconds"]))
    return {
        "commandLine": document["command"],
        "executionSuccessful": not document["interrupted"],
        "startTimeUtc": document["started"],
        "endTimeUtc": ended,
        "toolExecutionNotifications": list(_notifications(document)),
    }


def _notifications(document: Document) -> Iterator[dict[str, Any]]:
    if document["interrupted"]:
        yield {"level": "error", "message": {"text": "the run was interrupted: some gates have no answer"}}
    for index, gate in enumerate(document["gates"]):
        texts = []
        if gate["status"] == SKIPPED:
            texts = [("warning", f"skipped: {gate['reason']}")]
        elif gate["status"] == FAILED:
            texts = [("error", _text(finding)) for finding in gate["findings"] if not finding["path"]]
        for level, text in texts:
            rule = {"id": gate["name"], "index": index}
            yield {"level": level, "message": {"text": text}, "associatedRule": rule}


def _text(finding: Mapping[str, Any]) -> str:
    said: str = finding["message"]
    return f"{said}\n\n{finding['details']}" if finding["details"] else said


def _results(gate: Mapping[str, Any], index: int, root: str) -> Iterator[dict[str, Any]]:
    for finding in gate["findings"] if gate["status"] == FAILED else ():
        if finding["path"]:
            place: dict[str, Any] = {"artifactLocation": _artifact(finding["path"], root)}
            if finding["line"] > 0:
                place["region"] = {"startLine": finding["line"]}
            yield {
                "ruleId": gate["name"],
                "ruleIndex": index,
                "level": "error",
                "message": {"text": _text(finding)},
                "locations": [{"physicalLocation": place}],
                "partialFingerprints": {FINGERPRINT: _fingerprint(gate["name"], finding, root)},
            }


def _artifact(path: str, root: str) -> dict[str, str]:
    """A file of the checkout relative to it; any other by its own address."""
    full = os.path.normpath(os.path.join(root, path))
    if os.path.commonpath([full, root]) != root:
        return {"uri": "file://" + quote(full)}
    return {"uri": quote(os.path.relpath(full, root)), "uriBaseId": ROOT_ID}


def _fingerprint(name: str, finding: Mapping[str, Any], root: str) -> str:
    """The same as long as the line says the same, wherever it moves; numbers in the message do not count."""
    message = re.sub(r"\d+", "0", finding["message"])
    parts = (name, finding["path"], message, _line(root, finding["path"], finding["line"]))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


def _line(root: str, path: str, number: int) -> str:
    try:
        with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
            return next((line.strip() for count, line in enumerate(file, 1) if count == number), "")
    except (OSError, ValueError):
        return ""


def _numbered(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Alike findings are told apart by their order."""
    seen: dict[str, int] = {}
    for result in results:
        key = result["partialFingerprints"][FINGERPRINT]
        seen[key] = seen.get(key, 0) + 1
        result["partialFingerprints"][FINGERPRINT] = f"{key}:{seen[key]}"
    return results
