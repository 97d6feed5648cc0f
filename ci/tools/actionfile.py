"""What an action.yml declares against what it uses, and the shell that stands in YAML files."""

from __future__ import annotations

import json
import re

from ci.runner.model import Finding
from ci.tools import expressions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from ci.runner.context import Context

INPUT = re.compile(r"\binputs\.([\w-]+)")
OUTPUT = re.compile(r"\bsteps\.([\w-]+)\.outputs\.([\w-]+)")
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}|\./.*")


def line_of(text: str, words: str) -> int:
    """The first line that holds these words; 0 where none does."""
    return next((number for number, line in enumerate(text.splitlines(), 1) if words in line), 0)


def used(steps: Iterable[Mapping[str, Any]], pattern: re.Pattern[str]) -> set[Any]:
    found = expressions.EXPRESSION.findall(json.dumps(list(steps), ensure_ascii=False))
    return {name for text in found for name in pattern.findall(text)}


def faults(action: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Words to find the place by, and what is wrong there."""
    steps, inputs = action["runs"]["steps"], action.get("inputs", {})
    asked = used(steps, INPUT)
    for name in sorted(set(inputs) - asked):
        yield f"{name}:", f"input {name} is used by no step"
    for name in sorted(asked - set(inputs)):
        yield f"inputs.{name}", f"input {name} is not declared"
    for name, spec in {**inputs, **action.get("outputs", {})}.items():
        if len(str(spec.get("description", "")).split()) < 3:
            yield f"{name}:", f"{name} has no description that says anything"
    ids = {step.get("id") for step in steps}
    for name, spec in action.get("outputs", {}).items():
        for step, _ in OUTPUT.findall(spec["value"]):
            if step not in ids:
                yield f"steps.{step}", f"output {name} comes from step {step}, which is none"
    for step in steps:
        yield from step_faults(step)


def step_faults(step: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    script = str(step.get("run", ""))
    if expressions.EXPRESSION.search(script):
        words = expressions.EXPRESSION.findall(script)[0].strip()
        yield words, f"`{words}` stands in a script, where its value would be code: pass it through env"
    if "uses" in step and not PINNED.fullmatch(step["uses"]):
        yield step["uses"], f"{step['uses']} is not pinned by a commit"
    variables = {name: text for name, text in step.get("env", {}).items() if INPUT.search(str(text))}
    for name, text in variables.items():
        wanted = "IN_" + INPUT.findall(str(text))[0].upper().replace("-", "_")
        if name != wanted:
            yield f"{name}:", f"variable {name} is called {wanted}"


def declared(path: str, text: str, action: Mapping[str, Any], told: str) -> list[Finding]:
    """Findings of an action's file; `told` is the document that has to name its inputs and outputs."""
    found = [Finding(fault, path, line_of(text, words)) for words, fault in faults(action)]
    names = [*action.get("inputs", {}), *action.get("outputs", {})]
    untold = [name for name in names if f"`{name}`" not in told]
    return found + [Finding(f"{name} is not in docs/action.md", path, line_of(text, f"{name}:")) for name in untold]


def scripts(document: Any) -> Iterator[tuple[str, str]]:
    """Each `run` in a workflow or action, and the shell that it is for."""
    if isinstance(document, dict):
        if isinstance(document.get("run"), str):
            yield document["run"], str(document.get("shell", "bash"))
        for value in document.values():
            yield from scripts(value)
    elif isinstance(document, list):
        for value in document:
            yield from scripts(value)


def shell_faults(ctx: Context, path: str, shell: str) -> list[tuple[int, str]]:
    """Lines of a script, and what shellcheck has to say of them."""
    done = ctx.run([ctx.tool("shellcheck"), "-s", shell, "-f", "gcc", path])
    said = re.findall(r"^[^:\n]+:(\d+):\d+: \w+: (.*)$", done.text, re.M)
    if done.code and not said:
        return [(1, done.text.strip())]
    return [(int(line), f"shellcheck: {what}") for line, what in said]


def shellcheck(ctx: Context, path: str, text: str, document: Any) -> list[Finding]:
    """Findings of shellcheck in the scripts that a YAML file holds."""
    found = []
    for number, (script, shell) in enumerate(scripts(document)):
        copy = f"{ctx.scratch(ctx.name)}/script-{number}"
        with open(copy, "w", encoding="utf-8") as file:
            file.write(expressions.EXPRESSION.sub("_", script))
        place = line_of(text, script.splitlines()[0])
        found += [Finding(fault, path, place + line - 1) for line, fault in shell_faults(ctx, copy, shell)]
    return found


def key_line(path: str, where: str) -> int:
    """The line of the last key in a place like `$.jobs.build`; the first one where there is none."""
    keys = re.findall(r"[A-Za-z_][\w-]*", where)
    with open(path, encoding="utf-8") as file:
        return (line_of(file.read(), f"{keys[-1]}:") if keys else 0) or 1


def misfit(error: Mapping[str, Any]) -> str:
    """What a file has against a schema: of a part that fits none of several forms, what it lacks to the nearest."""
    near = error.get("best_deep_match", error)
    message = str(error["message"])
    if len(message) > 120:
        message = f"{message[:40]} ... {message[-60:]}; {near['path']}: {str(near['message'])[-120:]}"
    return f"{error['path']}: {message}"


def schema(ctx: Context, name: str, paths: Iterable[str]) -> list[Finding]:
    """Findings of the published schema of that name."""
    done = ctx.run([ctx.tool("check-jsonschema"), "-o", "json", "--builtin-schema", f"vendor.{name}", *paths])
    if done.code == 0:
        return []
    try:
        report = json.loads(done.text)
    except ValueError:
        return [ctx.failure(done)]
    broken = [Finding("cannot be parsed", error["filename"], 1) for error in report.get("parse_errors", [])]
    errors = [(error, error["filename"]) for error in report["errors"]]
    return broken + [Finding(misfit(e), name, key_line(ctx.path(name), e["path"])) for e, name in errors]


def zizmor(ctx: Context, paths: Iterable[str], persona: str = "pedantic") -> list[Finding]:
    """Findings of zizmor, without a network."""
    form = ["--offline", "--strict-collection", "--quiet", "--format=json", f"--persona={persona}"]
    done = ctx.run([ctx.tool("zizmor"), *form, *paths])
    try:
        report = json.loads(done.text[done.text.index("[") :])
    except ValueError:
        return [ctx.failure(done)]
    found = []
    for each in report:
        first = next(place for place in each["locations"] if place["symbolic"]["kind"] == "Primary")
        key = first["symbolic"]["key"]["Local"]
        path = next(text for name, text in key.items() if name.endswith("_path"))
        line = first["concrete"]["location"]["start_point"]["row"] + 1
        found.append(Finding(f"zizmor: {each['ident']}: {each['desc']}", path.removeprefix("./"), line))
    return found
