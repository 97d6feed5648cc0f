"""What stubtest prints, as findings; that it compares at all is shown by the gate's proof."""

from ci.runner.model import Finding
from ci.tools import stubtest

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
