"""Where a run's time went: the longest chain of gates that need each other, and how near to it the run came."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ci.runner.model import Gate, Result


class Timings:
    """Of one run: seconds of wall clock, of its longest chain, and of processors, all in all."""

    def __init__(
        self, gates: Mapping[str, Gate], results: Iterable[Result], wall: float, cpu: float, cores: int
    ) -> None:
        self.gates = gates
        self.ran = {result.name: result for result in results if result.began is not None}
        self.wall = wall
        self.cpu = cpu
        self.cores = cores
        self.chain = max((self._chain(name) for name in self.ran), key=self.seconds, default=[])

    def _chain(self, name: str) -> list[str]:
        """The longest way to the end of a gate."""
        needs = [self._chain(need) for need in self.gates[name].needs if need in self.ran]
        return [*max(needs, key=self.seconds, default=[]), name]

    def seconds(self, chain: list[str]) -> float:
        return sum(self.ran[name].seconds for name in chain)

    @property
    def bound(self) -> float:
        """No order of the same gates is faster: the chain is one after the other, and processors are as many as they are."""
        return max(self.seconds(self.chain), self.cpu / self.cores)

    def as_dict(self) -> dict[str, object]:
        return {
            "wall": round(self.wall, 3),
            "chain": self.chain,
            "chain_seconds": round(self.seconds(self.chain), 3),
            "cpu_seconds": round(self.cpu, 3),
            "cores": self.cores,
            "efficiency": round(self.bound / self.wall, 3) if self.wall else 1.0,
        }

    def lines(self, start: float) -> list[str]:
        """A table, in the order in which gates began."""
        width = max(map(len, self.ran), default=0)
        table = [f"{'gate':<{width}}    began     took"]
        for result in sorted(self.ran.values(), key=lambda result: result.began or 0):
            began = (result.began or 0) - start
            on_chain = "  *" if result.name in self.chain else ""
            table.append(f"{result.name:<{width}} {began:6.1f} s {result.seconds:6.1f} s{on_chain}")
        told = self.as_dict()
        table.append(f"* the longest chain: {' -> '.join(self.chain)}: {told['chain_seconds']:.1f} s")
        table.append(
            f"wall {self.wall:.1f} s, processors {self.cpu:.1f} s on {self.cores}: "
            f"{100 * self.bound / self.wall:.0f} % of the best that these gates allow"
        )
        return table


def cpu_seconds() -> float:
    """Of this process, and of all it has waited for."""
    return sum(os.times()[:4])
