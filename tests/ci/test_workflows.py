"""What gates say of files that hold actions and workflows, and the reading of both."""

import copy

import pytest

from ci import policy
from ci.runner.tree import matcher
from ci.tools import actionfile, commands, expressions, recipes, workflowfile

ACTION = {
    "inputs": {"path": {"description": "where the files are"}},
    "outputs": {"hash": {"description": "the hash of all", "value": "${{ steps.a.outputs.hash }}"}},
    "runs": {"steps": [{"id": "a", "run": 'x "$IN_PATH"', "env": {"IN_PATH": "${{ inputs.path }}"}}]},
}


def faults(change):
    action = copy.deepcopy(ACTION)
    change(action, action["runs"]["steps"][0])
    return [fault for _, fault in actionfile.faults(action)]


def test_an_action_that_uses_what_it_declares_has_no_fault():
    assert faults(lambda action, step: None) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda a, s: s["env"].clear(), "input path is used by no step"),
        (lambda a, s: a["inputs"].clear(), "input path is not declared"),
        (lambda a, s: a["inputs"]["path"].update(description="x"), "path has no description that says anything"),
        (lambda a, s: s.update(id="b"), "output hash comes from step a, which is none"),
        (lambda a, s: s.update(run="echo ${{ inputs.path }}"), "pass it through env"),
        (lambda a, s: s.update(run="echo ${{ env.IN_PATH }}"), "pass it through env"),
        (lambda a, s: s.update(uses="actions/cache@v5"), "actions/cache@v5 is not pinned by a commit"),
        (lambda a, s: s.update(env={"X": "${{ inputs.path }}"}), "variable X is called IN_PATH"),
    ],
)
def test_an_action_that_does_not_is_refused(change, fault):
    found = faults(change)
    assert any(fault in each for each in found), found


def test_a_nested_action_may_be_pinned_or_local():
    for uses in ("actions/cache@" + "0" * 40, "actions/cache/save@" + "f" * 40, "./action/cleanup"):
        assert list(actionfile.step_faults({"uses": uses})) == []


def test_scripts_are_found_wherever_they_are():
    document = {"jobs": {"a": {"steps": [{"run": "one", "shell": "sh"}, {"uses": "x"}, {"run": "two"}]}}}
    assert list(actionfile.scripts(document)) == [("one", "sh"), ("two", "bash")]


# ---------------------------------------------------------------- workflows
TEXT = "permissions: {}\njobs:\n  a:\n    steps:\n"
PIN = "0" * 40 + " # v1.2.3"


def judged(steps="", run="./ci.sh all --no-skips", **job):
    document = {"permissions": {}, "jobs": {"a": {"timeout-minutes": 1, "steps": [{"run": run}], **job}}}
    return [str(finding) for finding in workflowfile.judge("w.yml", TEXT + steps, document)]


@pytest.mark.parametrize("run", ["./ci.sh all", "./ci.sh deep --no-skips --junit=build/a.xml", "exit 1"])
def test_a_thin_workflow_passes(run):
    assert judged(f"      - uses: actions/cache/save@{PIN}\n", run) == []


@pytest.mark.parametrize(
    "run", ["./ci.sh loc", "./ci.sh all; x", "./ci.sh all || true", "pip install x", "./ci.sh all $(x)", "exit 0"]
)
def test_logic_in_a_workflow_is_refused(run):
    assert any("a step runs ./ci.sh" in finding for finding in judged(run=run))


def test_an_option_that_the_runner_does_not_have_is_refused():
    assert judged(run="./ci.sh all --no-skip") == ["w.yml: ./ci.sh has no option --no-skip"]


@pytest.mark.parametrize("uses", ["a/b@v1", "a/b@main", "a/b@" + "0" * 40, "a/b@0000000 # v1.2.3", "docker://x"])
def test_an_action_without_commit_or_version_is_refused(uses):
    (finding,) = judged(f"      - uses: {uses}\n")
    assert finding == f"w.yml:5: {uses} is not pinned by commit and version"


def test_a_job_has_an_end_and_permissions_are_its_own():
    document = {"permissions": {"contents": "read"}, "jobs": {"a": {"steps": []}}}
    found = [str(finding) for finding in workflowfile.judge("w.yml", TEXT, document)]
    assert found == [
        "w.yml:1: gives all of its jobs permissions: let each ask for its own",
        "w.yml:3: job a has no time limit",
    ]


