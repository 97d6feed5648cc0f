"""The version is written in VERSION and nowhere else, and everything that has one has that one."""

from __future__ import annotations

import os
import re

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import csource, deliverables, native, wheel

LITERAL = f'X = "{policy.version()}"\n'


def literals(ctx: Context, version: str) -> list[Finding]:
    found, spelled = [], re.compile(rf"(?<![\w.]){re.escape(version)}(?![\w.])")
    for path in ctx.tree.glob("**", but=policy.OTHER_VERSIONS):
        text = ctx.tree.text(path)
        for match in spelled.finditer(text):
            line = csource.line_of(text, match.start())
            found.append(Finding(f"{version} is written here; its place is VERSION", path, line))
    return found


def check(ctx: Context) -> list[Finding]:
    version = ctx.tree.text("VERSION").strip()
    if not re.fullmatch(policy.VERSION, version):
        return [Finding(f"{version!r} is not a version", "VERSION", 1)]
    with open(os.path.join(native.built(ctx, "dev"), "CMakeCache.txt"), encoding="utf-8") as file:
        cached = re.search(r"^CMAKE_PROJECT_VERSION:STATIC=(.*)$", file.read(), re.M)
    command, module = deliverables.ask(ctx, wheel.installed(ctx))
    said = {
        "CMake": cached[1] if cached else "",
        "the wheel": os.path.basename(wheel.built(ctx)).split("-")[1],
        command.what: command.version,
        module.what: module.version,
    }
    wrong = {who: what for who, what in said.items() if what != version}
    found = [Finding(f"{who} says {what}, VERSION {version}", "VERSION", 1) for who, what in wrong.items()]
    return literals(ctx, version) + found


GATE = Gate(
    "VERSION is the one place of the version, and all that tell it agree",
    check,
    needs=["build"],
    tools=wheel.TOOLS,
    inputs=["**"],
    mutations=[
        Mutation("a second literal", "its place is", [Edit("src/template_pkg/x.py", text=LITERAL)]),
        Mutation(
            "CMake has its own idea",
            "the module says 9.9",
            [Edit("CMakeLists.txt", "VERSION ${tpl_version}", "VERSION 9.9")],
            at="VERSION",
        ),
    ],
)
