"""The C tests and the command's golden tests under memcheck: what the sanitizers do not see, values never written."""

from __future__ import annotations

import os
import shutil
import tempfile

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import golden, native, valgrind

# The compiler is not to see where the bytes come from.
UNSET = """\
    unsigned char *raw = malloc(size + 1);
    __asm__ volatile("" : "+r"(raw));
    if (raw != NULL && raw[size] == 7) {
        raw[0] = 0;
    }
    return raw;"""


def check(ctx: Context) -> list[Finding]:
    found = valgrind.tests(ctx, ctx.args or ["-LE", "oom|repeats"])
    if ctx.args:
        return found
    binary = os.path.join(native.built(ctx, "dev"), "libs", "cli", policy.COMMAND)
    with tempfile.TemporaryDirectory(prefix="valgrind-") as place:  # where a user without rights may run it, too
        logs = valgrind.opened(place)
        found += golden.run(ctx, valgrind.wrapper(ctx, shutil.copy(binary, place), logs), valgrind.WITHOUT)
        ctx.note(f"golden tests with {' or '.join(valgrind.CANNOT)} are left out: valgrind cannot do that")
        return found + valgrind.logged(ctx, logs)


GATE = Gate(
    "C tests and golden tests run clean under valgrind's memcheck (arguments after -- go to ctest)",
    check,
    needs=["build"],
    tools=[*native.TOOLS, "valgrind"],
    inputs=["CMakeLists.txt", "CMakePresets.json", "VERSION", "cmake/**", "libs/**", "tests/cli/**", "tests/data/**"],
    deep=True,
    seconds=300,
    timeout=3600,
    mutations=[
        Mutation(
            "a decision hangs on a byte that was never written",
            "libs/core/src/mem.c:",
            [Edit("libs/core/src/mem.c", "    return malloc(size);", UNSET)],
            args=["-R", "^mem$"],
        ),
        Mutation(
            "a comparison keeps what it has",
            "are definitely lost",
            [Edit("libs/core/src/buffer.c", "    tpl__free(buf->data);\n", "")],
            at="libs/core/src/mem.c",
            args=["-R", "^buffer$"],
        ),
    ],
)
