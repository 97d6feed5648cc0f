"""Results of earlier runs, in build/ci/results: a bounded number, the oldest go."""

from __future__ import annotations

import os

from ci import policy
from ci.outputs import document, files
from ci.outputs.plain import as_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ci.outputs.document import Document

KEYS = {"command", "commit", "gates", "interrupted", "ok", "seconds", "started", "totals"}
GATE_KEYS = {"findings", "name", "reason", "reproduce", "seconds", "start", "status", "summary"}


def folder(root: str) -> str:
    return os.path.join(root, "build", "ci", "results")


def names(root: str) -> list[str]:
    """Files of kept runs, the oldest first."""
    try:
        return sorted(name for name in os.listdir(folder(root)) if name.endswith(".json"))
    except FileNotFoundError:
        return []


def keep(root: str, run: Document) -> None:
    os.makedirs(folder(root), exist_ok=True)
    stamp = run["started"].replace("-", "").replace(":", "")
    short = {**run, "gates": [_bounded(gate) for gate in run["gates"]]}
    files.write(os.path.join(folder(root), f"{stamp}-{os.getpid():07}.json"), as_json(short) + "\n")
    for name in names(root)[: -policy.KEPT_RUNS]:
        try:
            os.remove(os.path.join(folder(root), name))
        except FileNotFoundError:
            pass  # a run beside this one was quicker


def _bounded(gate: Mapping[str, Any]) -> Mapping[str, Any]:
    """A gate with as many findings as anyone reads; the last one counts the others."""
    more = len(gate["findings"]) - policy.KEPT_FINDINGS
    if more <= 0:
        return gate
    rest = {"path": "", "line": 0, "message": f"and {more} more findings", "details": ""}
    return {**gate, "findings": [*gate["findings"][: policy.KEPT_FINDINGS], rest]}


def runs(root: str) -> tuple[list[dict[str, Any]], Sequence[str]]:
    """The kept runs, the oldest first, and the files that are none."""
    import json

    found, strange = [], []
    for name in names(root):
        try:
            with open(os.path.join(folder(root), name), encoding="utf-8") as file:
                run = json.load(file)
            if run["schema"] != document.SCHEMA or not set(run) >= KEYS:
                raise ValueError(name)
            if not all(set(gate) >= GATE_KEYS for gate in run["gates"]):
                raise ValueError(name)
            found.append(run)
        except (OSError, ValueError, LookupError, TypeError):
            strange.append(name)
    return found, strange
