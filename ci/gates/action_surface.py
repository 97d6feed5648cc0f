"""The Action calls what `template-cli surface` lists, hands on the options that are there, and documents just that."""

from __future__ import annotations

import json

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import actioncalls, actionfile, wheel

JOBS, DOC, FILE, CLI = "action/jobs.py", policy.ACTION_DOCUMENT, "action.yml", "libs/cli/src/cmd_verify.c"


def check(ctx: Context) -> list[Finding]:
    from action import jobs

    command = wheel.command(wheel.installed(ctx))
    surface = actioncalls.Surface(json.loads(ctx.must([command, "surface"])))
    calls, failed = actioncalls.observe(ctx, command)
    takes = {name: job.takes for name, job in jobs.JOBS.items()}
    lines = {path: ctx.tree.text(path) for path in (JOBS, DOC, FILE)}
    faults = [(JOBS, f'"{name}": Job(', f"{name} does not work: {why}") for name, why in failed.items()]
    for name, used in calls.items():
        faults += [(JOBS, f'"{name}": Job(', fault) for fault in surface.faults(name, used, takes[name])]
    faults += [(DOC, words, fault) for words, fault in actioncalls.table_faults(actioncalls.told(lines[DOC]), takes)]
    faults += [(FILE, words, fault) for words, fault in actioncalls.file_faults(lines[FILE], list(takes), surface)]
    return [Finding(fault, path, actionfile.line_of(lines[path], words) or 1) for path, words, fault in faults]


def fault(what: str, expect: str, path: str, find: str, text: str, at: str = "") -> Mutation:
    return Mutation(what, expect, [Edit(path, find, text)], at=at or path)


GATE = Gate(
    "the Action uses and documents what `template-cli surface` lists",
    check,
    needs=["build"],
    tools=wheel.TOOLS,
    inputs=[*wheel.INPUTS, "action.yml", "action/**", DOC],
    seconds=2,
    mutations=[
        fault("an option that is none", "hash does not work", JOBS, 'ask("hash", []', 'ask("hash", ["--x"]'),
        fault("a command that is none", "diff does not work", JOBS, 'ask("diff"', 'ask("compare"'),
        fault("an option goes", "verify does not work", CLI, '{"symlinks", 0', '{"links", 0', JOBS),
        fault("an input that leads nowhere", "nothing of it", JOBS, '*options(inputs, "symlinks")]', "]"),
        fault("an option kept back", "does not take input", JOBS, '("manifest", "symlinks")', '("manifest",)'),
        fault("a command is not told", "not both", DOC, "| `hash` |", "| hash |"),
        fault("an input is not told", "verify takes", DOC, "`path`, `manifest`, `symlinks` |", "`path` |"),
        fault("a list that is short", "is told to be", FILE, "verify or hash.", "or verify."),
    ],
)
