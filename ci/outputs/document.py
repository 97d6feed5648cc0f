"""A run as one document of plain values: what --json prints, what is kept, and what all other forms are made of."""

from __future__ import annotations

import os
import time

from ci.runner.model import FAILED
from ci.runner.report import totals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ci.runner.model import Gate, Result

    Document = Mapping[str, Any]

SCHEMA = "template-ci/run/1"


class Clock:
    """When a run began, by the clock on the wall and by the one that never goes back."""

    def __init__(self) -> None:
        self.wall = time.time()
        self.steady = time.monotonic()

    def seconds(self, moment: float | None = None) -> float:
        return round((time.monotonic() if moment is None else moment) - self.steady, 3)


def utc(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))


def build(
    results: Sequence[Result],
    gates: Mapping[str, Gate],
    clock: Clock,
    root: str,
    argv: Sequence[str] = (),
    interrupted: bool = False,
) -> dict[str, Any]:
    document = {
        "schema": SCHEMA,
        "ok": not interrupted and not any(result.status == FAILED for result in results),
        "interrupted": interrupted,
        "command": " ".join(["./ci.sh", *argv]),
        "commit": commit(root),
        "started": utc(clock.wall),
        "seconds": clock.seconds(),
        "gates": [_gate(result, gates, clock) for result in results],
        "totals": totals(results),
    }
    clean: dict[str, Any] = cleaned(document)
    return clean


def _gate(result: Result, gates: Mapping[str, Gate], clock: Clock) -> dict[str, Any]:
    start = None if result.began is None else clock.seconds(result.began)
    summary = gates[result.name].summary if result.name in gates else ""
    return {**result.as_dict(), "summary": summary, "start": start}


def commit(root: str) -> str:
    """The commit that is checked out, read from git's files since git itself takes its time; empty where there is none."""
    git = os.path.join(root, ".git")
    if os.path.isfile(git):  # a work tree, or a submodule
        git = os.path.join(root, _first_line(git).partition("gitdir: ")[2])
    head = _first_line(os.path.join(git, "HEAD"))
    if not head.startswith("ref: "):
        return head
    name, common = head[5:], os.path.join(git, _first_line(os.path.join(git, "commondir")))
    if os.path.isdir(os.path.join(common, "reftable")):
        from ci.runner.process import output

        try:
            return output(["git", "rev-parse", "HEAD"], root).strip()
        except OSError:
            return ""
    return _first_line(os.path.join(git, name)) or _first_line(os.path.join(common, name)) or _packed(common, name)


def _first_line(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.readline().strip()
    except OSError:
        return ""


def _packed(common: str, name: str) -> str:
    try:
        with open(os.path.join(common, "packed-refs"), encoding="utf-8", errors="replace") as file:
            return next((line.split()[0] for line in file if line.endswith(f" {name}\n")), "")
    except OSError:
        return ""


def cleaned(value: Any) -> Any:
    """The same, with bytes that are no text replaced: a file's name may hold any."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if not value.isascii() else value
    if isinstance(value, dict):
        return {key: cleaned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [cleaned(item) for item in value]
    return value
