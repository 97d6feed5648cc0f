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

WIDTH = 80  # of what is read at leisure, and of a terminal that does not know its own
COLORS = {PASSED: "32", FAILED: "31", SKIPPED: "33"}


class Report:
    """Text for people, to `out`. On a terminal the last line says what is running."""

    def __init__(self, out: TextIO, width: int) -> None:
        self.out = out
        self.width = width
        self.done = 0
        self.since: dict[str, float] = {}  # what runs, and when it began
        # A log of GitHub's, or act's terminal, takes commands at the beginning of a line only.
        self.live = out.isatty() and os.environ.get("TERM") != "dumb" and "GITHUB_ACTIONS" not in os.environ
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
        self.out.write("\r\x1b[K" + " ".join(line.split("\n"))[: max(self._columns() - 1, 0)])
        self.out.flush()

    def _columns(self) -> int:
        """How wide the terminal is; what is no terminal takes lines as they are."""
        try:
            return os.get_terminal_size(self.out.fileno()).columns if self.live else 0
        except OSError:
            return WIDTH

    def started(self, name: str, running: Sequence[str]) -> None:
        self._running(running)

    def ended(self, result: Result, running: Sequence[str]) -> None:
        self.done += 1
        status = f"{result.status:<10}"
        if self.color:
            status = f"\x1b[{COLORS.get(result.status, '0')}m{status}\x1b[0m"
        took = f"{result.seconds:6.1f} s" if result.status in (PASSED, FAILED) else ""
        line = f"{status} {result.name:<{self.width}} {took}  "
        indent = len(line) - len(status) + 10
        first, *more = wrapped(result.reason, self._columns() - indent) if self.live else [result.reason]
        self.say((line + first).rstrip())
        for words in more:
            self.say(" " * indent + words)
        for number, finding in enumerate(result.findings[: policy.SHOWN_FINDINGS]):
            self.finding(finding, number < policy.SHOWN_DETAILS)
        hidden = len(result.findings) - policy.SHOWN_FINDINGS
        if hidden > 0:
            self.say(f"  and {hidden} more")
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


def wrapped(text: str, room: int) -> list[str]:
    """Lines of whole words; at least one, and none longer than the room or its one word."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return lines


def catalogue(gates: Sequence[Gate]) -> str:
    width = max(len(gate.name) for gate in gates)
    lines = []
    for gate in gates:
        first, *more = wrapped(gate.summary + (" (deep)" if gate.deep else ""), WIDTH - width - 4)
        lines += [f"  {gate.name:<{width}}  {first}", *(" " * (width + 4) + words for words in more)]
    return "\n".join(lines)
