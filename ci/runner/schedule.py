"""Runs gates: needs first, as many at once as there are jobs, each within its time."""

from __future__ import annotations

import sys
import time
from _thread import allocate_lock, start_new_thread

from ci import policy
from ci.runner.changed import allowed
from ci.runner.context import Context, Shared
from ci.runner.model import FAILED, NOT_NEEDED, PASSED, SKIPPED, Broken, Finding, Gate, NotNeeded, Result, Skip
from ci.runner.streams import Apart
from ci.runner.timing import Timings, cores, cpu_seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ci.runner.report import Report


class Options:
    """How the caller wants the run."""

    def __init__(
        self,
        *,
        jobs: int = 0,
        timeout: float = 0,
        no_skips: bool = False,
        fail_fast: bool = False,
        fix: bool = False,
        timings: bool = False,
    ) -> None:
        self.jobs = jobs or cores()
        self.timeout = timeout  # for every gate; 0: each gate's own
        self.no_skips = no_skips
        self.fail_fast = fail_fast
        self.fix = fix
        self.timings = timings


def answers(given: Iterable[Finding]) -> list[Finding]:
    """What a gate returned, if it is what gates return."""
    found = list(given)
    strange = next((item for item in found if not isinstance(item, Finding)), None)
    if strange is not None:
        raise TypeError(f"returned {strange!r:.80}, which is no Finding")
    return found


def strays(gate: Gate, ctx: Context) -> list[Finding]:
    """A gate that reads more than it says would be left out when it must not be."""
    found = [] if gate.always else ctx.strays()
    more = f" and {len(found) - 1} more" if found[1:] else ""
    where = f"ci/gates/{gate.name}.py"
    return [Finding(f"reads {found[0]}{more}, which is not among its inputs", where)] if found else []


def ignored(ctx: Context) -> list[Finding]:
    """Arguments that change nothing were meant for something else."""
    return [Finding(f"the gate made nothing of: -- {' '.join(ctx.ignored)}")] if ctx.ignored else []


def judge(gate: Gate, ctx: Context, fix: bool) -> Result:
    """One gate's answer, whatever happens in it."""
    began = time.monotonic()
    status, reason, findings = PASSED, "", []
    try:
        if gate.tools:
            ctx.toolbox.check(gate.tools)
        if fix and gate.fix:
            gate.fix(ctx)
            ctx.shared.tree.forget()
        findings = answers(gate.check(ctx)) + strays(gate, ctx) + ignored(ctx)
    except Skip as skip:
        status, reason = SKIPPED, str(skip)
    except NotNeeded as words:
        status, reason = NOT_NEEDED, str(words)
    except Broken as broken:
        findings = broken.findings
    except BaseException as error:  # a gate that exits has not answered
        import traceback

        findings = [Finding(f"the gate itself failed: {error!r}", details=traceback.format_exc())]
    if findings:
        status = FAILED
    seconds = time.monotonic() - began
    reason = reason or "; ".join(ctx.notes)
    result = Result(gate.name, status, reason=reason, seconds=seconds, findings=findings)
    result.began = began
    return result


def refuse_skips(result: Result) -> Result:
    """--no-skips: what could not be checked is not good."""
    if result.status != SKIPPED:
        return result
    findings = [Finding(f"skipped: {result.reason} (--no-skips)")]
    refused = Result(result.name, FAILED, seconds=result.seconds, findings=findings)
    refused.began, refused.proof, refused.words = result.began, result.proof, "--no-skips"
    return refused


def unfinished(names: Iterable[str], done: Iterable[Result], running: Iterable[str] = ()) -> list[Result]:
    """The results of a run that was interrupted, with a word on each gate that has none."""
    results, began = {result.name: result for result in done}, set(running)
    for name in names:
        reason = "interrupted on the way" if name in began else "interrupted before it began"
        results.setdefault(name, Result(name, SKIPPED, reason=reason))
    return list(results.values())


