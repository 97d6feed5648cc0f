"""The page: whole, well formed, alone in the world, and made of text alone, whatever findings say."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from runs import HOSTILE, finding, gate, hostile

from ci.outputs import history, page, svg
from ci.outputs.document import cleaned

VOID = {"meta", "input"}
STYLE = (Path(page.__file__).parent / "page.css").read_text()


class Reader(HTMLParser):
    """Elements with their attributes, and the text; asserts that what is opened is closed."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.found, self.texts = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs), f"twice the same attribute: {tag} {attrs}"
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.texts.append((self.open[-1] if self.open else "", data))

    def all(self, tag, **attributes):
        return [a for t, a in self.found if t == tag and attributes.items() <= a.items()]


COVERAGE = {
    "line": 90.0,
    "branch": 80.0,
    "areas": [{"path": "libs/core/src", "line": 91.0, "branch": 81.0}],
    "files": [{"path": "libs/core/src/a.c", "line": 100.0, "branch": 0.0}],
}


@pytest.fixture
def runs(document):
    first = document(gate("loc"), gate("tidy", seconds=9.0), started="2026-01-01T00:00:00Z")
    last = document(
        gate("loc", start=0.0, seconds=2.0),
        gate("tidy", "failed", [finding("bad", "a.c", 3, "tool said"), finding("lost")], start=2.0, seconds=8.0),
        gate("absent", "skipped", reason="no tool; run: get it"),
        gate("idle", "not needed"),
        seconds=10.0,
    )
    return [first, last]


@pytest.fixture
def made(runs):
    return Reader(page.page(runs, COVERAGE, STYLE))


def test_the_page_has_every_part_and_a_link_to_each(made):
    parts = [section["id"] for section in made.all("section")]
    assert parts == ["gates", "findings", "coverage", "trends", "runs"]
    links = [link["href"] for link in made.all("a")]
    ids = {attributes["id"] for _, attributes in made.found if "id" in attributes}
    assert {f"#{part}" for part in parts} <= set(links)
    assert all(link[0] == "#" and link[1:] in ids for link in links)


def test_gates_are_lanes_in_time(made):
    lanes = made.all("svg", **{"class": "lane"})
    assert [lane["aria-label"] for lane in lanes] == ["passed: from 0.0 s to 2.0 s", "failed: from 2.0 s to 10.0 s"]
    bars = [rect for rect in made.all("rect") if rect.get("y") == "4"]
    assert [(bar["class"], bar["x"], bar["width"]) for bar in bars] == [
        ("bar passed", "0.00%", "20.00%"),
        ("bar failed", "20.00%", "80.00%"),
    ]


def test_every_status_is_said_in_words(made):
    pills = [text for tag, text in made.texts if tag == "span"]
    assert {"1 failed", "passed", "failed", "skipped", "not needed"} <= set(pills)
    assert ("small", "no tool; run: get it") in made.texts


@pytest.mark.parametrize(
    ("statuses", "words"),
    [
        (["passed", "not needed"], "all passed"),
        (["not needed"], "nothing new to ask"),
        (["passed", "skipped"], "1 skipped"),
        (["failed", "skipped"], "1 failed"),
    ],
)
def test_the_head_says_what_came_of_the_run(document, statuses, words):
    run = document(*(gate(f"g{n}", status) for n, status in enumerate(statuses)))
    assert next(text for tag, text in Reader(page.page([run], None, STYLE)).texts if tag == "span") == words
    stopped = Reader(page.page([{**run, "interrupted": True}], None, STYLE))
    assert ("span", "interrupted") in stopped.texts


def test_findings_have_place_words_and_the_way_back(made):
    assert ("code", "a.c:3") in made.texts
    assert ("pre", "tool said") in made.texts
    assert ("code", "./ci.sh tidy") in made.texts


def test_trends_have_a_column_per_run(made):
    charts = {label["aria-label"] for label in made.all("svg", **{"class": "columns"})}
    assert charts == {"1 runs", "2 runs"}
    assert ("title", "2026-01-01 00:00:00 UTC: passed, 9.0 s") in made.texts


def test_a_proof_is_no_point_of_a_trend(document):
    proof = document(gate("loc", mutations=[]))
    made = Reader(page.page([document(gate("loc")), proof], None, STYLE))
    assert not made.all("section", id="trends")
    assert not made.all("section", id="coverage")


