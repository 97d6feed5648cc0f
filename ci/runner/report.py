"""What a run prints: a line a gate, its findings, how to repeat a failure, and the totals."""

from __future__ import annotations

import os
import time

from ci import policy
from ci.runner.model import FAILED, PASSED, SKIPPED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from ci.runner.model import Finding, Gate, Result

COLORS = {PASSED: "32", FAILED: "31", SKIPPED: "33"}


class Report:
    """Text for people, to `out`. On a terminal the last line says what is running."""

    def __init__(self, out: TextIO, width: int) -> None:
        self.out = out
        self.width = width
        self.done = 0
        self.since: dict[str, float] = {}  # what runs, and when it began
        self.live = out.isatty() and os.environ.get("TERM") != "dumb"
        self.color = self.live and not os.environ.get("NO_COLOR")

    def say(self, text: str) -> None:
        self.out.write(("\r\x1b[K" if self.live else "") + text + "\n")
        self.out.flush()

    def _running(self, running: Sequence[str]) -> None:
        now = time.monotonic()
        self.since = {name: self.since.get(name, now) for name in running}
        self.tick()

    def tick(self) -> None:
        """The line of what runs, and for how long, cut to the terminal's width."""
        if not self.live:
            return
        now = time.monotonic()
        parts = [f"{name} {now - since:.0f} s" for name, since in self.since.items()]
        line = f"{self.done} done, running  {', '.join(parts)}" if parts else ""
        try:
            columns = os.get_terminal_size(self.out.fileno()).columns
        except OSError:
            columns = 80
        self.out.write("\r\x1b[K" + line[: max(columns - 1, 0)])
        self.out.flush()

    def started(self, name: str, running: Sequence[str]) -> None:
        self._running(running)

    def ended(self, result: Result, running: Sequence[str]) -> None:
        self.done += 1
        status = f"{result.status:<10}"
        if self.color:
            status = f"\x1b[{COLORS.get(result.status, '0')}m{status}\x1b[0m"
        took = f"{result.seconds:6.1f} s" if result.status in (PASSED, FAILED) else ""
        self.say(f"{status} {result.name:<{self.width}} {took}  {result.reason}".rstrip())
        for number, finding in enumerate(result.findings[: policy.SHOWN_FINDINGS]):
            self.finding(finding, number < policy.SHOWN_DETAILS)
        more = len(result.findings) - policy.SHOWN_FINDINGS
        if more > 0:
            self.say(f"  and {more} more")
        self._running(running)

    def finding(self, finding: Finding, details: bool = True) -> None:
        self.say(f"  {finding}")
        for line in finding.details.splitlines() if details else ():
            self.say(f"    | {line}")

    def close(self, results: Sequence[Result]) -> None:
        for result in results:
            if result.status == FAILED:
                self.say(f"reproduce: {result.reproduce}")
        self.say(totals(results))


def totals(results: Sequence[Result]) -> str:
    counts = {s: sum(r.status == s for r in results) for s in (PASSED, FAILED, SKIPPED)}
    return f"gates: {counts[PASSED]} passed, {counts[FAILED]} failed, {counts[SKIPPED]} skipped"


def as_json(results: Sequence[Result], seconds: float) -> str:
    import json

    document = {
        "schema": "template-ci/run/1",
        "ok": not any(result.status == FAILED for result in results),
        "seconds": round(seconds, 3),
        "gates": [result.as_dict() for result in results],
        "totals": totals(results),
    }
    return json.dumps(document, ensure_ascii=True)


def catalogue(gates: Sequence[Gate]) -> str:
    width = max(len(gate.name) for gate in gates)
    lines = [f"  {gate.name:<{width}}  {gate.summary}{' (deep)' if gate.deep else ''}" for gate in gates]
    return "\n".join(lines)
