"""The three trials of the Action: its contract, the recipes, and hostile values for its inputs."""

from __future__ import annotations

import os
import shutil
import tempfile

from ci import policy
from ci.runner.model import Finding
from ci.tools import actionfile, composite, hostile, parallel, recipes, scenarios, workbench

TYPE_CHECKING = False
if TYPE_CHECKING:
    pass

CONTRACT = "tests/action/contract.yml"
# What the contract's steps tell the runner, and words of their summaries.
TOLD = [
    ("notice", "added: sub/new.txt"),
    ("notice", "modified: one.txt"),
    ("notice", "deleted: sub/two.txt"),
    ("error", "added: sub/new.txt"),
    ("error", "modified: notes.md"),
    ("error", "modified: one.txt"),
    ("error", "deleted: sub/two.txt"),
    ("error", "1 added, 2 modified, 1 deleted (fail-on-difference)"),
    ("error", "input command is 'undo', not one of snapshot, diff, verify, hash"),
    ("error", "no such directory: no such file or directory"),
]
SUMMARIES = (
    "### template-cli snapshot: 3 files",
    "### template-cli diff: 1 added, 1 modified, 1 deleted",
    "| deleted | <code>sub/two&#46;txt</code> |",
    "### ❌ template-cli verify: 1 added, 2 modified, 1 deleted",
    "### template-cli hash: 2 files",
)


def contract(bench: workbench.Bench, place: str) -> list[Finding]:
    """The workflow that says what the Action promises, in a checkout of this tree."""
    ctx, files = bench.ctx, os.path.join(place, "contract")
    workbench.copy_tree(ctx, files)
    shutil.copy(bench.wheel, os.path.join(files, "tool.whl"))
    ran = bench.run(ctx.tree.text(CONTRACT), files, os.path.join(place, "nothing"))
    faults = [line for line in ran.text.splitlines() if line.startswith("failed: ")] or ["it does not succeed"]
    found = (
        []
        if ran.results == {"outputs": "success"}
        else [Finding(faults[-1], CONTRACT, step_line(ctx.tree.text(CONTRACT), faults[-1]), ran.text)]
    )
    if not found:
        told = [(name, message) for name, message in ran.told]
        if [(n, m[-len(w) :]) for (n, m), (_, w) in zip(told, TOLD)] != TOLD or len(told) != len(TOLD):
            found.append(Finding(f"the runner is told {told}", CONTRACT, 1))
        found += [
            Finding(f"no summary holds {words!r}", CONTRACT, 1) for words in SUMMARIES if words not in ran.summaries
        ]
    return found


def step_line(text: str, fault: str) -> int:
    """The line of the step that a run calls failed."""
    return actionfile.line_of(text, fault.removeprefix("failed: ").strip()) or 1


def try_recipes(bench: workbench.Bench, place: str) -> list[Finding]:
    texts = recipes.texts(bench.ctx)
    found = [] if len(texts) >= len(scenarios.SCENARIOS) else [Finding("a recipe is gone", policy.ACTION_DOCUMENT)]
    return found + parallel.gather(
        lambda each: scenarios.play(bench, each[0], each[1], place, len(each[1]) - len(each[1].lstrip("\n"))),
        texts.items(),
        bench.ctx.jobs,
    )


def hostile_values(bench: workbench.Bench, place: str, only: str = "") -> list[Finding]:
    """One call for each value, each in a workspace of its own; those of one input, if it is named."""
    calls = [call for call in hostile.calls() if only in ("", call[0])]
    bench.ctx.note(f"{len(calls)} hostile values")
    return parallel.gather(lambda call: hostile_call(bench, place, *call), calls, bench.ctx.jobs)


def hostile_call(bench: workbench.Bench, place: str, name: str, value: str, given: dict[str, str]) -> list[Finding]:
    ctx = bench.ctx
    at = tempfile.mkdtemp(prefix="call-", dir=place)
    workspace = os.path.join(at, "workspace")
    os.makedirs(os.path.join(workspace, "tree"))
    for path, text in (("tree/file", "x\n"), ("base.json", bench.base)):
        with open(os.path.join(workspace, path), "w", encoding="utf-8") as file:
            file.write(text)
    source = composite.Source(bench.find, bench.documents, lambda to: None)
    job = composite.Job(ctx, source, workspace, {"github": {"workspace": workspace}})
    before = hostile.tree(at, job.place)
    good, outputs = composite.Scope(job, None, "").call("OWNER/ours@COMMIT", given)
    manifest = given.get("manifest", "").rstrip("\r\n")
    target = os.path.join(workspace, manifest) if manifest else ""
    after = hostile.tree(at, job.place)
    faults = [*hostile.faults(job, good, outputs, target), *hostile.changed(before, after, target, at)]
    shutil.rmtree(at)
    line = actionfile.line_of(ctx.tree.text("action.yml"), f"  {name}:")
    shown = value if len(value) < 60 else value[:60] + "..."
    return [Finding(f"input {name} = {shown!r}: {fault}", "action.yml", line, job.output) for fault in faults]


def trial(bench: workbench.Bench, place: str, name: str) -> list[Finding]:
    """One of the three: contract, recipes or hostile; hostile:NAME for one input alone."""
    kind, _, only = name.partition(":")
    if kind == "hostile":
        return hostile_values(bench, place, only)
    return {"contract": contract, "recipes": try_recipes}[kind](bench, place)


TRIALS = ("contract", "recipes", "hostile")
