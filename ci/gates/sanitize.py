"""Unit tests, golden tests and Python tests under AddressSanitizer and UndefinedBehaviorSanitizer."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import ctest, golden, native, pytests

ROOM, LESS = "tpl__realloc_array(buf->data, cap, 1)", "tpl__realloc_array(buf->data, need - 1, 1)"
DROP = "tpl_manifest_free(shared->manifest);\n        native_block_free(shared);"
DROP_LATE = "native_block_free(shared);\n        tpl_manifest_free(shared->manifest);"
SHIFTED = "volatile int by = 31;\n    return malloc(size + (size_t)((2 << by) & 0));"


def check(ctx: Context) -> list[Finding]:
    folder = native.built(ctx, "asan")
    found = [] if ctx.args else ctest.run(ctx, "asan", ["-LE", "oom"]) + golden.run(ctx, folder)
    return found + pytests.sanitized(ctx, folder, [*pytests.SANITIZED, *ctx.args])


GATE = Gate(
    "C, command and extension run clean under ASan and UBSan (arguments after -- go to pytest, which then runs alone)",
    check,
    needs=["build"],
    tools=[*pytests.TOOLS, "asan"],
    inputs=pytests.INPUTS,
    timeout=900,
    seconds=120,
    mutations=[
        Mutation(
            "a buffer is one byte too small",
            "AddressSanitizer: heap-buffer-overflow",
            [Edit("libs/core/src/buffer.c", ROOM, LESS)],
            at="libs/core/src/buffer.c",
        ),
        Mutation(
            "a shift by the width of its type",
            "undefined behaviour: left shift",
            [Edit("libs/core/src/mem.c", "return malloc(size);", SHIFTED)],
        ),
        Mutation(
            "the extension looks at a block after it was freed",
            "AddressSanitizer: heap-use-after-free",
            [Edit("libs/py/src/shared.c", DROP, DROP_LATE)],
            args=["tests/test_manifest.py"],
        ),
        Mutation(
            "Python meets the wheel's module instead of the sanitized one",
            "which is not sanitized",
            [Edit("ci/tools/pytests.py", 'os.path.join(folder, "python")', "folder")],
            args=["tests/test_manifest.py"],
        ),
    ],
)
