"""The Action does what it promises, whatever it is given; recipes do what their text says."""

from __future__ import annotations

import tempfile

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import actionrun, wheel, workbench

STEP, DIFFERS = '      run: exec "$GITHUB_ACTION_PATH/action/start.sh" run\n', '"$OUTCOME" = failure'
CODE = STEP.replace("exec", "true ${{ inputs.include }}; exec")
OTHER, LEFT = "Nothing else of the job is different", 'failed: [ "$LEFT" = 0 ]'
WITH, PATH = "          exclude: |\n            **/*.md\n      - id: cache\n", "      - id: cache\n"
AT = {"hostile:include": "action.yml", "contract": actionrun.CONTRACT, "recipes": policy.ACTION_DOCUMENT}
RUN, GET, CLEAN = "action/run.py", "action/get.py", "action/clean.py"


def check(ctx: Context) -> list[Finding]:
    ctx.toolbox.provide(["act"])
    act = "act" not in ctx.toolbox.lost
    ctx.note("by act" if act else "without act, by the interpreter alone")
    found = []
    with tempfile.TemporaryDirectory(prefix="action-run-") as place:
        bench = workbench.Bench(ctx, place, act)
        for name in ctx.args or actionrun.TRIALS:
            found += actionrun.trial(bench, place, name)
    return found


def fault(trial: str, what: str, expect: str, path: str, find: str, text: str) -> Mutation:
    return Mutation(what, expect, [Edit(path, find, text)], args=[trial], at=AT[trial])


GATE = Gate(
    "the Action keeps its contract, its recipes work, and hostile inputs do nothing",
    check,
    needs=["build"],
    tools=[*wheel.TOOLS, "check-jsonschema"],
    inputs=[*workbench.INPUTS, policy.ACTION_DOCUMENT],
    timeout=1200,
    seconds=60,
    mutations=[
        fault("hostile:include", "an input is code", "input include = ", "action.yml", STEP, CODE),
        fault("contract", "a difference does not fail", DIFFERS, RUN, "return int(failing)", "return 0"),
        fault("contract", "PATH changes unasked", OTHER, GET, "    if add:\n", "    if made:\n"),
        fault("contract", "cleanup leaves all", LEFT, CLEAN, "            shutil.rmtree(folder)\n", ""),
        fault("contract", "nobody is told", "the runner is told", RUN, "if mark:", "if False:"),
        fault("recipes", "a forgotten pattern", "s-content, run 3", policy.ACTION_DOCUMENT, WITH, PATH),
    ],
)
