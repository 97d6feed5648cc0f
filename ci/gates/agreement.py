"""Command and module of one environment come from one build of one core."""

from __future__ import annotations

import os

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Finding, Gate, Mutation
from ci.tools import deliverables, stale, wheel


def judge(ctx: Context, bin_folder: str) -> list[Finding]:
    command, module = deliverables.ask(ctx, bin_folder)
    where = os.path.relpath(bin_folder, ctx.root)
    found = [told.fault for told in (command, module) if told.fault]
    if not found and command.version != module.version:
        found = [Finding(f"the command is {command.version}, the module {module.version}", where)]
    if not found and command.build != module.build:
        words = f"the command is build {command.build}, the module {module.build}: one is stale"
        found = [Finding(words, where)]
    return found


def check(ctx: Context) -> list[Finding]:
    found = judge(ctx, wheel.installed(ctx))
    editable = ctx.path(".venv", "bin")
    if os.path.exists(os.path.join(editable, policy.COMMAND)):
        found += judge(ctx, editable)
    return found


GATE = Gate(
    "command and module report one version and one build, installed and editable",
    check,
    needs=["build"],
    tools=wheel.TOOLS,
    inputs=wheel.INPUTS,
    always="it looks into .venv, too",
    seconds=10,
    mutations=[
        Mutation("an older command in the wheel's environment", "one is stale", act=stale.command),
        Mutation("a command that does not start", "exits with 127", act=stale.no_command),
    ],
)
