"""Times commands against each other: whole processes, interleaved, as ratios within one run."""

from __future__ import annotations

import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Callable

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "bench"
DEADLINE = ROOT / "tests" / "requirements-deadline.txt"  # the reference, as the tests have it


install = True  # whether peers may come from package indexes
install_packages = False  # whether they may come from the system's package manager
left_out: list[dict[str, Any]] = []  # what the row at hand goes without


class Unavailable(Exception):
    """A peer that this machine does not have; the text says how to get it."""


class NoIndex(Unavailable):
    """A peer that a package index would have given."""


def leave_out(missing: Unavailable | str, name: str = "") -> None:
    """Says that the row goes without a peer, and notes it for the results."""
    left_out.append({"name": name, "why": str(missing), "index": isinstance(missing, NoIndex)})
    print(f"  left out: {name + ': ' if name else ''}{missing}")


@dataclass
class Contender:
    """A command to time. `repeat` runs of it are one sample, for commands of a millisecond."""

    name: str
    argv: Sequence[str]
    repeat: int = 1
    cwd: Path | None = None
    env: dict[str, str] | None = None  # beside what we have
    before: Callable[[], None] | None = None  # done before each sample, not timed
    inner: bool = False  # its last line says how many seconds the part of it took that counts
    files: int = 0  # how many it looks at, if its system calls a file are worth a figure


@dataclass
class Timed:
    wall: list[float] = field(default_factory=list)  # seconds a command, one a round
    cpu: list[float] = field(default_factory=list)  # user and system seconds
    rss: list[float] = field(default_factory=list)  # peak, in MiB

    def medians(self) -> dict[str, float]:
        named = {"wall": self.wall, "cpu": self.cpu, "rss": self.rss}
        return {name: statistics.median(samples) for name, samples in named.items()}


@dataclass
class Target:
    """ours / peer, both less `less`, must be at most `limit`; `peers` are alternatives of which the best counts."""

    label: str
    ours: str
    peers: Sequence[str]
    limit: float
    less: str = ""
    measure: str = "wall"  # or another list of Timed
    floor: str = "floor"  # the contender that does only what nobody can leave out, if the row has it


def run_once(contender: Contender, answer: str = os.devnull) -> resource.struct_rusage:
    """One run with standard output thrown away, so that no disk is part of what is timed."""
    pid = os.posix_spawnp(
        contender.argv[0],
        list(contender.argv),
        {**os.environ, **(contender.env or {})},
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, answer, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)],
    )
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        code = os.waitstatus_to_exitcode(status)
        raise RuntimeError(f"{contender.name}: {' '.join(contender.argv)}: exit {code}")
    return usage


def sample(contender: Contender, record: Timed) -> None:
    """Runs it as often as one sample wants, and notes what that took."""
    answer = WORK / "answer"
    begin = time.perf_counter()
    usages = [run_once(contender, str(answer) if contender.inner else os.devnull) for _ in range(contender.repeat)]
    wall = (time.perf_counter() - begin) / contender.repeat
    record.wall.append(float(answer.read_text().split()[-1]) if contender.inner else wall)
    record.cpu.append(sum(u.ru_utime + u.ru_stime for u in usages) / len(usages))
    record.rss.append(max(u.ru_maxrss for u in usages) / 1024)


def peak_text(mib: float) -> str:
    """A peak of memory; a program's begins at that of the process that starts it, this one."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{'<=' if mib <= own else ''}{mib:.0f}"


def measure(
    contenders: Sequence[Contender],
    rounds: int,
    warm: Callable[[], None] | None = None,
) -> dict[str, Timed]:
    """`rounds` rounds in each of which every contender runs once, in turn, after `warm`."""
    WORK.mkdir(parents=True, exist_ok=True)
    timed = {c.name: Timed() for c in contenders}
    for number in range(rounds + 1):  # the first round warms everything and is not counted
        order = contenders if number % 2 else list(reversed(contenders))
        for contender in order:
            if warm is not None:
                warm()
            if contender.before is not None:
                contender.before()
            here = os.getcwd()
            os.chdir(contender.cwd or here)
            sample(contender, Timed() if number == 0 else timed[contender.name])
            os.chdir(here)
        if sys.stderr.isatty():
            print(f"  round {number}/{rounds}", end="\r", file=sys.stderr, flush=True)
    return timed


def ratios(timed: dict[str, Timed], target: Target, peer: str, measure: str) -> list[float]:
    """The ratio ours / peer, round by round; both less what a third one takes, if one is named."""
    ours, theirs = (getattr(timed[name], measure) for name in (target.ours, peer))
    base = getattr(timed[target.less], measure) if target.less else [0.0] * len(ours)
    return [(a - c) / (b - c) if b > c else float("inf") for a, b, c in zip(ours, theirs, base)]


def judge(timed: dict[str, Timed], target: Target) -> dict[str, object]:
    """The target's outcome against the fastest of its peers that ran."""
    present = [p for p in target.peers if p in timed and timed[p].wall]
    if not present or target.ours not in timed:
        return {"target": target.label, "ours": target.ours, "limit": target.limit, "met": None, "peer": None}
    best = min(present, key=lambda p: statistics.median(getattr(timed[p], target.measure)))
    found = ratios(timed, target, best, target.measure)
    median = statistics.median(found)
    least = None  # where the floor program stands: nothing that does the work can be below
    if target.floor in timed and target.measure == "wall":
        least = statistics.median(ratios(timed, replace(target, ours=target.floor), best, target.measure))
    return {
        "target": target.label,
        "ours": target.ours,
        "peer": best,
        "limit": target.limit,
        "met": median <= target.limit,
        "median": median,
        "floor": least,
        "min": min(found),
        "max": max(found),
        "cpu": statistics.median(ratios(timed, target, best, "cpu")),
    }


