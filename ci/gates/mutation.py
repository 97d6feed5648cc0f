"""Small faults in core: tests have to notice."""

from __future__ import annotations

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import mutants, mutation, native

SAME = """
file(COPY src/device.c DESTINATION ${CMAKE_CURRENT_BINARY_DIR})
add_custom_target(same WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
  COMMAND ${CMAKE_COMMAND} -E compare_files src/device.c ${CMAKE_CURRENT_BINARY_DIR}/device.c)
add_dependencies(tpl_core same)
"""
FILE, LIST, TEST = "libs/core/src/device.c", "libs/core/CMakeLists.txt", "libs/core/tests/test_device.c"
BLIND = '#include "check.h"\n\n#undef assert_int_equal\n#define assert_int_equal(a, b) ((void)(a), (void)(b))\n'


def option(args: list[str], name: str, otherwise: int) -> int:
    """Takes `--name N` out of the arguments."""
    if name not in args:
        return otherwise
    at = args.index(name)
    _, number = args.pop(at), args.pop(at)
    return int(number)


def check(ctx: Context) -> list[Finding]:
    """Arguments: --all or --count N, --seed N, and units."""
    args = [word for word in ctx.args if word != "--all"]
    count = option(args, "--count", 0 if "--all" in ctx.args else policy.MUTANTS)
    seed = option(args, "--seed", policy.MUTANT_SEED)
    chosen = mutants.sample(mutation.candidates(ctx, args), count, seed)
    if not chosen:
        return [Finding(f"nothing to mutate: {' '.join(args)}")]
    return mutation.judged(ctx, mutation.run(ctx, chosen), seed)


GATE = Gate(
    "tests notice small faults in core (-- --all, --count N, --seed N, UNIT...)",
    check,
    needs=["build"],
    tools=[*native.TOOLS, "asan"],
    inputs=mutation.INPUTS,
    deep=True,
    seconds=600,
    timeout=24 * 3600,
    mutations=[
        Mutation(
            "a test looks at nothing", FILE, [Edit(TEST, '#include "check.h"\n', BLIND)], at=FILE, args=["device"]
        ),
        Mutation(
            "nothing compiles but what is there", "mutants compile", [Edit(LIST, text=SAME)], at=FILE, args=["device"]
        ),
    ],
)
