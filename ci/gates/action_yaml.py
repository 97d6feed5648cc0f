"""What the Action declares is so: schema, inputs and outputs, pins, and no expression inside a script."""

from __future__ import annotations

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import actionfile, yamlfile

FILE = "action.yml"
STEP = '      run: exec "$GITHUB_ACTION_PATH/action/start.sh" run\n'
BASE = "        IN_BASE: ${{ inputs.base }}\n"


def check(ctx: Context) -> list[Finding]:
    paths = ctx.tree.glob(*policy.ACTIONS)
    found = actionfile.schema(ctx, "github-actions", paths)
    if found:
        return found
    told = ctx.tree.text(policy.ACTION_DOCUMENT)
    for path, action in yamlfile.load(ctx, paths).items():
        text = ctx.tree.text(path)
        found += actionfile.declared(path, text, action, told) + actionfile.shellcheck(ctx, path, text, action)
    return found + actionfile.zizmor(ctx, paths)


def edit(find: str, text: str) -> list[Edit]:
    return [Edit(FILE, find, text)]


LOOSE = edit("  steps:\n", "  steps:\n    - uses: actions/cache@v5\n")
NEW = "name: new\ndescription: a new one\nruns: {using: composite, steps: [{uses: actions/cache@v5}]}\n"
RAN = edit("steps.run.outputs.report", "steps.ran.outputs.report")
UNTOLD = edit("  add-to-path:\n", "  new:\n    description: one that is new\n  add-to-path:\n")
GATE = Gate(
    "the Action's files fit schema, scripts, pins and document",
    check,
    tools=["check-jsonschema", "shellcheck", "zizmor"],
    inputs=[*policy.ACTIONS, "action/**", policy.ACTION_DOCUMENT],
    seconds=3,
    mutations=[
        Mutation("a misspelt key", "is not valid under", edit("  using: composite", "  usin: composite"), at=FILE),
        Mutation("an input in a script", "value would be code", edit(STEP, STEP[:-1] + " ${{ inputs.path }}\n")),
        Mutation("an input that nobody reads", "input base is used by no step", edit(BASE, ""), at=FILE),
        Mutation("an input not declared", "input bas is not declared", edit(BASE, BASE.replace(".base", ".bas"))),
        Mutation("an output of no step", "step ran, which is none", RAN),
        Mutation("an empty description", "deleted has no description", edit('"How many files are gone."', '""')),
        Mutation("an action by its tag", "not pinned", LOOSE),
        Mutation("an action with the other suffix", "not pinned", [Edit("action/new/action.yaml", text=NEW)]),
        Mutation("an input that is not told", "is not in docs", UNTOLD),
        Mutation("a slip in a step's shell", "SC2086", edit(STEP, STEP.replace('"', ""))),
    ],
)
