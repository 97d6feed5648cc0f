"""Runs the benchmarks on small inputs, and judges what they say: not how fast, but whether all of it was measured."""

from __future__ import annotations

import json
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

from ci.runner.context import tail
from ci.runner.model import Finding
from ci.tools import native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ci.runner.context import Context

SCRIPT = "benchmarks/bench.py"
_NUMBER = re.compile(r"^NUMBER = (\d+)$", re.M)
_CIRCLE = "{http://www.w3.org/2000/svg}circle"


def rows(ctx: Context) -> list[str]:
    """The numbers of all rows that there are."""
    return [
        match[1] for path in ctx.tree.glob("benchmarks/rows/*.py") for match in _NUMBER.finditer(ctx.tree.text(path))
    ]


def smoke(ctx: Context, wanted: Sequence[str]) -> list[Finding]:
    """One run of the rows on a hundredth of their inputs, with the peers that the machine has or an index gives."""
    command = os.path.join(native.built(ctx, "release"), "libs", "cli", "template-cli")
    folder = ctx.scratch("benchmarks")
    os.makedirs(folder, exist_ok=True)
    paths = {kind: os.path.join(folder, f"results.{kind}") for kind in ("json", "markdown", "svg")}
    written = [word for kind, path in paths.items() for word in (f"--{kind}", path)]
    argv = [sys.executable, SCRIPT, *wanted, "--smoke", "--cli", command, *written]
    done = ctx.run(argv)
    if done.code:
        last = done.text.strip().splitlines()[-1:]
        return [Finding(f"exits with {done.code}: {''.join(last)}", SCRIPT, _line(ctx, SCRIPT), tail(done.text))]
    texts = {}
    for kind, path in paths.items():
        with open(path, encoding="utf-8") as file:
            texts[kind] = file.read()
    found = json.loads(texts["json"])["rows"]
    for why in dict.fromkeys(each["why"] for row in found for each in row["left_out"]):
        ctx.note(f"left out: {why}")
    list_ = faults(found, {int(row) for row in wanted}, ctx.no_skips)
    list_ += report_faults(found, texts["markdown"], texts["svg"])
    for finding in list_:
        finding.line = _line(ctx, finding.path)
    return list_


def _line(ctx: Context, path: str) -> int:
    """Where a script says what it is about: its targets, or its first function."""
    for number, line in enumerate(ctx.tree.text(path).splitlines(), 1):
        if line.startswith(("TARGETS", "def ")):
            return number
    return 1


def faults(found: list[dict[str, Any]], wanted: set[int], no_skips: bool) -> list[Finding]:
    """Rows that did not run, targets that nothing can answer, peers that vanished without a word; and in a run that takes
    no skips, what an index would have given."""
    said = {row["row"] for row in found}
    list_ = [Finding(f"row {number} did not run", SCRIPT) for number in sorted(wanted - said)]
    for row in found:
        where = f"row {row['row']}"
        for name, samples in row["seconds"].items():
            if not samples or min(samples) <= 0:
                list_.append(Finding(f"{where}: {name} was not timed", row["file"]))
        missing = [o["target"] for o in row["outcomes"] if o["met"] is None]
        if missing and not row["left_out"]:
            list_ += [Finding(f"{where}: nothing answers the target '{target}'", row["file"]) for target in missing]
        for name in sorted({o["ours"] for o in row["outcomes"]} - set(row["programs"])):
            if name not in {each["name"] for each in row["left_out"]}:
                list_.append(Finding(f"{where}: there is no {name}, which a target is about", row["file"]))
        for why in dict.fromkeys(each["why"] for each in row["left_out"] if each["index"] and no_skips):
            list_.append(Finding(f"{where}: left out: {why}", row["file"]))
    return list_


def report_faults(found: list[dict[str, Any]], markdown: str, svg: str) -> list[Finding]:
    """The table has a line for every target; the chart is well-formed, complete, and wants nothing from elsewhere."""
    outcomes = [outcome for row in found for outcome in row["outcomes"]]
    list_ = [
        Finding(f"the table lacks the target '{o['target']}'", "benchmarks/report.py")
        for o in outcomes
        if f"| {o['target']} |" not in markdown
    ]
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        return [*list_, Finding(f"the chart is not well-formed: {error}", "benchmarks/report.py")]
    dots = len(list(root.iter(_CIRCLE)))
    measured = sum(o["met"] is not None for o in outcomes)
    if dots != measured:
        list_.append(Finding(f"the chart has {dots} dots for {measured} ratios", "benchmarks/report.py"))
    if "href" in svg or "url(" in svg:
        list_.append(Finding("the chart refers to something outside itself", "benchmarks/report.py"))
    return list_
