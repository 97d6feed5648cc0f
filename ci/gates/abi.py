"""The module asks of Python what the oldest one of its tag has, and shows its init function alone."""

from __future__ import annotations

import os

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import stable, wheel, wheelfile
from ci.tools.elf import Elf

CMAKE, VERSION_C = "libs/py/CMakeLists.txt", "libs/py/src/version.c"
PRIVATE = "\nvoid *_PyThread_Tell(void);\nvoid *peek(void);\nvoid *peek(void) {\n    return _PyThread_Tell();\n}\n"
RAISED = "void *PyErr_GetRaisedException(void)"
NEWER = f"\n{RAISED};\nvoid *raised(void);\nvoid *raised(void) {{\n    return PyErr_GetRaisedException();\n}}\n"
SHOWN = '\n__attribute__((visibility("default"))) int shown(void);\nint shown(void) {\n    return 1;\n}\n'


def judge(held: wheelfile.Wheel, cmake: str, known: stable.Table) -> list[Finding]:
    if held.module not in held.content:
        return [Finding(f"{held.module} is missing: the tag is {held.python}-{held.abi}", held.name)]
    module = Elf(held.content[held.module])
    faults: list[str] = []
    if held.abi.startswith("abi3"):
        oldest = stable.floor(held.python)
        faults += stable.import_faults(module, oldest, known)
        faults += [f"{CMAKE} {fault}" for fault in stable.definition_faults(cmake, oldest)]
    faults += stable.export_faults(module, "_native")
    faults += stable.export_faults(Elf(held.content[held.command]), "")
    return [Finding(fault, os.path.join(held.name, held.module)) for fault in faults]


def check(ctx: Context) -> list[Finding]:
    known = stable.table(ctx)
    return judge(wheelfile.Wheel(wheel.built(ctx)), ctx.tree.text(CMAKE), known)


GATE = Gate(
    "the module keeps to the stable ABI of its tag, and exports its init function alone",
    check,
    needs=["build"],
    tools=[*wheel.TOOLS, stable.TOOL],
    inputs=wheel.INPUTS,
    mutations=[
        Mutation("a private function", "_PyThread_Tell, which is not in", [Edit(VERSION_C, text=PRIVATE)]),
        Mutation("a function of 3.12", "PyErr_GetRaisedException of Python 3.12", [Edit(VERSION_C, text=NEWER)]),
        Mutation("a function for all to see", "exports shown", [Edit(VERSION_C, text=SHOWN)]),
        Mutation("the headers' version", "as of 3.12", [Edit(CMAKE, "=0x030b0000", "=0x030c0000")]),
        Mutation("a suffix of one Python", "is missing", [Edit(CMAKE, '".abi3.so"', '".${Python_SOABI}.so"')]),
    ],
)