class Run:
    """One run of some gates."""

    def __init__(
        self,
        gates: Mapping[str, Gate],
        shared: Shared,
        options: Options,
        report: Report,
        args: Mapping[str, Sequence[str]],
        unneeded: Mapping[str, str] | None = None,
    ) -> None:
        self.gates = gates
        self.shared = shared
        self.options = options
        self.report = report
        self.args = args
        self.unneeded = dict(unneeded or {})  # name -> why
        self.waiting = sorted(gates, key=self._chain, reverse=True)
        self.running: dict[str, float] = {}  # name -> when its time is up
        self.results: dict[str, Result] = {}
        self.timings: Timings | None = None  # once it is over
        self.lock = allocate_lock()  # of all the above
        self.wake = allocate_lock()  # held while something runs
        self.wake.acquire()
        self.left = False  # nobody waits for answers any more
        self.fault: BaseException | None = None  # of the runner itself, in a thread

    def _chain(self, name: str) -> float:
        """Seconds from a gate's start to the end of the longest chain of gates that need it."""
        after = [self._chain(gate.name) for gate in self.gates.values() if name in gate.needs]
        return self.gates[name].seconds + max(after, default=0)

    def go(self) -> list[Result]:
        sys.setswitchinterval(0.001)  # a gate that computes must not keep others from starting what they run
        began, cpu = time.monotonic(), cpu_seconds()
        with Apart():
            self._go()
        results = [self.results[name] for name in self.gates]
        self.timings = Timings(self.gates, results, began, time.monotonic() - began, cpu_seconds() - cpu)
        if self.options.timings:
            for line in self.timings.lines():
                self.report.say(line)
        return results

    def _go(self) -> None:
        try:
            for name, why in self.unneeded.items():
                self.waiting.remove(name)
                self._keep(Result(name, NOT_NEEDED, reason=why))
            self.shared.provide(tool for name in self.waiting for tool in self.gates[name].tools)
            while True:
                with self.lock:
                    if not self.waiting and not self.running:
                        break
                    self._look_after()
                    begun = self._start()
                    until = min([time.monotonic() + policy.TICK_SECONDS, *self.running.values()])
                    running = bool(self.running)
                self._spread(begun)
                if running and self.wake.acquire(timeout=max(until - time.monotonic(), 0)) and self.fault:
                    raise self.fault
        finally:
            self.left = True
            self.shared.close()

    def known(self) -> list[Result]:
        """What is known now, should it end here."""
        return unfinished(self.gates, self.results.values(), self.running)

    def _start(self) -> list[tuple[Gate, Context]]:
        """The gates that may begin now."""
        begun = []
        for name in list(self.waiting):
            if name not in self.waiting:
                break  # a refused skip has stopped the rest
            gate = self.gates[name]
            lost = [n for n in gate.needs if n in self.results and self._stops(n)]
            if lost:
                ended = self.results[lost[0]].status
                reason = f"needs {lost[0]}, which was {ended}" if ended == SKIPPED else ""
                self.waiting.remove(name)
                self._keep(Result(name, SKIPPED, reason=reason or f"needs {lost[0]}, which failed"))
            elif self._has_room(gate) and all(n in self.results for n in gate.needs):
                self.waiting.remove(name)
                begun.append((gate, self._begin(gate)))
        return begun

    def _has_room(self, gate: Gate) -> bool:
        if gate.alone or any(self.gates[name].alone for name in self.running):
            return not self.running
        return len(self.running) < self.options.jobs

    def _stops(self, name: str) -> bool:
        return self.results[name].status in (FAILED, SKIPPED)

    def _begin(self, gate: Gate) -> Context:
        self.running[gate.name] = time.monotonic() + self._limit(gate.name)
        self.report.started(gate.name, list(self.running))
        inputs = allowed(self.gates, gate.name)
        return Context(self.shared, gate.name, self.args.get(gate.name, ()), inputs)

    def _spread(self, begun: Iterable[tuple[Gate, Context]]) -> None:
        for gate, ctx in begun:
            start_new_thread(self._work, (gate, ctx))

    def _work(self, gate: Gate, ctx: Context) -> None:
        """One gate after another, in a thread; no other has to be woken in between."""
        try:
            begun = [(gate, ctx)]
            while begun:
                result = judge(*begun[0], self.options.fix)
                with self.lock:
                    if self.left or self.running.pop(result.name, None) is None:
                        return  # it was ended, and its place taken
                    self._keep(result)
                    begun = self._start()
                    over = not self.running
                self._spread(begun[1:])
                if over:
                    self._rouse()
        except BaseException as error:
            self.fault = error
            self._rouse()

    def _rouse(self) -> None:
        try:
            self.wake.release()
        except RuntimeError:
            pass  # awake already

    def _look_after(self) -> None:
        """Ends what takes too long or prints without end."""
        now = time.monotonic()
        for name in [n for n, until in self.running.items() if until <= now]:
            self._end(name, f"took longer than {self._limit(name):g} s and was ended")
        self.report.tick()
        for name in self.shared.wild():
            if name in self.running:
                self._end(name, f"printed more than {policy.LOG_BYTES >> 20} MB and was ended")

    def _limit(self, name: str) -> float:
        return self.options.timeout or self.gates[name].timeout

    def _end(self, name: str, why: str) -> None:
        until = self.running.pop(name)
        self.shared.end(name)
        began = until - self._limit(name)
        result = Result(name, FAILED, seconds=time.monotonic() - began, findings=[Finding(why)])
        result.began = began
        self._keep(result)

    def _keep(self, result: Result) -> None:
        """Takes down a result. A skip whose cause is a failure above is already a red run; any other may be refused."""
        if result.status == SKIPPED and self.options.no_skips and not self._red_above(result.name):
            result = refuse_skips(result)
        if self.options.timeout and result.status == FAILED:
            result.words = f"{result.words} --timeout={self.options.timeout:g}".lstrip()
        if self.args.get(result.name):
            import shlex

            result.words = f"{result.words} -- {shlex.join(self.args[result.name])}".lstrip()
        self.results[result.name] = result
        self.report.ended(result, list(self.running))
        if result.status == FAILED and self.options.fail_fast:
            self._stop_rest()

    def _red_above(self, name: str) -> bool:
        return any(self.results[n].status == FAILED for n in self.gates[name].needs if n in self.results)

    def _stop_rest(self) -> None:
        rest = [*self.running, *self.waiting]
        for name in self.running:
            self.shared.end(name)
        self.running.clear()
        self.waiting.clear()
        for name in rest:
            self._keep(Result(name, SKIPPED, reason="stopped by --fail-fast"))