def test_what_workflows_have_in_common_is_as_thin_as_they_are():
    text = f"    - uses: a/b@{PIN}\n    - uses: a/b@v1\n    - run: |\n        make\n        make it\n"
    document = {"runs": {"steps": [{"run": "make\nmake it\n", "shell": "sh"}]}}
    assert [str(finding) for finding in workflowfile.steps("a.yml", text, document)] == [
        "a.yml:2: a/b@v1 is not pinned by commit and version",
        "a.yml:4: `make`: a step runs ./ci.sh",
    ]


@pytest.mark.parametrize(
    ("patterns", "path", "held"),
    [
        (policy.WORKFLOWS, ".github/workflows/a.yml", True),
        (policy.WORKFLOWS, ".github/workflows/a.yaml", True),
        (policy.WORKFLOWS, ".github/workflows/a.md", False),
        (policy.WORKFLOW_ACTIONS, ".github/actions/a/b/action.yaml", True),
        (policy.ACTIONS, "action.yaml", True),
        (policy.ACTIONS, "action/a/action.yaml", True),
        (policy.ACTIONS, "tests/action/contract.yml", False),
        (policy.DEPENDABOT, ".github/dependabot.yaml", True),
    ],
)
def test_files_of_github_are_known_by_either_suffix(patterns, path, held):
    assert bool(matcher(patterns).fullmatch(path)) is held


def test_recipes_are_the_workflows_of_the_document(context):
    text = "### A b's c\n\nx\n\n```yaml\nname: a\non: push\n```\n\n```yaml\n- run: x\n```\n"
    found = recipes.texts(context({"docs/action.md": text}))
    assert found == {"a-b-s-c": "\n" * 5 + "name: a\non: push\n"}


# ---------------------------------------------------------------- expressions
CONTEXTS = {"inputs": {"a-b": "x", "no": ""}, "needs": {"j": {"result": "failure"}, "k": {"result": "success"}}}
FUNCTIONS = {"success": lambda: True, "always": lambda: True}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("inputs.a-b", "x"),
        ("inputs['a-b'] == 'X'", True),
        ("inputs.missing", None),
        ("inputs.missing == ''", True),
        ("inputs.no || 'other'", "other"),
        ("!inputs.no && (1 == 2 || 'it''s' != 'its')", True),
        ("contains(needs.*.result, 'failure')", True),
        ("contains(needs.*.result, 'skipped')", False),
        ("startsWith('refs/tags/v1', 'refs/tags/')", True),
    ],
)
def test_expressions(text, value):
    assert expressions.evaluate(text, CONTEXTS, FUNCTIONS) == value


@pytest.mark.parametrize("text", ["", "1 +", "secrets.x", "hashFiles('x')", "inputs.a == ", "(1", "a b"])
def test_an_expression_that_is_not_understood_is_no_guess(text):
    with pytest.raises(expressions.Unknown):
        expressions.evaluate(text, CONTEXTS, FUNCTIONS)


def test_a_value_is_not_evaluated_again():
    contexts = {"inputs": {"a": "${{ inputs.b }}", "b": "secret"}}
    assert expressions.fill("<${{ inputs.a }}>", contexts, {}) == "<${{ inputs.b }}>"


def test_a_condition_wants_success_unless_it_asks_for_the_state():
    failed = {"success": lambda: False, "always": lambda: True}
    assert not expressions.holds("inputs.a-b == 'x'", CONTEXTS, failed)
    assert expressions.holds("inputs.a-b == 'x'", CONTEXTS, FUNCTIONS)
    assert expressions.holds("${{ always() && !inputs.no }}", CONTEXTS, failed)
    assert not expressions.holds(None, CONTEXTS, failed)


# ---------------------------------------------------------------- commands and files
def test_commands_are_read_as_a_runner_does():
    text = "x ::error::no\n  ::notice file=a%2Cb,line=2::c%0Ad%25\ny ##[warning]old\n::end::\n"
    found = [(each.name, each.properties, each.message) for each in commands.commands(text)]
    assert found == [
        ("notice", {"file": "a,b", "line": "2"}, "c\nd%"),
        ("warning", {}, "old"),
        ("end", {}, ""),
    ]


def test_commands_between_stop_and_its_token_are_text():
    text = "::stop-commands::tok\n::error::a\n##[error]b\n::other::\n::tok::\n::error::c\n"
    assert [each.message for each in commands.commands(text)] == ["c"]


def test_assignments_hold_lines_up_to_their_end():
    assert commands.assignments("a=b=c\n\nd<<E\nx\nE2\nE\ne=\n") == {"a": "b=c", "d": "x\nE2", "e": ""}


@pytest.mark.parametrize("text", ["a<<E\nx\n", "novalue\n", "=x\n"])
def test_assignments_in_another_form_are_refused(text):
    with pytest.raises(commands.Malformed):
        commands.assignments(text)
