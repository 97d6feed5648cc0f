"""What gate sbom says of documents that are not true."""

import json

import pytest

from ci import policy
from ci.tools import bom

TOLD = bom.Told("1.2.3", "MIT", ["gnu-12.2.0", "release", "xxhash-0.8.1"])


@pytest.fixture
def document():
    compiled = [
        {"name": name, "version": "0.8.1", "scope": "required", "licenses": [{"license": {"id": licence}}]}
        for name, licence in policy.COMPILED_IN.items()
    ]
    return {
        "metadata": {
            "component": {"name": "template-pkg", "version": "1.2.3", "licenses": [{"expression": "MIT"}]},
        },
        "components": [*compiled, {"name": "gnu", "version": "12.2.0", "scope": "excluded"}],
    }


def faults(document):
    return list(bom.faults(json.dumps(document), TOLD))


def test_a_true_document_has_no_fault(document):
    assert faults(document) == []


def other_subject(document):
    document["metadata"]["component"]["version"] = "1.2.4"


def other_licence(document):
    document["metadata"]["component"]["licenses"] = [{"expression": "0BSD"}]


def nothing_compiled_in(document):
    document["components"] = document["components"][-1:]


def licence_of_another(document):
    document["components"][0]["licenses"] = [{"license": {"id": "GPL-2.0-only"}}]


def other_version(document):
    document["components"][0]["version"] = "0.8.9"


def other_compiler(document):
    document["components"][-1]["version"] = "14.2.0"


def no_compiler(document):
    document["components"].pop()


def time(document):
    document["metadata"]["timestamp"] = "2026-01-01T00:00:00Z"


def serial(document):
    document["serialNumber"] = "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"


@pytest.mark.parametrize(
    ("breaks", "fault"),
    [
        (other_subject, "is of template_pkg 1.2.4 MIT, not of template_pkg 1.2.3 MIT"),
        (other_licence, "is of template_pkg 1.2.3 0BSD"),
        (nothing_compiled_in, "names {} as compiled in"),
        (licence_of_another, "names {'xxHash': 'GPL-2.0-only'} as compiled in"),
        (other_version, "names xxHash 0.8.9, the command gnu-12.2.0 release xxhash-0.8.1"),
        (other_compiler, "names gnu 14.2.0, the command"),
        (no_compiler, "does not name the compiler"),
        (time, "holds a time or a serial number"),
        (serial, "holds a time or a serial number"),
    ],
)
def test_a_false_document_is_refused(document, breaks, fault):
    breaks(document)
    (found,) = faults(document)
    assert fault in found
