"""A descendant has names and an owner of its own. The template itself is not asked."""

from __future__ import annotations

import re

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation, NotNeeded
from ci.tools import csource

RULES = (
    (re.compile(policy.TEMPLATE_WORDS), "a name of the template"),
    (re.compile(policy.NOBODY_OWNS), "an owner who is an example"),
)
NAME = re.compile(r"""^name\s*=\s*["']([^"']+)["']""", re.M)


def judge(path: str, text: str) -> list[Finding]:
    found = []
    for rule, what in RULES:
        hits = list(rule.finditer(text))
        if rule.search(path):
            found.append(Finding(f"the path still holds {what}", path))
        if hits:
            words = f"still says {hits[0][0]}, {what} ({len(hits)} in this file)"
            found.append(Finding(words, path, csource.line_of(text, hits[0].start())))
    return found


def check(ctx: Context) -> list[Finding]:
    name = NAME.search(ctx.tree.text("pyproject.toml"))
    if name is None:
        return [Finding("names no project", "pyproject.toml")]
    if re.fullmatch(policy.TEMPLATE, name[1]):
        raise NotNeeded("this is the template")
    return [finding for path in ctx.tree.paths() for finding in judge(path, ctx.tree.text(path))]


def planted(text: str) -> list[Edit]:
    name = f'name = "{policy.PACKAGE.replace("_", "-")}"'
    return [Edit("pyproject.toml", name, 'name = "descendant"'), Edit("docs/planted.md", text=text)]


GATE = Gate(
    "a descendant says neither the template's names nor an example's owner",
    check,
    inputs=["**"],
    mutations=[
        Mutation("a name that was left", "docs/planted.md:1: still says", planted("template" + "_pkg\n")),
        Mutation("a prefix that was left", "docs/planted.md:1: still says", planted("lib" + "tpl" + "_core\n")),
        Mutation("a form's name that was left", "docs/planted.md:1: still says", planted("template" + "-ci/run/1\n")),
        Mutation("an owner to be put in", "docs/planted.md:1: still", planted("https://github.com/<own" + "er>/x\n")),
        Mutation("an example's owner", "docs/planted.md:1: still says", planted("uses: OWNER" + "/name@v1\n")),
    ],
)