def system_calls(contender: Contender) -> float | None:
    """How many it makes for each of its files, all its threads and processes together; None where strace cannot say."""
    strace = shutil.which("strace")
    if strace is None or not contender.files:
        return None
    if contender.before is not None:
        contender.before()
    counts = WORK / "calls"
    done = subprocess.run(
        [strace, "-f", "-c", "-o", str(counts), *contender.argv],
        cwd=contender.cwd,
        env={**os.environ, **(contender.env or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return counted(counts.read_text()) / contender.files if done.returncode == 0 else None


_CALLS = re.compile(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +(?:\d+ +)?(?!total$)\w+$", re.M)


def counted(summary: str) -> int:
    """The calls in what `strace -c` writes: a line for each kind, with its share, seconds, mean, calls and errors."""
    return sum(map(int, _CALLS.findall(summary)))


def find(program: str, package: str) -> str:
    """The path of a peer on this machine, to which it may be brought first."""
    found = shutil.which(program)
    if found is None and install_packages:
        _get(package)
        found = shutil.which(program)
    if found is None:
        raise Unavailable(f"{program} is not installed (Debian: apt-get install {package})")
    return found


def _get(package: str) -> None:
    """Asks the system's package manager, where it may be used, for a package; they call our peers alike."""
    from ci.tools import system

    manager, before = system.manager(), system.privilege()
    if manager is not None and before is not None:
        print(f"  installing {package} ({manager})")
        if manager == "apt-get":
            subprocess.run([*before, manager, "update", "-q"], stdout=subprocess.DEVNULL, check=False)
        subprocess.run([*before, *system.INSTALL[manager], package], stdout=subprocess.DEVNULL, check=False)


def build_floor(name: str, *flags: str) -> str:
    """Compiles a floor program; the header of xxHash must be installed."""
    source = Path(__file__).resolve().parent / "floors" / f"{name}.c"
    binary = WORK / "floors" / name
    binary.parent.mkdir(parents=True, exist_ok=True)
    newest = max(path.stat().st_mtime for path in (source, *source.parent.glob("*.h")))
    if not binary.exists() or binary.stat().st_mtime < newest:
        compiler = os.environ.get("CC", "cc")
        subprocess.run(
            [compiler, "-O2", "-march=native", "-pthread", *flags, str(source), "-o", str(binary)],
            check=True,
        )
    return str(binary)


def needs_index(what: str) -> None:
    if not install:
        raise NoIndex(f"{what} is not there, and nothing may be installed")


def environment(name: str, requirements: Path) -> Path:
    """The programs of an environment that holds what the requirements pin by hash; made once."""
    folder = WORK / "environments" / name
    stamp = folder / "stamp"
    pinned = requirements.read_text()
    if not stamp.exists() or stamp.read_text() != pinned:
        needs_index(requirements.name)
        print(f"  installing {requirements.name}")
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--require-hashes"]
        try:
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
            subprocess.run([*pip, "-r", str(requirements)], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise NoIndex(f"what {requirements.name} pins cannot be installed ({error})") from None
        stamp.write_text(pinned)
    return folder / "bin"


def machine() -> dict[str, object]:
    """What the figures were taken on."""
    model = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    return {
        "cpu": model,
        "cpus": len(os.sched_getaffinity(0)),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
    }


def wheel_command() -> str | None:
    """The command as `./ci.sh demo` installed it from the wheel."""
    for path in sorted((ROOT / "build" / "venv").glob("*/bin/template-cli")):
        return str(path)
    return None
