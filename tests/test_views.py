"""What manifests, diffs and verifications show of themselves: dicts, and HTML for notebooks."""

import html.parser
import json

import pytest

import template_pkg as tp

HOSTILE = "<script>alert('x')</script>&\"\n\u202e\udcff"


class Cells(html.parser.HTMLParser):
    """The texts of a table, and the tags that it is made of."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts = set(), []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert dict(attrs).keys() <= {"colspan"}

    def handle_data(self, data):
        self.texts.append(data)


def shown(value):
    text = value._repr_html_()
    assert text.encode("utf-8").decode().isprintable()
    cells = Cells(text)
    assert cells.tags <= {"table", "caption", "thead", "tbody", "tr", "th", "td"}
    return cells.texts


@pytest.fixture
def hostile(tree):
    return tree({"entries": [{"path": HOSTILE.replace("/", ":"), "content": "x"}, {"path": "a", "content": "yy"}]})


def test_a_manifests_dict_is_its_document(tree):
    manifest = tp.snapshot(tree(b="x", a__c="yy"))
    assert manifest.to_dict() == json.loads(manifest.encode())
    assert [entry["path"] for entry in manifest.to_dict()["paths"]] == ["a/c", "b"]
    assert manifest.to_dict() is not manifest.to_dict()
    beta = manifest.convert("2025-12-04-beta")
    assert beta.to_dict() == json.loads(beta.encode())


def test_a_manifest_shows_itself_escaped(hostile):
    texts = shown(tp.snapshot(hostile))
    assert texts[:4] == ["Manifest 2023-03-03: 2 files, 3 bytes", "path", "size", "hash"]
    assert (
        HOSTILE.replace("/", ":").replace("\n", "\\n").replace("\u202e", "\\u202e").replace("\udcff", "\\udcff")
        in texts
    )
    assert {"a", "2"} <= set(texts)


def test_a_long_table_is_cut_short(many_files):
    texts = shown(tp.snapshot(many_files))
    assert texts[-1] == "and 9980 more"
    assert "d00/f19" in texts
    assert "d00/f20" not in texts


def test_a_diff_and_a_verification_show_what_they_found(hostile):
    before = tp.snapshot(hostile)
    (hostile / "a").write_text("zzz")
    (hostile / "<b>").write_text("")
    texts = shown(tp.diff(before, hostile))
    assert texts == ["Diff: 1 new, 1 modified, 0 deleted, 1 unchanged", "path", "A", "<b>", "M", "a"]
    texts = shown(tp.verify(before, hostile, strict=True))
    assert texts == ["Verification: 2 checked, 2 findings", "path", "modified", "a", "unexpected", "<b>"]
    verification = tp.Verification._make(((), (), (), (), (tp.Unreadable(("p", "no <permission>")),), 1))
    assert shown(verification)[-2:] == ["unreadable", "p: no <permission>"]
    many = tp.Diff._make((tuple(map(str, range(30))), ("m",), (), None, 0, ()))
    assert shown(many)[-2:] == ["19", "and 11 more"]
