"""Workflows are thin, pinned, and may do no more than they need."""

from __future__ import annotations

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import actionfile, recipes, workflowfile, yamlfile

CI, DOC, RELEASE = ".github/workflows/ci.yml", policy.ACTION_DOCUMENT, ".github/workflows/release.yml"
LEFT = "          fetch-depth: 0\n          persist-credentials: false\n"
NEW = "name: new\npermissions: {}\non: push\njobs: {a: {runs-on: x, timeout-minutes: 1, steps: [{run: make}]}}\n"
PART = "name: new\ndescription: a new one\nruns: {using: composite, steps: [{shell: sh, run: rm $x}]}\n"
ALL, PIN = "./ci.sh all --no-skips --junit", "3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"


def check(ctx: Context) -> list[Finding]:
    paths = ctx.tree.glob(*policy.WORKFLOWS)
    copies = recipes.copies(ctx)
    parts, updates = ctx.tree.glob(*policy.WORKFLOW_ACTIONS), ctx.tree.glob(*policy.DEPENDABOT)
    found = actionfile.schema(ctx, "github-workflows", paths) + actionfile.schema(ctx, "github-actions", parts)
    found += recipes.placed(actionfile.schema(ctx, "github-workflows", copies))
    found += actionfile.schema(ctx, "dependabot", updates)
    if found:
        return found
    for path, document in yamlfile.load(ctx, [*paths, *parts]).items():
        text, judge = ctx.tree.text(path), workflowfile.judge if path in paths else workflowfile.steps
        found += judge(path, text, document) + actionfile.shellcheck(ctx, path, text, document)
    found += actionfile.zizmor(ctx, [*paths, *parts, *updates])
    return found + recipes.placed(actionfile.zizmor(ctx, copies, "regular"))


GATE = Gate(
    "workflows and recipes fit schema and zizmor; ours are thin, pinned, and may do little",
    check,
    tools=["check-jsonschema", "shellcheck", "zizmor"],
    inputs=[".github/**", policy.ACTION_DOCUMENT],
    seconds=3,
    mutations=[
        Mutation(
            "a misspelt key", "timeout-minute", [Edit(RELEASE, "timeout-minutes: 60", "timeout-minute: 60")], at=RELEASE
        ),
        Mutation("logic in a step", "a step runs ./ci.sh", [Edit(CI, ALL, f"true && {ALL}")]),
        Mutation("a workflow with the other suffix", "a step runs", [Edit(".github/workflows/new.yaml", text=NEW)]),
        Mutation("a slip in the shell of a part", "SC2086", [Edit(".github/actions/new/action.yaml", text=PART)]),
        Mutation("a gate's name", "a step runs ./ci.sh", [Edit(CI, ALL, "./ci.sh loc --no-skips --junit")]),
        Mutation("an option that is none", "has no option --junt", [Edit(CI, ALL, ALL.replace("junit", "junt"))]),
        Mutation("an action by its tag", "not pinned by commit", [Edit(RELEASE, PIN, "v7")]),
        Mutation(
            "permissions for all", "excessive-permissions", [Edit(CI, "permissions: {}", "permissions: write-all")]
        ),
        Mutation("a job without an end", "job linux has no time", [Edit(CI, "    timeout-minutes: 60\n", "")], at=CI),
        Mutation("credentials left behind", "artipacked", [Edit(RELEASE, LEFT, LEFT[:25])], at=RELEASE),
        Mutation("a recipe that is wrong", "not valid", [Edit(DOC, "needs: look\n", "needed: look\n")], at=DOC),
    ],
)
