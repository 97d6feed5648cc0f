"""What GitHub shows of a run: annotations within its limits, and a step's summary."""

from __future__ import annotations

import os

from ci import policy
from ci.runner.model import FAILED, PASSED, SKIPPED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ci.outputs.document import Document

    Note = tuple[str, Mapping[str, Any]]  # a gate's name, and a finding


def notes(document: Document, root: str) -> list[str]:
    """Commands for the log: findings as errors, skipped gates as warnings; the last one counts what had no room."""
    failed = [gate for gate in document["gates"] if gate["status"] == FAILED]
    skipped = [gate for gate in document["gates"] if gate["status"] == SKIPPED]
    errors = [(gate["name"], finding) for gate, finding in _in_turns(failed)]
    if document["interrupted"]:
        errors.insert(0, ("the run", {"message": "interrupted: some gates have no answer"}))
    warnings = [(gate["name"], {"message": f"skipped: {gate['reason']}"}) for gate in skipped]
    return [*_limited("error", errors, root), *_limited("warning", warnings, root)]


def _in_turns(gates: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each gate's first finding, then each one's second: where there is no room for all, each is seen."""
    longest = max((len(gate["findings"]) for gate in gates), default=0)
    return [(gate, gate["findings"][n]) for n in range(longest) for gate in gates if n < len(gate["findings"])]


def _limited(kind: str, notes: Sequence[Note], root: str) -> list[str]:
    room = policy.ANNOTATIONS
    if len(notes) <= room:
        return [_annotation(kind, note, root) for note in notes]
    shown, rest = notes[: room - 1], notes[room - 1 :]
    names = dict.fromkeys(name for name, _ in rest)
    counts = ", ".join(f"{name}: {sum(name == other for other, _ in rest)}" for name in names)
    words = f"{len(rest)} more have no room here ({counts}): the log and the step's summary have them"
    return [*(_annotation(kind, note, root) for note in shown), _command(kind, f"and {len(rest)} more", words)]


def _annotation(kind: str, note: Note, root: str) -> str:
    name, finding = note
    text = finding["message"] + ("\n\n" + finding["details"] if finding.get("details") else "")
    more = len(text) - policy.ANNOTATION_CHARS
    if more > 0:
        ending = f"\n... (the log in build/ci/log/{name} has all)"
        text = text[: policy.ANNOTATION_CHARS - len(ending)] + ending
    return _command(kind, name, text, _from_workspace(finding.get("path", ""), root), finding.get("line", 0))


def _from_workspace(path: str, root: str) -> str:
    """GitHub's idea of a path begins where the repository does."""
    workspace = os.environ.get("GITHUB_WORKSPACE") or root
    if not path or (workspace == root and not os.path.isabs(path)):
        return path
    full = os.path.normpath(os.path.join(root, path))
    return os.path.relpath(full, workspace) if full.startswith(workspace.rstrip(os.sep) + os.sep) else path


def _command(kind: str, title: str, text: str, path: str = "", line: int = 0) -> str:
    properties = {"file": path, "line": str(line or ""), "title": title}
    said = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    return f"::{kind} {said}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def summary(document: Document, room: int) -> str:
    """Markdown of at most so many bytes: a table of gates, then findings, as many as fit; the rest is counted."""
    gates = document["gates"]
    order = {FAILED: 0, SKIPPED: 1, PASSED: 2}
    rows = sorted(gates, key=lambda gate: order.get(gate["status"], 3))
    head = [
        f"## {_inline(document['totals'])}",
        "",
        f"{_code(document['command'])} took {document['seconds']:.1f} s"
        + (" and was **interrupted**" if document["interrupted"] else ""),
        "",
        "| gate | status | seconds | |",
        "|---|---|--:|---|",
        *(_row(gate) for gate in rows),
    ]
    findings = [(gate, finding) for gate in gates for finding in gate["findings"]]
    return _fitted([*head, ""], [_finding(gate, finding) for gate, finding in findings], room)


def _fitted(head: Sequence[str], items: Sequence[str], room: int) -> str:
    text = "\n".join(head) + "\n"
    left = room - len(text.encode()) - 100  # for the line that counts
    if left < 0:
        return f"{len(items)} findings: no room for more here, the log has them\n"[: max(room, 0)]
    shown = 0
    for item in items:
        left -= len(item.encode())
        if left < 0:
            break
        text += item
        shown += 1
    more = len(items) - shown
    return text + (f"\n**and {more} more findings**: no room for them here, the log has them\n" if more else "")


def _row(gate: Mapping[str, Any]) -> str:
    marks = {PASSED: "\u2705", FAILED: "\u274c", SKIPPED: "\u26a0\ufe0f"}
    took = f"{gate['seconds']:.1f}" if gate["status"] in (PASSED, FAILED) else ""
    words = gate["reason"] or (f"{len(gate['findings'])} findings" if gate["findings"] else "")
    status = f"{marks.get(gate['status'], '')} {gate['status']}".strip()
    return f"| {_code(gate['name'])} | {status} | {took} | {_inline(words)} |"


def _finding(gate: Mapping[str, Any], finding: Mapping[str, Any]) -> str:
    path, line = finding["path"], finding["line"]
    place = f"{path}:{line}" if line else path
    text = f"\n- {_code(gate['name'])} {_code(place) + ' ' if place else ''}{_inline(finding['message'])}\n"
    if finding["details"]:
        text += f"\n  <pre>{_literal(finding['details'])}</pre>\n"
    return text


def _inline(text: str) -> str:
    """Text on one line in which nothing is Markdown, HTML, a link, a mention or a table's border."""
    plain = "".join(char if char.isprintable() else "\ufffd" for char in " ".join(text.split()))
    return "".join(f"&#{ord(char)};" if char in _ACTIVE else char for char in plain)


_ACTIVE = frozenset("&<>`*_[](){}#|\\!~@$:^")


def _code(text: str) -> str:
    return f"<code>{_inline(text)}</code>"


def _literal(text: str) -> str:
    """For inside pre: HTML's characters escaped, and no empty line, which would end a list's item."""
    return "&#10;".join(_escaped(line) for line in text.splitlines())


def _escaped(line: str) -> str:
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\x1b", "\ufffd")):
        line = line.replace(char, entity)
    return line
