"""Runs workflows that use the Action: by `act` where it can be had, else by our own interpreter of composite steps."""

from __future__ import annotations

import json
import os
import shutil
import tempfile

from ci import policy
from ci.runner.model import Broken, Finding
from ci.tools import commands, composite, environment, recipes, wheel, yamlfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ci.runner.context import Context

STANDINS = "tests/action/standins"
INPUTS = (*wheel.INPUTS, "CMakePresets.json", *policy.ACTIONS, "action/**", "tests/action/**", *policy.EVERY_GATE)
GITHUB = {
    "ref": "refs/heads/main",
    "repository": "someone/something",
    "token": "none",
    "event": {"release": {"tag_name": "v1"}},
}


class Ran:
    """How a workflow went: a result for each job, what the runner was told, and all that was printed."""

    def __init__(self, results: Mapping[str, str], told: list[tuple[str, str]], summaries: str, text: str) -> None:
        self.results = dict(results)
        self.summaries = summaries
        self.told = told  # commands: name and message
        self.text = text


class Bench:
    """A place for runs: a copy of the Action that takes its tool from a wheel, and stand-ins for actions of GitHub."""

    def __init__(self, ctx: Context, place: str, act: bool) -> None:
        self.ctx = ctx
        self.command = wheel.command(wheel.installed(ctx))
        self.base = ctx.must([self.command, "snapshot", ctx.path("action")])  # some manifest
        self.place = place
        self.act = act
        self.wheel = wheel.built(ctx)
        self.standins = ctx.path(*STANDINS.split("/"))
        self.ours = os.path.join(place, "ours")
        copy_tree(ctx, self.ours)
        action = os.path.join(self.ours, "action.yml")
        text = ctx.tree.text("action.yml")
        begin = text.index("  wheel:\n")
        with open(action, "w", encoding="utf-8") as file:
            file.write(text[:begin] + text[begin:].replace('default: ""', f"default: {json.dumps(self.wheel)}", 1))
        ctx.must(
            ["python3", "-I", "-m", "compileall", "-q", *(os.path.join(self.ours, part) for part in ("action", "ci"))]
        )
        paths = [os.path.join(at, "action.yml") for at in self._folders()]
        self.documents = yamlfile.load(ctx, paths)

    def _folders(self) -> list[str]:
        ours = [
            os.path.join(at, *inside) for at in (self.ours, self.ctx.root) for inside in ((), ("action", "cleanup"))
        ]
        return ours + [at for at, _, names in os.walk(self.standins) if "action.yml" in names]

    def run(self, text: str, files: str, standin: str) -> Ran:
        """Runs a workflow in a checkout of these files; `standin` is what GitHub's side keeps."""
        env = {"STANDIN": standin, "PATH": os.pathsep.join([f"{standin}/bin", os.environ.get("PATH", os.defpath)])}
        run = self._by_act if self.act else self._by_hand
        return run(text, files, env)

    def _by_hand(self, text: str, files: str, env: dict[str, str]) -> Ran:
        place = tempfile.mkdtemp(prefix="run-", dir=self.place)
        path = os.path.join(place, "workflow.yml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(recipes.OURS.sub(recipes.PUT_IN, text))
        document = yamlfile.load(self.ctx, [path])[path]
        source = composite.Source(self.find, self.documents, lambda to: _copy(files, to))
        ended = composite.workflow(self.ctx, document, source, place, GITHUB, env)
        jobs = [each.job for each in ended.values() if each.job]
        told = [(command.name, command.message) for job in jobs for command in job.commands]
        summaries = "".join(text for job in jobs for text in job.summaries)
        return Ran({n: each.result for n, each in ended.items()}, told, summaries, "".join(job.output for job in jobs))

    def find(self, uses: str, workspace: str) -> tuple[str, str]:
        """An action in the workspace is the tree's own; what it holds is known by the tree's file."""
        if uses.startswith("./"):
            return os.path.normpath(os.path.join(workspace, uses)), self.ctx.path(uses)
        owner, _, *inside = uses.partition("@")[0].split("/")
        name = uses.split("/")[1].partition("@")[0]
        folder = os.path.join(self.standins, name) if owner == "actions" else self.ours
        folder = os.path.join(folder, *inside)
        return folder, folder

    def _by_act(self, text: str, files: str, env: dict[str, str]) -> Ran:
        place = tempfile.mkdtemp(prefix="act-", dir=self.place)
        checkout = os.path.join(place, "checkout")
        _copy(files, checkout)
        path = os.path.join(checkout, ".github", "workflows", "workflow.yml")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(recipes.OURS.sub(recipes.PUT_IN, text))
        event = os.path.join(place, "event.json")
        with open(event, "w", encoding="utf-8") as file:
            json.dump(GITHUB["event"], file)
        program = environment.program(self.ctx.root, "act", "act")
        argv = [program, first_event(text), "--json", "--no-cache-server", "-P", "ubuntu-latest=-self-hosted"]
        argv += ["-W", path, "-e", event, "--env", f"STANDIN={env['STANDIN']}", *self._repositories(text)]
        homes = {"HOME": place, "XDG_CACHE_HOME": os.path.join(place, "cache")}
        done = self.ctx.run(argv, cwd=checkout, env={**env, **homes})
        return read_act(done.text)

    def _repositories(self, text: str) -> list[str]:
        """Folders to take for the repositories of actions that the workflow names."""
        named = {(f"actions/{name}", pin) for name, pin in recipes.OTHERS.findall(text) if name != "checkout"}
        folders = {f"{name}@{pin}": os.path.join(self.standins, name.split("/")[1]) for name, pin in named}
        folders[recipes.OURS.sub(recipes.PUT_IN, "OWNER/x@COMMIT")] = self.ours
        return [word for name, folder in folders.items() for word in ("--local-repository", f"{name}={folder}")]


def first_event(text: str) -> str:
    """The event that starts a workflow: `on: push`, or the first key below `on:`."""
    after = text.partition("\non:")[2].split("\n")
    return after[0].strip() or after[1].strip().rstrip(":")


def read_act(text: str) -> Ran:
    """What act's lines of JSON say: jobs and how they ended, and commands."""
    results: dict[str, str] = {}
    told, said, summaries = [], [], ""
    for line in text.splitlines():
        try:
            event: dict[str, Any] = json.loads(line)
        except ValueError:
            said.append(line)
            continue
        job = event.get("jobID", "")
        if "jobResult" in event:
            results[job] = event["jobResult"]
        if event.get("command") in ("error", "warning", "notice"):
            told.append((event["command"], commands.unescaped(str(event.get("arg", "")))))
        if event.get("command") == "summary":
            summaries += str(event.get("content", ""))
        if event.get("raw_output"):
            said.append(str(event["msg"]).rstrip("\n"))
        if event.get("stepResult") == "failure":
            said.append(f"failed: {event.get('step')}")
    if not results and "Error" in text:
        raise Broken([Finding("act could not run the workflow", details=text[-2000:])])
    return Ran(results, told, summaries, "\n".join(said))


def copy_tree(ctx: Context, target: str) -> None:
    """What the Action needs of the project, as a checkout has it."""
    for path in ctx.tree.glob(*INPUTS):
        copy = os.path.join(target, path)
        os.makedirs(os.path.dirname(copy), exist_ok=True)
        shutil.copy2(ctx.path(path), copy)


def _copy(files: str, target: str) -> None:
    shutil.copytree(files, target, symlinks=True, dirs_exist_ok=True)
