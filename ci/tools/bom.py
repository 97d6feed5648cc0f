"""Holds a wheel's bill of materials against the published schema and against what the command says of itself."""

from __future__ import annotations

import json
import re

from ci import policy
from ci.tools import environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ci.runner.context import Context

TOOL = "cyclonedx"
VALIDATE = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1], encoding="utf-8").read())
print(" ".join(str(getattr(getattr(fault, "data", fault), "message", fault)).split()) if fault else "")
"""
# What would make two documents of equal builds differ.
CHANCE = re.compile(r'"(?:timestamp|serialNumber)"')


def schema_fault(ctx: Context, text: str) -> str:
    """What the schema of CycloneDX 1.6 has against it; empty when nothing."""
    path = f"{ctx.scratch('sbom')}/wheel.cdx.json"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    said = ctx.must([environment.program(ctx.root, "sbom", "python"), "-I", "-c", VALIDATE, path])
    return said.strip().rpartition("\n")[2]


class Told:
    """What project and command say, for the document to agree with."""

    def __init__(self, version: str, expression: str, features: list[str]) -> None:
        self.version = version
        self.expression = expression
        self.features = features  # such as gnu-12.2.0, release, xxhash-0.8.1


def _licences(component: dict[str, Any]) -> str:
    found = [row.get("expression") or row.get("license", {}).get("id") for row in component.get("licenses", [])]
    return " AND ".join(map(str, found))


def faults(text: str, told: Told) -> Iterator[str]:
    document = json.loads(text)
    if CHANCE.search(text):
        yield "holds a time or a serial number: equal builds would differ"
    subject = document["metadata"]["component"]
    said = (subject["name"].replace("-", "_"), subject["version"], _licences(subject))
    if said != (policy.PACKAGE, told.version, told.expression):
        yield f"is of {' '.join(said)}, not of {policy.PACKAGE} {told.version} {told.expression}"
    components = {component["name"]: component for component in document["components"]}
    delivered = {name: _licences(c) for name, c in components.items() if c.get("scope") != "excluded"}
    if delivered != policy.COMPILED_IN:
        yield f"names {delivered} as compiled in, the policy {policy.COMPILED_IN}"
    for name, component in sorted(components.items()):
        if f"{name.lower()}-{component['version']}" not in told.features:
            yield f"names {name} {component['version']}, the command {' '.join(told.features)}"
    if not any(component.get("scope") == "excluded" for component in components.values()):
        yield "does not name the compiler"
