"""The wheel does not depend on where, when, by whom and in which language it is built."""

from __future__ import annotations

import os
import tempfile

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import difference, wheel

# All that a build should not look at, set to what nobody has; and for the compiler it is another day.
ELSEWHERE = {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "USER": "nobody", "PYTHONHASHSEED": "7", "COLUMNS": "40"}
ELSEWHERE["CMAKE_C_COMPILER_LAUNCHER"] = "env;SOURCE_DATE_EPOCH=981173106"
BUILD = f"import os; os.umask(0o077); {wheel.BUILD}"
FEATURES = "  if(TPL_SANITIZE)"
CHANCE = '  string(RANDOM chance)\n  string(APPEND features " ${chance}")\n' + FEATURES
SAID = "\nconst char *tpl__said(void);\nconst char *tpl__said(void) {\n    return %s;\n}\n"
FLAGS, VERSION_C = "cmake/TplFlags.cmake", "libs/core/src/version.c"
MAPPED = '"-ffile-prefix-map=${PROJECT_SOURCE_DIR}=."'


def check(ctx: Context) -> list[Finding]:
    first = wheel.built(ctx)
    with tempfile.TemporaryDirectory(prefix="another place ") as place:
        tree, made = os.path.join(place, "tree"), os.path.join(place, "made")
        os.makedirs(made)
        wheel.copied(ctx, tree)
        second = os.path.join(made, wheel.build(ctx, tree, made, script=BUILD, env=ELSEWHERE))
        names = os.path.basename(first), os.path.basename(second)
        if names[0] != names[1]:
            return [Finding(f"two builds, two names: {names[0]} and {names[1]}")]
        fault = difference.explain(first, second)
    return [Finding(f"another build gives another wheel: {fault}", os.path.relpath(first, ctx.root))] if fault else []


def said(what: str, word: str, find: str, text: str) -> Mutation:
    """Core says what the compiler knows, and the flag that keeps it from that is gone."""
    return Mutation(what, "in .rodata", [Edit(VERSION_C, text=SAID % word), Edit(FLAGS, find, text)])


GATE = Gate(
    "a build elsewhere, at another time, under another user gives the same wheel",
    check,
    needs=["build"],
    tools=wheel.TOOLS,
    inputs=wheel.INPUTS,
    mutations=[
        Mutation("a number by chance", "in .rodata", [Edit("cmake/TplBuildId.cmake", FEATURES, CHANCE)]),
        said("the folder's name in core", "__FILE__", MAPPED, "-DPLACE"),
        said("the day in core", "__DATE__", " -Wdate-time", ""),
        Mutation(
            "the archive keeps times",
            "with another date_time",
            [Edit("pyproject.toml", "wheel.reproducible = true", "wheel.reproducible = false")],
        ),
    ],
)
