"""The interpreter of composite steps, what is asked of the Action after hostile calls, and the reading of its calls."""

import os

import pytest

from ci.tools import actioncalls, commands, composite, expressions, hostile, scenarios, workbench

COMPOSITE = {
    "inputs": {"who": {"default": "nobody"}},
    "outputs": {"said": {"value": "${{ steps.say.outputs.said }}"}},
    "runs": {
        "steps": [
            {
                "id": "say",
                "shell": "sh",
                "run": 'echo "said=$WHO" >> "$GITHUB_OUTPUT"; test "$WHO" != fail',
                "env": {"WHO": "${{ inputs.who }}"},
            }
        ]
    },
}


@pytest.fixture
def run(context, tmp_path):
    """Runs the jobs of a workflow; the action `a/b@x` is the one above."""

    def go(jobs, env=None):
        ctx = context({"x": ""})
        folder = str(tmp_path / "action")
        os.makedirs(folder)
        documents = {os.path.join(folder, "action.yml"): COMPOSITE}
        source = composite.Source(lambda uses, workspace: (folder, folder), documents, lambda to: None)
        place = tmp_path / "place"
        place.mkdir()
        return composite.workflow(ctx, {"jobs": jobs}, source, str(place), {"ref": "r"}, env or {})

    return go


def steps(*scripts, **more):
    return {"steps": [{"run": script} for script in scripts], **more}


def test_outputs_pass_from_step_to_step_and_from_job_to_job(run):
    ended = run(
        {
            "a": {
                "steps": [
                    {"id": "call", "uses": "a/b@x", "with": {"who": "you ${{ github.ref }}"}},
                    {"run": 'test "$GOT" = "you r"', "env": {"GOT": "${{ steps.call.outputs.said }}"}},
                ],
                "outputs": {"said": "${{ steps.call.outputs.said }}"},
            },
            "b": {"needs": "a", "steps": [{"run": 'test "$X" = "you r"', "env": {"X": "${{ needs.a.outputs.said }}"}}]},
        }
    )
    assert {name: each.result for name, each in ended.items()} == {"a": "success", "b": "success"}


def test_a_failure_skips_what_does_not_ask_for_it(run):
    job = {
        "steps": [
            {"id": "bad", "run": "exit 3"},
            {"run": "echo never"},
            {"if": "failure()", "run": "echo after $X", "env": {"X": "${{ steps.bad.outcome }}"}},
            {"if": "always()", "run": "echo in any case"},
        ]
    }
    ended = run({"a": job, "b": steps("echo b", needs="a"), "c": steps("echo c", needs="a", **{"if": "always()"})})
    assert {name: each.result for name, each in ended.items()} == {"a": "failure", "b": "skipped", "c": "success"}
    assert ended["a"].job.output == "failed: exit 3\nafter failure\nin any case\n"


def test_a_step_may_fail_where_that_is_said(run):
    (ended,) = run(
        {
            "a": {
                "steps": [
                    {"id": "call", "uses": "a/b@x", "with": {"who": "fail"}, "continue-on-error": True},
                    {
                        "run": 'test "$A $B $C" = "failure success fail"',
                        "env": {
                            "A": "${{ steps.call.outcome }}",
                            "B": "${{ steps.call.conclusion }}",
                            "C": "${{ steps.call.outputs.said }}",
                        },
                    },
                ]
            }
        }
    ).values()
    assert ended.result == "success"


def test_what_a_step_adds_is_there_for_later_ones(run):
    (ended,) = run(
        {
            "a": steps(
                'mkdir bin; printf "#!/bin/sh\\necho found\\n" > bin/mine; chmod +x bin/mine\n'
                'echo "$PWD/bin" >> "$GITHUB_PATH"; echo "ADDED=x" >> "$GITHUB_ENV"; ! command -v mine',
                'mine; echo "$ADDED $GIVEN"; echo "# sum" >> "$GITHUB_STEP_SUMMARY"; echo "::notice::n"',
            )
        },
        {"GIVEN": "y"},
    ).values()
    assert ended.job.output == "found\nx y\n::notice::n\n"
    assert ended.job.summaries == ["# sum\n"]
    assert [(each.name, each.message) for each in ended.job.commands] == [("notice", "n")]


def test_an_expression_that_nobody_knows_ends_the_run(run):
    with pytest.raises(expressions.Unknown):
        run({"a": steps("${{ secrets.x }}")})


# ---------------------------------------------------------------- hostile values
class Job:
    def __init__(self, temporary, output="", **more):
        self.temporary = str(temporary)
        self.commands = list(commands.commands(output))
        self.output = output
        self.env, self.path = {}, []
        self.__dict__.update(more)


def test_there_are_500_hostile_calls_and_every_input_is_tried():
    calls = list(hostile.calls())
    assert len(calls) >= 500
    assert {name for name, _, _ in calls} == set(hostile.INPUTS)


def test_a_call_that_did_nothing_else_has_no_fault(tmp_path):
    (tmp_path / "template-action-a").mkdir()
    outputs = {"changed": "", "file-count": "3", "manifest": f"{tmp_path}/template-action-a/manifest.json"}
    assert list(hostile.faults(Job(tmp_path), True, outputs, "")) == []
    said = "::error title=template-pkg::no\n"
    assert list(hostile.faults(Job(tmp_path, said), False, {}, "")) == []


