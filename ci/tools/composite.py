"""Runs the steps of workflows and of composite actions on this machine, as a runner does: enough of it to see what an
Action of ours does where `act` cannot be had."""

from __future__ import annotations

import os
import tempfile

from ci.tools import commands, expressions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from ci.runner.context import Context
    from ci.tools.commands import Command

SHELLS = {"sh": ["sh", "-e"], "bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"]}
FILES = ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE", "GITHUB_STEP_SUMMARY")
CHECKOUT = "actions/checkout@"


class Source:
    """Where actions come from: `uses` and a workspace -> the folder to run in, and the folder whose file is known."""

    def __init__(
        self,
        find: Callable[[str, str], tuple[str, str]],
        documents: Mapping[str, Any],
        checkout: Callable[[str], None],
    ) -> None:
        self.find = find
        self.documents = documents  # by the path of the file
        self.checkout = checkout  # fills a workspace

    def action(self, uses: str, workspace: str) -> tuple[str, Any]:
        folder, known = self.find(uses, workspace)
        return folder, self.documents[os.path.normpath(os.path.join(known, "action.yml"))]


class Job:
    """One job on one machine: its workspace, its temporary folder, and all that its steps said."""

    def __init__(
        self,
        ctx: Context,
        source: Source,
        workspace: str,
        contexts: Mapping[str, Any],
        given: Mapping[str, str] | None = None,
    ) -> None:
        self.ctx = ctx
        self.given = dict(given or {})  # the machine's environment, where it differs from ours
        self.source = source
        self.workspace = workspace
        self.place = tempfile.mkdtemp(prefix="job-", dir=os.path.dirname(workspace))
        self.temporary = os.path.join(self.place, "temp")
        os.makedirs(self.temporary)
        os.makedirs(workspace, exist_ok=True)
        runner = {"os": "Linux", "arch": "X64", "temp": self.temporary}
        self.contexts = {**contexts, "runner": runner, "env": {}}
        self.env: dict[str, str] = {}  # what steps added for later ones
        self.path: list[str] = []
        self.commands: list[Command] = []
        self.summaries: list[str] = []
        self.output = ""
        self.files = 0

    def steps(self, steps: Sequence[Any], inputs: Mapping[str, str] | None = None, folder: str = "") -> Scope:
        """Runs steps of the job, or those of an action in a folder."""
        scope = Scope(self, inputs, folder)
        for step in steps:
            scope.step(step)
        return scope

    def run(self, script: str, shell: str, env: Mapping[str, str], folder: str) -> tuple[bool, dict[str, str]]:
        """One script; whether it succeeded, and its outputs."""
        self.files += 1
        stem = os.path.join(self.place, f"{self.files:04}")
        files = {name: f"{stem}-{name}" for name in FILES}
        for path in files.values():
            with open(path, "w", encoding="utf-8"):
                pass
        with open(f"{stem}-script", "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(script)
        found = {"PATH": os.environ.get("PATH", os.defpath), **self.given, **self.env}
        search = os.pathsep.join([*self.path, found["PATH"]])
        told = {
            "GITHUB_ACTIONS": "true",
            "CI": "true",
            "GITHUB_WORKSPACE": self.workspace,
            "GITHUB_ACTION_PATH": folder,
        }
        full = {**found, "PATH": search, "RUNNER_TEMP": self.temporary, "RUNNER_OS": "Linux", **told, **files, **env}
        done = self.ctx.run([*SHELLS[shell], f"{stem}-script"], cwd=self.workspace, env=full)
        self.output += done.text
        self.commands += commands.commands(done.text)
        said = {name: _read(path) for name, path in files.items()}
        self.summaries += [text for text in [said["GITHUB_STEP_SUMMARY"]] if text]
        self.env.update(commands.assignments(said["GITHUB_ENV"]))
        self.path = [*reversed(said["GITHUB_PATH"].split("\n")[:-1]), *self.path]
        return done.code == 0, commands.assignments(said["GITHUB_OUTPUT"])


def _read(path: str) -> str:
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        return file.read()


class Scope:
    """Steps that see each other: those of a job, or those of one call of an action."""

    def __init__(self, job: Job, inputs: Mapping[str, str] | None, folder: str) -> None:
        self.job = job
        self.folder = folder
        self.results: dict[str, Any] = {}
        self.failed = False
        self.contexts = {**job.contexts, "steps": self.results}
        if inputs is not None:
            self.contexts["inputs"] = dict(inputs)
        self.functions: expressions.Functions = {
            "always": lambda: True,
            "success": lambda: not self.failed,
            "failure": lambda: self.failed,
            "cancelled": lambda: False,
        }

    def fill(self, text: Any) -> str:
        return expressions.fill(expressions.shown(text), self.contexts, self.functions)

    def step(self, step: Mapping[str, Any]) -> None:
        outcome = "skipped"
        outputs: dict[str, str] = {}
        if expressions.holds(step.get("if"), self.contexts, self.functions):
            good, outputs = self._do(step)
            outcome = "success" if good else "failure"
        forgiven = step.get("continue-on-error") is True
        if outcome == "failure" and not forgiven:
            self.failed = True
            self.job.output += f"failed: {step.get('name') or step.get('run') or step['uses']}\n"
        if "id" in step:
            conclusion = "success" if outcome == "failure" and forgiven else outcome
            self.results[step["id"]] = {"outcome": outcome, "conclusion": conclusion, "outputs": outputs}

    def _do(self, step: Mapping[str, Any]) -> tuple[bool, dict[str, str]]:
        if "run" in step:
            env = {name: self.fill(text) for name, text in step.get("env", {}).items()}
            shell = step.get("shell", "bash")
            return self.job.run(self.fill(step["run"]), shell, env, self.folder)
        if step["uses"].startswith(CHECKOUT):
            self.job.source.checkout(self.job.workspace)
            return True, {}
        given = {name: self.fill(text) for name, text in step.get("with", {}).items()}
        return self.call(step["uses"], given)

    def call(self, uses: str, given: Mapping[str, str]) -> tuple[bool, dict[str, str]]:
        """Runs a composite action with these inputs."""
        folder, action = self.job.source.action(uses, self.job.workspace)
        defaults = {name: self.fill(spec.get("default", "")) for name, spec in action.get("inputs", {}).items()}
        inside = self.job.steps(action["runs"]["steps"], {**defaults, **given}, folder)
        outputs = {name: inside.fill(spec["value"]) for name, spec in action.get("outputs", {}).items()}
        return not inside.failed, outputs


class Ended:
    """How a job ended, and the job itself if it ran."""

    def __init__(self, result: str, outputs: Mapping[str, str], job: Job | None) -> None:
        self.result = result
        self.outputs = dict(outputs)
        self.job = job


def workflow(
    ctx: Context, document: Mapping[str, Any], source: Source, place: str, github: Any, env: Mapping[str, str]
) -> dict[str, Ended]:
    """Runs a workflow's jobs, each on a machine of its own; job -> how it ended."""
    ended: dict[str, Ended] = {}
    for name, spec in document["jobs"].items():  # in the order in which they stand: needs come first
        needs = spec.get("needs", [])
        names = [needs] if isinstance(needs, str) else needs
        known = {need: {"result": ended[need].result, "outputs": ended[need].outputs} for need in names}
        workspace = os.path.join(tempfile.mkdtemp(prefix=f"{name}-", dir=place), "workspace")
        job = Job(ctx, source, workspace, {"github": {**github, "workspace": workspace}, "needs": known}, env)
        good = all(ended[need].result == "success" for need in names)
        functions: expressions.Functions = {
            "always": lambda: True,
            "success": lambda good=good: good,
            "failure": lambda known=known: any(need["result"] == "failure" for need in known.values()),
            "cancelled": lambda: False,
        }
        if not expressions.holds(spec.get("if"), job.contexts, functions):
            ended[name] = Ended("skipped", {}, None)
            continue
        scope = job.steps(spec["steps"])
        outputs = {key: scope.fill(text) for key, text in spec.get("outputs", {}).items()}
        ended[name] = Ended("failure" if scope.failed else "success", outputs, job)
    return ended
