"""The module asks of Python what the oldest one of its tag has, and shows its hook alone, whatever the platform."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation, NotNeeded
from ci.tools import audit, native, objects, stable, wheel, wheelfile

CMAKE, VERSION_C, HASH_C = "libs/py/CMakeLists.txt", "libs/py/src/version.c", "libs/py/src/hash.c"
UNDEFINED = "set_source_files_properties(src/hash.c PROPERTIES COMPILE_OPTIONS -UPy_LIMITED_API)\n"
LINKED = """
file(WRITE ${CMAKE_BINARY_DIR}/none.c "int none;\\n")
add_library(python3.99 SHARED ${CMAKE_BINARY_DIR}/none.c)
target_link_options(_native PRIVATE -Wl,--no-as-needed)
target_link_libraries(_native PRIVATE python3.99)
"""
PRIVATE = "\nvoid *_PyThread_Tell(void);\nvoid *peek(void);\nvoid *peek(void) {\n    return _PyThread_Tell();\n}\n"
RAISED = "void *PyErr_GetRaisedException(void)"
NEWER = f"\n{RAISED};\nvoid *raised(void);\nvoid *raised(void) {{\n    return PyErr_GetRaisedException();\n}}\n"
SHOWN = '\n__attribute__((visibility("default"))) int shown(void);\nint shown(void) {\n    return 1;\n}\n'


def check(ctx: Context) -> list[Finding]:
    held = wheelfile.Wheel(wheel.built(ctx))
    units = objects.commands(ctx.root, native.built(ctx, "release"))
    own = {path: words for path, words in units.items() if path.startswith("libs/py/src/")}
    found = [*audit.sources(held, CMAKE, ctx.tree.text(CMAKE), own), *audit.binaries(held, lambda: stable.table(ctx))]
    if not found and not audit.abis(held):
        newer = "a Python from 3.11 on, with a GIL, judges it: PYTHON=python3.13 ./ci.sh abi"
        raise NotNeeded(f"{held.abi} is no stable ABI: what the module asks of Python is not judged ({newer})")
    return found


GATE = Gate(
    "the module keeps to the stable ABI of its tag, and exports its hook alone (ELF, Mach-O, PE)",
    check,
    needs=["build"],
    tools=[*wheel.TOOLS, stable.TOOL],
    inputs=[*wheel.INPUTS, "CMakePresets.json"],
    mutations=[
        Mutation("a private function", "_PyThread_Tell, which is not in", [Edit(VERSION_C, text=PRIVATE)]),
        Mutation("a function of 3.12", "PyErr_GetRaisedException of Python 3.12", [Edit(VERSION_C, text=NEWER)]),
        Mutation("a function for all to see", "exports shown", [Edit(VERSION_C, text=SHOWN)]),
        Mutation("the headers' version", f"{CMAKE}:", [Edit(CMAKE, "=0x030b0000", "=0x030c0000")]),
        Mutation("a file without the definition", "is compiled with", [Edit(CMAKE, text=UNDEFINED)], at=HASH_C),
        Mutation("a link to libpython", "is linked against libpython", [Edit(CMAKE, text=LINKED)]),
        Mutation("a suffix of one Python", "is missing", [Edit(CMAKE, '".abi3.so"', '".${Python_SOABI}.so"')]),
    ],
)
