"""What stubtest and pyright print, as findings; that they compare at all is shown by the gates' proofs."""

import json

from ci.runner.model import Finding
from ci.tools import pyright, stubtest

SAID = """\
error: template_pkg._native.phantom is not present at runtime
Stub: in file /x/lib/python3.11/site-packages/template_pkg/_native.pyi:241
def ()
Runtime:
MISSING

error: template_pkg._native.Manifest.gone is not present in stub
Stub: in file /x/lib/python3.11/site-packages/template_pkg/_native.pyi
MISSING
Runtime:
def (self, /)

Found 2 errors (checked 2 modules)
"""
BROKEN = """\
error: not checking stubs due to mypy build errors:
/x/site-packages/template_pkg/__init__.py:11: error: Module "template_pkg._native" has no attribute "hash_bytes"
"""


def test_each_difference_is_placed_in_the_stub():
    one, two = stubtest.findings(SAID)
    assert str(one) == "src/template_pkg/_native.pyi:241: template_pkg._native.phantom is not present at runtime"
    assert str(two) == "src/template_pkg/_native.pyi: template_pkg._native.Manifest.gone is not present in stub"
    assert "def (self, /)" in two.details
    assert "phantom" not in two.details


def test_a_stub_that_does_not_fit_its_package_is_a_finding():
    (finding,) = stubtest.findings(BROKEN)
    assert str(finding) == "src/template_pkg/__init__.py:11: not checking stubs due to mypy build errors:"
    assert "no attribute" in finding.details


def test_what_the_stub_lacks_is_placed_at_its_class(context):
    path = "src/template_pkg/_native.pyi"
    ctx = context({path: "def f() -> None: ...\nclass Manifest:\n    ...\n"})
    _, gone = stubtest.findings(SAID)
    assert str(stubtest.placed(ctx, gone)).startswith(f"{path}:2: template_pkg._native.Manifest.gone is not")
    assert stubtest.placed(ctx, Finding("x.f is not present in stub", path)).line == 1


def test_silence_is_no_finding():
    assert list(stubtest.findings("Success: no issues found in 2 modules\n")) == []


def test_each_diagnostic_of_pyright_is_placed_in_the_tree():
    place = {"start": {"line": 4, "character": 1}, "end": {"line": 4, "character": 2}}
    said = [
        {"file": "/x/src/a.py", "message": "is unknown\n  in detail", "range": place, "rule": "reportUnknown"},
        {"file": "/x/b.py", "message": "no such file"},
    ]
    one, two = pyright.findings("a word before\n" + json.dumps({"generalDiagnostics": said}), "/x")
    assert (str(one), one.details) == ("src/a.py:5: is unknown (reportUnknown)", "in detail")
    assert str(two) == "b.py: no such file"


def test_what_pyright_cannot_say_in_json_is_left_to_its_exit():
    assert pyright.findings("node: command not found", "/x") == []
    assert pyright.findings('{"generalDiagnostics": []}', "/x") == []
