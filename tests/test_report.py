"""The page of `report`: what it holds, and that no name can break out of it."""

import base64
import hashlib
import json
import os
import random
import re
from html.parser import HTMLParser

import pytest

HASH = "99aa06d3014798d86001c324468d497f"
UNCHANGED, NEW, MODIFIED, DELETED = range(4)
HOSTILE = (
    "</script><script>alert(1)</script>",
    "</SCRIPT >",
    "<!--<script>",
    "--><svg onload=alert(1)>",
    "]]>",
    '"quoted"',
    "it's",
    "&lt;&#60;",
    "back\\slash",
    "new\nline",
    "\u2028 and \u2029",
    "nul\0",
    "\udcff\udc80 no UTF-8",
    "\ud800",
    "\U0001f600",
    "\u202eexe.txt",
    "{{data}}",
    "",
    "/absolute",
    "a//b",
    "../outside",
    " ",
)


class Page(HTMLParser):
    """A page taken apart as a browser does: what is in scripts and styles is text up to their end tags."""

    def __init__(self, data):
        super().__init__()
        self.parts = []  # (tag, attributes, text)
        self.attributes = []
        self.inside = False  # of the last part
        self.feed(data.decode())
        self.close()

    def handle_starttag(self, tag, attrs):
        self.parts.append((tag, dict(attrs), ""))
        self.inside = True
        self.attributes += [(tag, *attr) for attr in attrs]

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            tag, attrs, text = self.parts[-1]
            self.parts[-1] = (tag, attrs, text + data)

    def all(self, tag):
        return [(attrs, text) for name, attrs, text in self.parts if name == tag]

    @property
    def title(self):
        ((_, text),) = self.all("title")
        return text

    @property
    def data(self):
        (text,) = [text for attrs, text in self.all("script") if attrs["type"] == "application/json"]
        return json.loads(text)

    @property
    def policy(self):
        ((attrs, _),) = [part for part in self.all("meta") if part[0].get("http-equiv") == "Content-Security-Policy"]
        rules = (rule.split() for rule in attrs["content"].split(";"))
        return {name: values for name, *values in rules}

    def entries(self):
        """Path -> change, size, seconds, and what there is beyond."""
        found, folders = {}, []
        for change, shared, rest, *states in self.data["entries"]:
            assert shared <= len(folders)
            parts = [*folders[:shared], *rest.split("/")]
            assert "/".join(parts) not in found
            found["/".join(parts)] = (change, *states)
            folders = parts[:-1]
        return found


def manifest(path, files):
    """A manifest file of path -> size or (size, microseconds)."""
    entries = []
    for name, state in files.items():
        size, mtime = state if isinstance(state, tuple) else (state, 0)
        entries.append({"hash": HASH[:-8] + f"{size % 2**32:08x}", "mtime": mtime, "path": name, "size": size})
    document = {"hashAlg": "xxh128", "manifestVersion": "2023-03-03", "paths": entries, "totalSize": 1}
    path.write_text(json.dumps(document))
    return path


def report(cli, *args):
    return Page(cli.ok("report", "--quiet", *args))


def test_the_page_says_what_diff_says(cli, tree, tmp_path):
    old = tree(a="1", b="1", d__x="1", d__e__y="1", z__z="1")
    cli.ok("snapshot", old, "-o", tmp_path / "old.json")
    (old / "b").write_text("22")
    (old / "d" / "x").unlink()
    (old / "d" / "e" / "new").write_text("333")
    page = report(cli, tmp_path / "old.json", old)
    told = cli.json("diff", "--all", tmp_path / "old.json", old)
    entries = page.entries()
    for change, name in ((UNCHANGED, "unchanged"), (NEW, "new"), (MODIFIED, "modified"), (DELETED, "deleted")):
        assert [path for path, (kind, *_) in entries.items() if kind == change] == told[name]
    assert list(entries) == sorted(entries)
    assert entries["d/e/new"][1] == 3
    assert entries["b"][1:] == (2, int((old / "b").stat().st_mtime), 1, entries["b"][4])
    data = page.data
    assert data["schema"] == "template-cli/page/1"
    assert data["old"] == {"name": str(tmp_path / "old.json"), "fileCount": 5, "totalSize": 5}
    assert data["new"] == {"name": str(old), "fileCount": 5, "totalSize": 8}


def test_sizes_and_times(cli, tmp_path):
    old = manifest(tmp_path / "old", {"gone": (7, 1_500_000), "m": (5, -1), "same": (2**53 + 1, 2_000_000)})
    new = manifest(tmp_path / "new", {"m": (6, 3_999_999), "n": (8, -1_000_001), "same": (2**53 + 1, 9_000_000)})
    assert report(cli, old, new).entries() == {
        "gone": (DELETED, 7, 1),
        "m": (MODIFIED, 6, 3, 5, -1),
        "n": (NEW, 8, -2),
        "same": (UNCHANGED, 2**53 + 1, 9),
    }