def test_the_page_needs_nobody(runs):
    text = page.page(runs, COVERAGE, STYLE)
    made = Reader(text)
    assert not {tag for tag, _ in made.found} & {"script", "link", "img", "iframe", "object", "form", "base"}
    names = {name for _, attributes in made.found for name in attributes}
    assert not names & {"style", "src", "srcset", "action"}
    assert not [name for name in names if name.startswith("on")]
    assert not re.search(r"url\(|@import|https?:", text)
    (policy,) = [meta["content"] for meta in made.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    digest = base64.b64encode(hashlib.sha256(re.search("<style>(.*)</style>", text, re.S)[1].encode()).digest())
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest.decode()}';")


def test_hostile_text_is_text(document):
    run = cleaned(document(hostile(), command=HOSTILE[1], commit=HOSTILE[0]))
    plain = cleaned(
        document(
            gate("hostile", "failed", [finding("x", "x", 3, "x")] * 6 + [finding("x", details="x")] * 6, reason="x")
        )
    )
    made = Reader(page.page([run, run], None, STYLE))
    assert [tag for tag, _ in made.found] == [tag for tag, _ in Reader(page.page([plain, plain], None, STYLE)).found]
    assert ("pre", HOSTILE[0]) in made.texts
    shown = "".join(text for _, text in made.texts)
    assert not re.search("[\0\a\x1b\x7f\u202e]", shown)


def test_both_colour_schemes_have_every_colour():
    light, dark = (
        set(re.findall(r"--[\w-]+(?=:)", block)) for block in STYLE.split("@media (prefers-color-scheme: dark)")
    )
    used = set(re.findall(r"var\((--[\w-]+)\)", STYLE))
    assert used <= light
    assert used <= dark


def luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_can_be_read_on_its_ground(scheme):
    colours = dict(
        re.findall(r"(--[\w-]+): (#[0-9a-f]{6})", STYLE.split("@media (prefers-color-scheme: dark)")[scheme])
    )
    pairs = [(ink, ground) for ink in ("--ink", "--soft", "--link", "--failed") for ground in ("--paper", "--card")]
    pairs += [(f"--{status}", f"--{status}-back") for status in ("passed", "failed", "skipped")]
    pairs += [("--soft", "--unneeded-back")]
    for ink, ground in pairs:
        bright, dim = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
        assert (bright + 0.05) / (dim + 0.05) >= 4.5, (ink, ground)


@pytest.mark.parametrize("span", [0.001, 0.3, 7, 61, 175, 5000, 100_000])
def test_a_scale_is_round_and_can_be_read(span):
    ticks = svg.ticks(span)
    assert len(ticks) <= svg.TICKS
    assert all(0 < tick <= span for tick in ticks)
    assert span < 0.1 or ticks


def test_report_is_a_page_about_the_last_run(project, tmp_path):
    project.gate("wrong", "return [Finding('<b>bad</b>', 'a.c', 3)]")
    assert project.run("wrong").returncode == 1
    coverage = project.root / "build/ci/coverage/summary.json"
    coverage.parent.mkdir()
    coverage.write_text(json.dumps(COVERAGE))
    done = project.run("report")
    assert (done.returncode, done.out) == (0, "written: build/ci/report.html\n")
    text = (project.root / "build/ci/report.html").read_text()
    assert "&lt;b&gt;bad&lt;/b&gt;" in text
    assert "<section id=coverage>" in text
    assert project.run("report", "-o", str(tmp_path / "new" / "page.html")).returncode == 0
    assert (tmp_path / "new/page.html").read_text() == text


@pytest.mark.parametrize("text", ["{", "[]", '{"line": 1}', '{"line": "x", "branch": 1, "areas": [], "files": []}'])
def test_coverage_that_cannot_be_read_is_left_out_and_said(project, text):
    project.gate("fine")
    project.run("fine")
    coverage = project.root / "build/ci/coverage/summary.json"
    coverage.parent.mkdir()
    coverage.write_text(text)
    done = project.run("report")
    assert done.returncode == 0
    assert done.err == "ci.sh: build/ci/coverage/summary.json is no summary of coverage: left out\n"


def test_report_says_what_it_could_not_read_and_what_is_missing(project, document):
    project.gate("fine")
    done = project.run("report")
    assert (done.returncode, done.err) == (3, "ci.sh: no results of a run are kept here yet: ./ci.sh all\n")
    project.run("fine")
    (Path(history.folder(str(project.root))) / "a.json").write_text("{")
    done = project.run("report")
    assert done.returncode == 0
    assert done.err == "ci.sh: build/ci/results/a.json is no result of a run: left out\n"
    for args in (("-o",), ("fine",), ("-o", "a", "b")):
        done = project.run("report", *args)
        assert (done.returncode, done.err) == (2, "ci.sh: usage: ./ci.sh report [-o FILE]\n")
