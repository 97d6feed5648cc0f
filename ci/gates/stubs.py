"""The stub tells type checkers what the module is, no more and no less."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import stubtest, wheel

STUB = "src/template_pkg/_native.pyi"


def check(ctx: Context) -> list[Finding]:
    return stubtest.run(ctx)


GATE = Gate(
    "the native module is what its stub says (mypy's stubtest, in the wheel's environment)",
    check,
    needs=["build"],
    tools=[*wheel.TOOLS, "mypy"],
    inputs=wheel.INPUTS,
    mutations=[
        Mutation(
            "the stub has a function that the module lacks",
            f"{STUB}:",
            [Edit(STUB, text="def phantom() -> None: ...\n")],
        ),
        Mutation(
            "the module has a method that the stub lacks",
            "Manifest.is_v2025 is not present in stub",
            [Edit(STUB, "    def is_v2025(self) -> bool: ...\n", "")],
            at=STUB,
        ),
        Mutation(
            "the stub lets a parameter be given by name",
            "should be positional",
            [Edit(STUB, "def hash_bytes(data: Buffer, /)", "def hash_bytes(data: Buffer)")],
        ),
    ],
)