def test_a_manifest_alone_has_no_changes(cli, tmp_path):
    page = report(cli, manifest(tmp_path / "m", {"a/b": 1, "c": 2}))
    assert page.entries() == {"a/b": (UNCHANGED, 1, 0), "c": (UNCHANGED, 2, 0)}
    assert page.data["old"] is None
    assert page.data["new"] == {"name": str(tmp_path / "m"), "fileCount": 2, "totalSize": 3}


def test_an_empty_comparison_is_a_page(cli, tmp_path):
    (tmp_path / "empty").mkdir()
    page = report(cli, tmp_path / "empty", tmp_path / "empty")
    assert page.entries() == {}
    assert len(page.all("canvas")) == 1


def test_no_name_leaves_its_place(cli, tmp_path):
    plain = report(cli, manifest(tmp_path / "plain", {"a": 1}), "--title", "x")
    files = {name + suffix: 1 for name in HOSTILE for suffix in ("", "/x")}
    page = report(cli, manifest(tmp_path / "m", files), "--title", "x")
    assert set(page.entries()) == set(files)
    assert [(tag, attrs) for tag, attrs, _ in page.parts] == [(tag, attrs) for tag, attrs, _ in plain.parts]


@pytest.mark.parametrize(
    "title", [name for name in HOSTILE if name.isprintable() and "\\" not in name and '"' not in name]
)
def test_a_title_is_text(cli, tmp_path, title):
    page = report(cli, manifest(tmp_path / "m", {"a": 1}), "--title", title)
    assert page.title == (title or '""')
    assert page.data["title"] == title
    assert [tag for tag, _, _ in page.parts].count("script") == 2


def test_what_is_not_utf_8_is_kept_and_shown(cli, tmp_path):
    root = os.fsencode(tmp_path) + b"/\xff<\xe2\x80\xa8>"
    os.mkdir(root)
    with open(root + b"/\xfe\n", "wb") as file:
        file.write(b"1")
    page = Page(cli.ok("report", "--quiet", os.fsdecode(root)))
    assert list(page.entries()) == ["\udcfe\n"]
    assert page.data["new"]["name"] == os.fsdecode(root)
    assert page.title == '"' + str(tmp_path) + '/\\377<\\342\\200\\250>"'


def test_random_paths_come_back(cli, tmp_path):
    chance = random.Random(1)
    for _ in range(5):
        pieces = ("a", "b", "/", "/", "-", "\ufffd", "\U0001f600", "\udc80", "\u2028")
        paths = {"".join(chance.choices(pieces, k=chance.randrange(1, 9))) for _ in range(300)}
        files = {path: (chance.randrange(9), 0) for path in paths}
        entries = report(cli, manifest(tmp_path / "m", files)).entries()
        assert entries == {path: (UNCHANGED, size, 0) for path, (size, _) in files.items()}


def test_deep_paths_come_back(cli, tmp_path):
    deep = "/".join("d" * 2000)
    assert set(report(cli, manifest(tmp_path / "m", {deep: 1, deep + "/x": 1})).entries()) == {deep, deep + "/x"}


def test_the_policy_allows_what_the_page_holds_and_nothing_else(cli, tmp_path):
    page = report(cli, manifest(tmp_path / "m", {"a": 1}))

    def named(text):
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    (script,) = [text for attrs, text in page.all("script") if attrs["type"] == "module"]
    ((_, style),) = page.all("style")
    assert page.policy == {
        "default-src": ["'none'"],
        "script-src": [named(script)],
        "style-src": [named(style)],
        "img-src": ["data:"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }


def test_the_page_asks_for_nothing(cli, tmp_path):
    data = cli.ok("report", "--quiet", manifest(tmp_path / "m", {"a": 1}))
    page = Page(data)
    for tag, name, value in page.attributes:
        assert not name.startswith("on"), (tag, name)
        assert name != "style", tag
        assert name not in ("src", "srcset", "action", "data"), (tag, value)
        assert name != "href" or value.startswith("data:"), value
    urls = set(re.findall(rb"[a-z]+://[^'\"\s)]*", data))
    assert urls == {b"http://www.w3.org/2000/svg"}, "the name of a language, which nobody fetches"
    assert not re.search(rb"\b(?:fetch|XMLHttpRequest|WebSocket|import|eval|innerHTML|outerHTML)\b", data)


def test_the_page_names_no_place_of_its_building(cli, tmp_path):
    data = cli.ok("report", "--quiet", manifest(tmp_path / "m", {"a": 1}), "--title", "x")
    assert os.fsencode(os.getcwd()) not in data
    assert data.replace(os.fsencode(tmp_path), b"").isascii()
