"""The page of `report`: how it is put together, and what the gate that opens it plants."""

import base64
import hashlib
import re
import subprocess
from pathlib import Path

import pytest

from ci import policy
from ci.gates import browser
from ci.tools import environment, toolbox

ROOT = Path(policy.ROOT)
FRAME = """\
<p policy="{{style-hash}} {{script-hash}}">
<t>{{title}}</t><style>{{style}}</style>{{data}}<script>{{script}}</script>
"""


@pytest.fixture
def make(tmp_path):
    """Puts a page together; its three parts, or what CMake said."""

    def make(**files):
        for name, text in files.items():
            (tmp_path / name.replace("_", ".")).write_bytes(text.encode())
        names = ";".join(str(tmp_path / name.replace("_", ".")) for name in files)
        cmake = toolbox.own("cmake") or environment.program(str(ROOT), "native", "cmake")
        words = [cmake, f"-DOUT={tmp_path / 'out.c'}", f"-DFILES={names}", "-P", str(ROOT / "cmake" / "Page.cmake")]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return " ".join(done.stderr.split())
        made = (tmp_path / "out.c").read_text()
        arrays = re.findall(r"PART_\d+\[\] = \{\n(.*?)\};", made, re.S)
        return [bytes.fromhex(re.sub(r"0x|,|\s", "", array)).decode() for array in arrays]

    return make


def named(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.mark.parametrize("script", ["a;b[c]", 'x = "\\\\;\\n"; // ${y} @z@', "\t`${a}`\n", ""])
def test_style_and_script_are_put_in_and_named_by_their_hashes(make, script):
    before, between, behind = make(page_html=FRAME, page_css="p { }\n", one_js=script, two_js="//\n")
    style, script = "\np { }\n", f"\n{script}//\n"
    assert before == f'<p policy="{named(style)} {named(script)}">\n<t>'
    assert between == f"</t><style>{style}</style>"
    assert behind == f"<script>{script}</script>\n"


def test_line_ends_are_as_a_browser_hashes_them(make):
    assert make(page_html=FRAME, page_css="a\r\nb\r\n", one_js="") == make(
        page_html=FRAME, page_css="a\nb\n", one_js=""
    )


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"page_html": FRAME, "page_css": "", "one_js": "'\u2192'"}, "one.js:1: the page is ASCII"),
        ({"page_html": FRAME, "page_css": "", "one_js": "'</script>'"}, "one.js:1: an end tag or a comment of HTML"),
        ({"page_html": FRAME, "page_css": "/* <!-- */", "one_js": ""}, "page.css:1: an end tag or a comment of HTML"),
        ({"page_html": FRAME.replace("{{data}}", ""), "page_css": "", "one_js": ""}, "{{data}} is not there"),
        ({"page_html": FRAME.replace("{{title}}", ""), "page_css": "", "one_js": ""}, "{{title}} is not there"),
    ],
)
def test_what_would_break_the_page_is_refused(make, files, says):
    assert says in make(**files)


@pytest.mark.parametrize("mutation", browser.GATE.mutations, ids=lambda mutation: mutation.expect)
def test_each_fault_is_planted_where_it_can_be_and_seen_by_a_test_that_is_there(mutation):
    (edit,) = mutation.edits
    assert (ROOT / edit.path).read_text().count(edit.find) == 1
    assert f"\ndef {mutation.expect}" in (ROOT / browser.TEST).read_text()
