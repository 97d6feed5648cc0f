"""The benchmarks run: every row on a small input, its ratios, table and chart. How fast is a quiet machine's business."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import benchmarks, native


def check(ctx: Context) -> list[Finding]:
    return benchmarks.smoke(ctx, ctx.args or benchmarks.rows(ctx))


GATE = Gate(
    "every row of the benchmarks runs on a small input and reports (arguments after -- are rows)",
    check,
    needs=["build"],
    tools=native.TOOLS,
    inputs=["**"],  # of which row 13 makes a copy
    deep=True,
    always="its peers are what the machine and a package index have",
    seconds=400,
    timeout=1800,
    mutations=[
        Mutation(
            "a floor program that fails",
            "exits with 1: RuntimeError: floor:",
            [Edit("benchmarks/floors/scan_stat.c", "    (void)buffer;\n", "    (void)buffer;\n    exit(3);\n")],
            at=benchmarks.SCRIPT,
            args=["4"],
        ),
        Mutation(
            "a target that names nobody",
            "row 7: there is no ours encoded",
            [Edit("benchmarks/rows/encode.py", '"ours encode", ["yy', '"ours encoded", ["yy')],
            at="benchmarks/rows/encode.py",
            args=["7"],
        ),
        Mutation(
            "a runner without its policy",
            "exits with 1: RuntimeError: ours, a chain:",
            [Edit("benchmarks/rows/runner.py", '"ci/policy.py", ', "")],
            at=benchmarks.SCRIPT,
            args=["12"],
        ),
        Mutation(
            "a chart without its dots",
            "the chart has 0 dots",
            [Edit("benchmarks/report.py", "<circle class", "<path class")],
            at="benchmarks/report.py",
            args=["9"],
        ),
    ],
)
