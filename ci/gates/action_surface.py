"""The Action calls what `template-cli surface` lists, hands on the options that are there, and documents just that."""

from __future__ import annotations

import json

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import actioncalls, wheel

JOBS, DOC, CLI = "action/jobs.py", policy.ACTION_DOCUMENT, "libs/cli/src/cmd_verify.c"


def check(ctx: Context) -> list[Finding]:
    from action import jobs

    command = wheel.command(wheel.installed(ctx))
    surface = actioncalls.Surface(json.loads(ctx.must([command, "surface"])))
    calls, failed = actioncalls.observe(ctx, command)
    takes = {name: job.takes for name, job in jobs.JOBS.items()}
    found = [Finding(f"{name} does not work: {why}", JOBS) for name, why in failed.items()]
    for name, used in calls.items():
        found += [Finding(fault, JOBS) for fault in surface.faults(name, used, takes[name])]
    faults = actioncalls.table_faults(actioncalls.told(ctx.tree.text(DOC)), takes)
    found += [Finding(fault, DOC) for fault in faults]
    faults = actioncalls.file_faults(ctx.tree.text("action.yml"), list(takes), surface)
    return found + [Finding(fault, "action.yml") for fault in faults]


GATE = Gate(
    "the Action uses and documents what `template-cli surface` lists",
    check,
    needs=["build"],
    tools=wheel.TOOLS,
    inputs=[*wheel.INPUTS, "action.yml", "action/**", DOC],
    seconds=2,
    mutations=[
        Mutation("an option that is none", "hash does not work", [Edit(JOBS, 'ask("hash", []', 'ask("hash", ["--x"]')]),
        Mutation("a command that is none", "diff does not work", [Edit(JOBS, 'ask("diff"', 'ask("compare"')]),
        Mutation("an option goes", "verify does not work", [Edit(CLI, '{"symlinks", 0', '{"links", 0')]),
        Mutation(
            "an input that leads nowhere", "makes nothing of it", [Edit(JOBS, '*options(inputs, "symlinks")]', "]")]
        ),
        Mutation(
            "an option kept back",
            "does not take input symlinks",
            [Edit(JOBS, '("manifest", "symlinks")', '("manifest",)')],
        ),
        Mutation("a command is not told", "not both", [Edit(DOC, "| `hash` |", "| hash |")]),
        Mutation(
            "an input is not told", "command verify takes", [Edit(DOC, "`path`, `manifest`, `symlinks` |", "`path` |")]
        ),
        Mutation("a list that is short", "is told to be", [Edit("action.yml", "verify or hash.", "or verify.")]),
    ],
)
