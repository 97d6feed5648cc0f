"""Writes a gate that works, its mutation and its tests: what is left to do is to put the rule in place of the example's."""

from __future__ import annotations

import keyword
import os
import re
import sys

from ci.runner import registry
from ci.runner.tree import Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

FORM = r"[a-z][a-z0-9_]{0,23}"

GATE = '''\
"""No file holds a merge that was left half done."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation

INPUTS = ("**/*.c", "**/*.h", "**/*.md", "**/*.py")
MARK = "<" * 7 + " "


def judge(path: str, text: str) -> list[Finding]:
    lines = enumerate(text.split("\\n"), 1)
    return [Finding("a merge was left half done", path, n) for n, line in lines if line.startswith(MARK)]


def check(ctx: Context) -> list[Finding]:
    return [finding for path in ctx.tree.glob(*INPUTS) for finding in judge(path, ctx.tree.text(path))]


GATE = Gate(
    "no file holds a merge that was left half done",
    check,
    inputs=INPUTS,
    mutations=[
        Mutation("a conflict stays in a document", "left half done", [Edit("README.md", text=MARK + "HEAD\\n")]),
    ],
)
'''

TESTS = '''\
"""The gate NAME: a tree that passes, and one that does not."""

WHOLE = "one\\ntwo\\n"


def test_NAME_passes_what_is_whole(says):
    assert says("NAME", {"a.md": WHOLE}) == []


def test_NAME_says_where_a_conflict_is(says):
    (finding,) = says("NAME", {"a.md": WHOLE + "<" * 7 + " HEAD\\n"})
    assert finding == "a.md:3: a merge was left half done"
'''


def refusal(root: str, name: str, taken: Sequence[str]) -> str:
    """Why there can be no new gate of that name; empty when there can."""
    if not re.fullmatch(FORM, name) or keyword.iskeyword(name):
        return f"{name!r} is no name for a gate: lower-case letters, digits and _, at most 24, a letter first"
    if name in registry.names():
        return f"there is a gate {name} already: ci/gates/{name}.py"
    if name in taken:
        return f"{name} is a command of ./ci.sh already"
    there = Tree(root).glob(f"tests/**/test_{name}.py", f"ci/gates/{name}.py")
    return f"{there[0]} is there already" if there else ""


def write(root: str, name: str) -> list[str]:
    """Writes the files of a new gate, both or none; their paths."""
    files = {f"ci/gates/{name}.py": GATE, f"tests/ci/test_{name}.py": TESTS}
    written: list[str] = []
    try:
        for path, text in files.items():
            with open(os.path.join(root, path), "x", encoding="utf-8") as file:
                written.append(path)
                file.write(text.replace("NAME", name))
    except BaseException:
        for path in written:
            os.remove(os.path.join(root, path))
        raise
    return written


def main(root: str, argv: Sequence[str], taken: Sequence[str]) -> int:
    if len(argv) != 1 or argv[0].startswith("-"):
        print("ci.sh: usage: ./ci.sh new-gate NAME", file=sys.stderr)
        return 2
    name = argv[0]
    no = refusal(root, name, taken)
    if no:
        print(f"ci.sh: {no}", file=sys.stderr)
        return 2
    for path in write(root, name):
        print(f"written: {path}")
    print(f"It checks an example's rule, and passes: put yours in its place, then ./ci.sh prove {name}")
    return 0
