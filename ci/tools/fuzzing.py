"""Runs fuzz targets for a while each, from the corpus of the tree and what earlier runs found."""

from __future__ import annotations

import glob
import os
import re

from ci import policy
from ci.runner.model import Finding
from ci.tools import native, sanitizers
from ci.tools.parallel import gather

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ci.runner.context import Context

_NOT_SO = re.compile(r"^(\S+?):(\d+): (not so: .+)$", re.M)
_SUMMARY = re.compile(r"^SUMMARY: (?:libFuzzer: )?(.+)$", re.M)
_WRITTEN = re.compile(r"Test unit written to (\S+)")
_RUNS = re.compile(r"^Done (\d+) runs", re.M)


def programs(folder: str) -> list[str]:
    """The targets that a build folder holds."""
    found = glob.glob(os.path.join(folder, "libs", "*", "fuzz", "fuzz_*"))
    return sorted(path for path in found if os.path.isfile(path) and os.access(path, os.X_OK))


def run(ctx: Context, seconds: int, only: str = "") -> list[Finding]:
    """Findings of all targets, or of one, after so many seconds each."""
    chosen = [path for path in programs(native.built(ctx, "fuzz")) if only in ("", _name(path))]
    if not chosen:
        return [Finding(f"there is no fuzz target {only}".rstrip())]
    return gather(lambda path: _fuzz(ctx, path, seconds), chosen, ctx.jobs)


def _name(path: str) -> str:
    return os.path.basename(path).partition("_")[2]


def _fuzz(ctx: Context, program: str, seconds: int) -> list[Finding]:
    name = _name(program)
    found, ended = ctx.scratch("fuzz", name), ctx.scratch("fuzz", f"{name}-ended")  # what ended it before comes first
    seeds = [ctx.path("tests", "data", folder) for folder in (f"fuzz/{name}", *policy.MORE_SEEDS.get(name, ()))]
    limits = [f"-max_total_time={seconds}", f"-timeout={policy.FUZZ_TIMEOUT}", f"-rss_limit_mb={policy.FUZZ_MEGABYTES}"]
    done = ctx.run([program, *limits, f"-artifact_prefix={ended}/", "-print_final_stats=1", found, ended, *seeds])
    runs = _RUNS.search(done.text)
    if done.code == 0 and runs:
        ctx.note(f"{name} {int(runs[1]):,} runs")
        return []
    return [judged(done.text, ctx.root, program) or ctx.failure(done)]


def judged(text: str, root: str, program: str) -> Finding | None:
    """What a target that ended itself said, and how to see it again."""
    written, summary = _WRITTEN.search(text), _SUMMARY.search(text)
    if not written:
        return None
    again = f"{os.path.relpath(program, root)} {os.path.relpath(written[1], root)}"
    placed = [Finding(words, os.path.normpath(path), int(line)) for path, line, words in _NOT_SO.findall(text)]
    placed += sanitizers.findings(text, root)
    first = placed[0] if placed else Finding(summary[1] if summary else "ended")
    return Finding(f"{first.message}; again: {again}", first.path, first.line)