@pytest.mark.parametrize(
    ("job", "good", "outputs", "fault"),
    [
        ({}, True, {"changed": "false\nx"}, "output changed is"),
        ({}, True, {"manifest": "/elsewhere/manifest.json"}, "output manifest is"),
        ({}, True, {"report": "/etc/passwd"}, "output report is"),
        ({"output": "::add-mask::x\n"}, True, {}, "the runner took the command add-mask"),
        ({"output": "::error::x\n"}, False, {}, "the runner took the command error"),
        ({}, False, {}, "it failed and said nothing"),
        ({"output": "Traceback (most recent call last)"}, True, {}, "fell over"),
        ({"env": {"A": "b"}}, True, {}, "later steps would see"),
        ({"path": ["/canary"]}, True, {}, "later steps would see"),
    ],
)
def test_a_call_that_did_something_else_is_told(tmp_path, job, good, outputs, fault):
    found = list(hostile.faults(Job(tmp_path, **job), good, outputs, ""))
    assert len(found) == 1 and fault in found[0]


def test_a_stranger_in_the_temporary_folder_is_told(tmp_path):
    (tmp_path / "canary").write_text("")
    assert list(hostile.faults(Job(tmp_path), True, {}, "")) == ["'canary' lies in the runner's temporary folder"]


def test_files_that_were_touched_are_told_but_for_the_one_asked_for(tmp_path):
    (tmp_path / "job").mkdir()
    (tmp_path / "kept").write_text("x")
    before = hostile.tree(str(tmp_path), str(tmp_path / "job"))
    (tmp_path / "job" / "own").write_text("")
    (tmp_path / "wanted").write_text("")
    after = hostile.tree(str(tmp_path), str(tmp_path / "job"))
    assert list(hostile.changed(before, after, str(tmp_path / "wanted"), str(tmp_path))) == []
    (tmp_path / "kept").write_text("xy")
    (tmp_path / "canary").write_text("")
    after = hostile.tree(str(tmp_path), str(tmp_path / "job"))
    assert len(list(hostile.changed(before, after, str(tmp_path / "wanted"), str(tmp_path)))) == 2


# ---------------------------------------------------------------- runs
def test_lines_of_act_become_a_run():
    ran = workbench.read_act(
        '{"jobID":"a","msg":"hello\\n","raw_output":true}\n'
        '{"command":"error","arg":"a%0Ab","jobID":"a","msg":"x"}\n'
        '{"command":"summary","content":"# s","jobID":"a","msg":"x"}\n'
        '{"stepResult":"failure","step":"one","jobID":"a","msg":"x"}\n'
        '{"jobResult":"failure","jobID":"a","msg":"Job failed"}\nError: Job failed\n'
    )
    assert ran.results == {"a": "failure"}
    assert ran.told == [("error", "a\nb")]
    assert ran.summaries == "# s"
    assert ran.text == "hello\nfailed: one\nError: Job failed"


@pytest.mark.parametrize(
    ("text", "event"), [("name: x\non: push\n", "push"), ("a\non:\n  release:\n    x\n", "release")]
)
def test_the_event_that_starts_a_workflow(text, event):
    assert workbench.first_event(text) == event


def test_a_run_that_is_not_as_promised_is_told():
    turn = scenarios.Turn({"a": "success", "b": "skipped"}, "one two", ("x",))
    assert (
        list(scenarios.differences(turn, workbench.Ran({"a": "success"}, [("notice", "x")], "", ""), "one\ntwo\n"))
        == []
    )
    found = list(scenarios.differences(turn, workbench.Ran({"a": "failure", "b": "success"}, [], "", ""), "one\n"))
    assert len(found) == 3


# ---------------------------------------------------------------- surface
SURFACE = actioncalls.Surface(
    {
        "commands": [
            {"name": "snapshot", "options": [{"names": ["-o", "--output"]}, {"names": ["--include"]}]},
            {"name": "hash", "options": []},
        ]
    }
)


@pytest.mark.parametrize(
    ("used", "takes", "fault"),
    [
        ({("snapshot", "--include")}, ("include",), ""),
        ({("hash", "")}, (), ""),
        ({("undo", "")}, (), "is no command"),
        ({("hash", "--x")}, (), "is no option"),
        ({("snapshot", "")}, (), "does not take input include, though template-cli snapshot has --include"),
        ({("hash", "")}, ("format",), "takes input format and makes nothing of it"),
    ],
)
def test_calls_are_held_against_the_surface(used, takes, fault):
    found = list(SURFACE.faults("job", used, takes))
    assert (not fault and not found) or (len(found) == 1 and fault in found[0])


def test_the_table_of_commands_is_held_against_the_jobs():
    text = "| command | question | inputs | what |\n|---|---|---|---|\n| `hash` | q? | `path`, one a line | x |\n"
    text += "| `wheel` | three | cells |\n"
    assert actioncalls.told(text) == {"hash": {"path"}}
    assert list(actioncalls.table_faults({"hash": {"path"}}, {"hash": ()})) == []
    assert len(list(actioncalls.table_faults({"hash": {"path"}}, {"hash": ("base",), "diff": ()}))) == 2


def test_what_the_file_says_is_held_against_jobs_and_surface():
    text = 'description: "What to do: snapshot or hash."\n--include --nope\n'
    assert list(actioncalls.file_faults(text, ["snapshot", "hash"], SURFACE)) == [
        ("--nope", "--nope is no option of template-cli")
    ]
    assert len(list(actioncalls.file_faults(text, ["snapshot"], SURFACE))) == 2
