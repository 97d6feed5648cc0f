"""The wheel's bill of materials is valid, names what is compiled in and by what, and is true."""

from __future__ import annotations

import json
import os

from ci import policy
from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import bom, wheel, wheelfile

TEMPLATE = "cmake/sbom.cdx.json.in"


def told(ctx: Context) -> bom.Told:
    answer = json.loads(ctx.must([wheel.command(wheel.installed(ctx)), "version", "--json"]))
    expression = wheelfile.expression(ctx.tree.text("pyproject.toml"))
    return bom.Told(ctx.tree.text("VERSION").strip(), expression, answer["features"])


def check(ctx: Context) -> list[Finding]:
    path = wheel.built(ctx)
    held, where = wheelfile.Wheel(path), os.path.join(os.path.basename(path), policy.SBOM)
    content = held.content.get(f"{held.stem}.dist-info/{policy.SBOM}")
    if content is None:
        return [Finding("is missing from the wheel", where)]
    fault = bom.schema_fault(ctx, content.decode())
    if fault:
        return [Finding(f"is not CycloneDX 1.6: {fault}", where)]
    return [Finding(fault, where) for fault in bom.faults(content.decode(), told(ctx))]


GATE = Gate(
    "the wheel's CycloneDX document is valid and names what the wheel is made of",
    check,
    needs=["build"],
    tools=[*wheel.TOOLS, bom.TOOL],
    inputs=wheel.INPUTS,
    mutations=[
        Mutation("not a version's form", "is not CycloneDX", [Edit(TEMPLATE, '"version": 1,', '"version": "1",')]),
        Mutation("xxHash goes unnamed", "as compiled in", [Edit(TEMPLATE, '"required"', '"excluded"')]),
        Mutation(
            "another version than what is compiled in",
            "names xxHash 0.0.1, the command",
            [Edit(TEMPLATE, '"version": "@xxHash_VERSION@"', '"version": "0.0.1"')],
        ),
        Mutation(
            "it is not installed",
            "is missing from the wheel",
            [Edit("cmake/TplSbom.cmake", "DEFINED SKBUILD_METADATA_DIR", "FALSE")],
        ),
    ],
)
