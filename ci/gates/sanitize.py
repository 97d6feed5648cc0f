"""Unit tests, golden tests and Python tests under AddressSanitizer and UndefinedBehaviorSanitizer."""

from __future__ import annotations

import os

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import ctest, golden, native, pytests, system

ROOM, LESS = "tpl__realloc_array(buf->data, cap, 1)", "tpl__realloc_array(buf->data, need - 1, 1)"
SHIFTED = "volatile int by = 31;\n    return malloc(size + (size_t)((2 << by) & 0));"


def python_env(ctx: Context, folder: str) -> dict[str, str]:
    """An ordinary Python with the sanitizers loaded first, and the sanitized extension before the wheel's."""
    compiler = str(system.compiler())
    libraries = [ctx.must([compiler, f"-print-file-name={name}"]).strip() for name in ("libasan.so", "libubsan.so")]
    return {
        "LD_PRELOAD": " ".join(libraries),
        "ASAN_OPTIONS": "detect_leaks=0",  # Python's own at exit; core's leaks are the C tests' business
        "PYTHONPATH": os.path.join(folder, "python"),
    }


def check(ctx: Context) -> list[Finding]:
    folder = native.built(ctx, "asan")
    found = ctest.run(ctx, "asan", ["-LE", "oom"]) + golden.run(ctx, folder)
    return found + pytests.run(ctx, pytests.SANITIZED, python_env(ctx, folder))


GATE = Gate(
    "C, command and extension run clean under ASan and UBSan (preset asan)",
    check,
    needs=["build"],
    tools=[*pytests.TOOLS, "asan"],
    inputs=pytests.INPUTS,
    timeout=900,
    seconds=60,
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
    ],
)
