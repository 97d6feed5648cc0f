"""Where a run's time went: the longest chain of gates that need each other, and how near to it the run came."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ci.runner.model import Gate, Result


def cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cpu_seconds() -> float:
    """Of this process, and of all it has waited for."""
    return sum(os.times()[:4])


class Timings:
    """Of one run: when it began, seconds of wall clock, and of processors."""

    def __init__(
        self, gates: Mapping[str, Gate], results: Iterable[Result], began: float, wall: float, cpu: float
    ) -> None:
        self.gates = gates
        self.ran = {result.name: result for result in results if result.began is not None}
        self.began = began
        self.wall = wall
        self.cpu = cpu

    def seconds(self, names: list[str]) -> float:
        return sum(self.ran[name].seconds for name in names)

    def chain(self) -> list[str]:
        """The gates, each in need of the one before, that take longest one after the other."""
        ways: dict[str, list[str]] = {}
        for name in self.gates:  # needs come first
            if name in self.ran:
                needs = [ways[need] for need in self.gates[name].needs if need in ways]
                ways[name] = [*max(needs, key=self.seconds, default=[]), name]
        return max(ways.values(), key=self.seconds, default=[])

    def bound(self) -> float:
        """What no order of these gates can go below: the longest chain, or all cores busy all the time."""
        return max(self.seconds(self.chain()), self.cpu / cores())

    def as_dict(self) -> dict[str, object]:
        chain = self.chain()
        return {
            "wall": round(self.wall, 3),
            "chain": chain,
            "chainSeconds": round(self.seconds(chain), 3),
            "cpuSeconds": round(self.cpu, 3),
            "cores": cores(),
            "efficiency": round(self.bound() / self.wall, 3) if self.wall else 1.0,
        }

    def lines(self) -> list[str]:
        """A table, in the order in which gates began, and what bounds the whole."""
        chain = self.chain()
        width = max(map(len, self.ran), default=0)
        table = [f"{'':<{width}}     began      took"]
        for result in sorted(self.ran.values(), key=lambda result: result.began or 0):
            mark = "  *" if result.name in chain else ""
            began = (result.began or 0) - self.began
            table.append(f"{result.name:<{width}} {began:7.1f} s {result.seconds:7.1f} s{mark}")
        table.append(f"* longest chain: {' -> '.join(chain) or 'none'}: {self.seconds(chain):.1f} s")
        busy = f"{self.cpu:.1f} s of processor time on {cores()} cores"
        table.append(f"wall {self.wall:.1f} s, {busy}: {100 * self.bound() / self.wall:.0f} % of what is possible")
        return table
