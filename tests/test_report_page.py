"""The page of `report` in headless Chromium, as people meet it: by eye, by mouse, by keys."""

import json
import os
import random
from pathlib import Path

import chromium
import pytest
from test_report import HOSTILE, manifest

pytestmark = pytest.mark.browser
MS_TO_OPEN = 1000
MANY = 100_000
OLD = {"a/same": 4000, "a/grown": 1000, "b/c/gone": 3000, "b/c/kept": 500, "top": 100}
NOW = {"a/same": 4000, "a/grown": 2500, "b/c/new one": 2000, "b/c/kept": 500, "top": 100, "b/fresh": 900}
ROWS = "[...document.querySelectorAll('.row')].map(row => row.children[1].textContent)"
COUNT = "Number(document.getElementById('table').getAttribute('aria-rowcount')) - 1"
SAID = "document.getElementById('live').textContent.replaceAll('\\u00a0', ' ')"
CRUMBS = "document.getElementById('crumbs').textContent"
FOCUS = "document.activeElement.id || document.activeElement.textContent"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    assert chromium.program() is not None, "there is no Chromium: ./ci.sh doctor --fix browser"
    with chromium.Browser(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def pictures(tmp_path):
    return Path(os.environ.get("PAGE_PICTURES", tmp_path))


@pytest.fixture
def show(cli, browser, tmp_path):
    """Opens the page of a comparison, or of one side."""
    opened = []

    def show(*sides, title=None, **how):
        paths = [manifest(tmp_path / f"side{at}", files) for at, files in enumerate(sides)]
        words = [] if title is None else ["--title", title]
        cli.ok("report", *paths, *words, "-o", tmp_path / "page.html")
        opened.append(browser.open(tmp_path / "page.html", **how))
        return opened[-1]

    yield show
    for page in opened:
        page.close()


def press(page, *keys):
    for key in keys:
        page.press(key)
    page.settle()


def click(page, selector):
    """With the mouse, in the middle of an element."""
    box = page.value(
        f"JSON.parse(JSON.stringify(document.querySelector({json.dumps(selector)}).getBoundingClientRect()))"
    )
    page.point(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, click=True)
    page.settle()


def color(page, css):
    return [int(float(part)) for part in page.value(css).strip("rgba()").split(",")[:3]]


def test_it_is_silent(show):
    page = show(OLD, NOW)
    for x in range(40, 1200, 90):
        page.point(x, 300)
    press(
        page,
        "/",
        "a",
        "Enter",
        "ArrowDown",
        "/",
        "Escape",
        "Escape",
        "ArrowUp",
        "Enter",
        "Escape",
        "1",
        "2",
        "t",
        "?",
        "Escape",
    )
    page.resize(500, 800)
    page.settle()
    assert page.complaints() == []
    assert [url.rsplit("/", 1)[1] for url in page.requests()] == ["page.html"]


def test_it_says_what_changed(show):
    page = show(OLD, NOW)
    assert page.value(ROWS) == ["b/c/new one", "b/fresh", "a/grown", "b/c/gone", "a/same", "b/c/kept", "top"]
    badges = page.value("[...document.querySelectorAll('.row .badge')].map(badge => badge.textContent).join('')")
    assert badges == "AAMD"
    legend = page.value("[...document.querySelectorAll('#legend button')].map(b => b.innerText.replace(/\\s+/g, ' '))")
    assert legend == [
        "New 2 +2.83 KiB",
        "Modified 1 2.44 KiB, +1.46 KiB",
        "Deleted 1 \u22122.93 KiB",
        "Unchanged 3 4.49 KiB",
    ]
    assert "5 files, 8.40 KiB \u2192 6 files, 9.77 KiB" in page.value(
        "document.getElementById('totals').innerText"
    ).replace("\u00a0", " ")


def test_one_side_is_shown_by_types(show):
    page = show({"a.c": 300, "b/x.C": 100, "b/y.py": 200, "plain": 50})
    legend = page.value("[...document.querySelectorAll('#legend button')].map(b => b.innerText.replace(/\\s+/g, ' '))")
    assert legend == [".c 2 400 B", ".py 1 200 B", "Other 1 50 B"]
    assert page.value(ROWS) == ["a.c", "b/y.py", "b/x.C", "plain"]


def test_search(show):
    page = show(OLD, NOW)
    press(page, "/")
    page.write("NE b/")
    page.until(f"{COUNT} === 2")
    assert sorted(page.value(ROWS)) == ["b/c/gone", "b/c/new one"]
    counts = page.value(
        "[...document.querySelectorAll('.count')].map(count => count.innerText.replaceAll('\\u00a0', ' '))"
    )
    assert counts == ["1 of 2", "0 of 1", "1 of 1", "0 of 3"]
    assert page.value("[...document.querySelectorAll('mark')].map(mark => mark.textContent)").count("b/") == 2
    page.write(" nothing like it")
    page.until(f"{COUNT} === 0")
    assert "leave no file" in page.value("document.getElementById('nothing').textContent")
    press(page, "Escape")
    page.until(f"{COUNT} === 7")
    press(page, "Enter")
    assert page.value(FOCUS) == "table"


def test_kinds_are_shown_and_hidden(show):
    page = show(OLD, NOW)
    press(page, "4")
    assert sorted(page.value(ROWS)) == ["a/grown", "b/c/gone", "b/c/new one", "b/fresh"]
    click(page, "#legend button:nth-child(2)")
    assert sorted(page.value(ROWS)) == ["b/c/gone", "b/c/new one", "b/fresh"]
    assert (
        page.value("[...document.querySelectorAll('#legend button')].map(b => b.ariaPressed).join()")
        == "true,false,true,false"
    )
    press(page, "2", "4")
    assert page.value(COUNT) == 7


@pytest.mark.parametrize(
    ("column", "first", "last"),
    [
        ("path", "a/grown", "top"),
        ("size", "a/same", "top"),
        ("growth", "b/c/new one", "b/c/gone"),
        ("kind", "b/c/new one", "top"),
    ],
)
def test_sorting(show, column, first, last):
    page = show(OLD, NOW)
    if column == "kind":
        click(page, "[data-key=path]")
    click(page, f"[data-key={column}]")
    sort = "document.querySelector('[data-key=%s]').parentElement.getAttribute('aria-sort')" % column
    once = page.value(sort)
    assert (page.value(ROWS)[0], page.value(ROWS)[-1]) == (first, last)
    press(page, "Enter")  # the focus stays on the button
    assert {once, page.value(sort)} == {"ascending", "descending"}
    assert page.value("document.activeElement.dataset.key") == column


def test_tab_reaches_everything(show):
    page = show(OLD, NOW)
    seen = []
    for _ in range(24):
        page.press("Tab")
        seen.append(page.value(FOCUS))
    assert {"theme", "help", "by-size", "by-count", "search", "canvas", "table"} <= set(seen)
    assert any(text.startswith("New") for text in seen)
    assert {"Path", "Size"} <= {text.split()[0] for text in seen if text}


def test_keys_on_the_table(show):
    page = show(OLD, NOW)
    page.value("document.getElementById('table').focus()")
    chosen = "document.querySelector('.row[aria-selected=true]').children[1].textContent"
    press(page, "ArrowDown")
    assert page.value(chosen) == page.value(ROWS)[0]
    press(page, "ArrowDown")
    assert page.value(chosen) == page.value(ROWS)[1]
    assert page.value("document.getElementById('table').getAttribute('aria-activedescendant')") == "row-1"
    press(page, "End")
    assert page.value(chosen) == page.value(ROWS)[-1] == "top"
    press(page, "Home", "Enter")
    assert page.value(CRUMBS) == "All files/b/c"
    press(page, "Escape", "Escape")
    assert page.value(CRUMBS) == "All files"


def test_keys_on_the_map(show):
    page = show(OLD, NOW)
    page.value("document.getElementById('canvas').focus()")
    press(page, "ArrowRight")
    assert page.value(SAID).startswith("a/, 2 files")
    press(page, "ArrowRight")
    assert page.value(SAID).startswith("b/, ")
    press(page, "ArrowDown", "ArrowDown")
    assert page.value(SAID).startswith("b/c/gone, deleted, ")
    press(page, "ArrowUp", "Enter")
    assert page.value(CRUMBS) == "All files/b/c"
    assert page.value(COUNT) == 3
    press(page, "Escape")
    assert page.value(CRUMBS) == "All files/b"
    press(page, "Home")
    assert page.value(CRUMBS) == "All files"


def test_folders_with_nothing_but_a_folder_are_passed_through(show):
    page = show({"d/e/f": 5, "d/e/g": 4, "d/.empty": 0, "h": 1})
    page.value("document.getElementById('canvas').focus()")
    press(page, "ArrowRight")
    assert page.value(SAID).startswith("d/e/, 2 files")
    press(page, "ArrowRight")
    assert page.value(SAID).startswith("h, ")
    press(page, "ArrowLeft", "Enter")
    assert page.value(CRUMBS) == "All files/d/e"
    press(page, "Escape")
    assert page.value(CRUMBS) == "All files"


def test_the_mouse_on_the_map(show):
    page = show({"d/e/f": 5, "d/e/g": 5, "h": 10})
    place = page.value("JSON.parse(JSON.stringify(document.getElementById('canvas').getBoundingClientRect()))")
    page.point(place["x"] + place["width"] / 4, place["y"] + 30)
    assert page.value("document.getElementById('tip').textContent").startswith("d/e/")
    page.point(place["x"] + place["width"] / 4, place["y"] + 10, click=True)
    page.settle()
    assert page.value(CRUMBS) == "All files/d/e"
    assert page.value(ROWS) == ["f", "g"]
    page.point(place["x"] + place["width"] / 4, place["y"] + place["height"] / 2, click=True)
    page.settle()
    assert page.value("document.querySelector('.row[aria-selected=true]').children[1].textContent") == "f"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_has_the_colours_of_the_buttons(show, scheme):
    page = show({"a": 9, "b": 9, "c": 9}, {"a": 9, "b": 8, "d": 9}, dark=scheme == "dark")
    fills = page.value(
        "[...document.querySelectorAll('.swatch')].map(swatch => getComputedStyle(swatch).backgroundColor)"
    )
    fills = [[int(part) for part in fill[4:-1].split(",")] for fill in fills]
    page.value("document.getElementById('table').focus()")
    for fill in fills:
        press(page, "ArrowDown")
        near = page.value("""(() => {
            const {offsetLeft: x, offsetTop: y, offsetWidth: width, offsetHeight: height} = document.getElementById('chosen');
            const canvas = document.getElementById('canvas'), scale = canvas.width / canvas.clientWidth;
            const pixels = canvas.getContext('2d').getImageData((x + width / 2) * scale, (y + height / 2) * scale, 9, 9).data;
            return [...pixels.slice(0, 324)];
        })()""")
        pixels = [near[at : at + 3] for at in range(0, len(near), 4)]
        assert fill in pixels or min(sum(abs(a - b) for a, b in zip(fill, pixel)) for pixel in pixels) < 12


def test_light_and_dark(show, pictures):
    page = show(OLD, NOW)
    ground = "getComputedStyle(document.body).backgroundColor"
    ink = "getComputedStyle(document.body).color"
    assert min(color(page, ground)) > 200 > 100 > max(color(page, ink))
    page.picture(pictures / "light.png")
    page.scheme("dark")
    page.settle()
    assert max(color(page, ground)) < 60 < 160 < min(color(page, ink))
    page.picture(pictures / "dark.png")
    click(page, "#theme")
    assert min(color(page, ground)) > 200


def test_hostile_names(show):
    plain = show({"a": 1}, title="x")
    scripts = "document.querySelectorAll('script').length"
    for title in (*HOSTILE[:4], "<img src=x onerror=alert(1)>"):
        page = show({name + suffix: 1 for name in HOSTILE for suffix in ("", "/x")}, title=title)
        assert page.value(scripts) == plain.value(scripts) == 1  # that of the data is taken out
        assert page.value("document.querySelectorAll('img, svg').length") == 1  # the button's
        assert page.value(COUNT) == 2 * len(HOSTILE)
        assert page.complaints() == []
    press(page, "/")
    page.write("\\xff")
    page.until(f"{COUNT} === 2")
    assert "\\xff\\x80 no UTF-8" in page.value(ROWS)
    assert not any(code in text for text in page.value(ROWS) for code in ("\u202e", "\u2028", "\0"))


def test_nothing_has_to_be_scrolled_sideways(show, pictures):
    for width in (320, 420, 720, 1000, 1600):
        page = show(OLD, NOW, width=width, height=800)
        assert page.value("document.documentElement.scrollWidth <= innerWidth"), width
        page.picture(pictures / f"wide-{width}.png")


def test_empty_files_are_told_of(show):
    page = show({"a": 0, "b": 0})
    assert "all empty" in page.value("document.getElementById('nothing').textContent")
    click(page, "#by-count")
    assert page.value("document.getElementById('nothing').hidden")


def test_no_file_at_all_is_told_of(cli, browser, tmp_path):
    (tmp_path / "empty").mkdir()
    cli.ok("report", tmp_path / "empty", "-o", tmp_path / "page.html")
    page = browser.open(tmp_path / "page.html")
    assert page.value("document.getElementById('nothing').textContent") == "There are no files."
    assert page.complaints() == []


def test_a_table_longer_than_browsers_scroll_has_its_last_row(show):
    page = show({f"{n:06}": n for n in range(3 * MANY)})
    click(page, "[data-key=path]")
    page.value("document.getElementById('table').focus()")
    press(page, "End")
    assert page.value(ROWS)[-1] == f"{3 * MANY - 1:06}"
    page.value("document.getElementById('table').scrollTop = document.getElementById('table').scrollHeight / 2")
    page.settle()
    assert abs(int(page.value(ROWS)[0]) - 1.5 * MANY) < 100
    press(page, "PageUp", "Home")
    assert page.value(ROWS)[0] == "000000"


def test_a_hundred_thousand_files_open_within_a_second(show, pictures, tmp_path):
    chance = random.Random(3)
    old = {
        f"s{n % 12:02}/shot{n % 480:03}/v{n % 7}/frame.{n:06}.exr": int(chance.lognormvariate(11, 2))
        for n in range(MANY)
    }
    now = {path: size + (chance.random() < 0.05) for path, size in old.items() if chance.random() > 0.04}
    page = show(old, now)
    took = []
    for _ in range(5):
        page.load(tmp_path / "page.html")
        took.append(page.value("performance.getEntriesByName('ready')[0].startTime"))
    assert page.value(COUNT) == MANY
    assert page.value("document.querySelectorAll('*').length") < 2000
    page.picture(pictures / "many.png")
    page.value("document.getElementById('table').focus()")
    press(page, "End")
    assert page.value(ROWS)[-1].endswith(".exr")
    assert page.value("document.querySelector('.row[aria-selected=true]').getAttribute('aria-rowindex')") == str(
        MANY + 1
    )
    press(page, "/")
    page.write("shot017 v3 0042")
    page.until(f"{COUNT} < 100")
    assert all("shot017/v3/" in path for path in page.value(ROWS))
    assert page.complaints() == []
    assert min(took) < MS_TO_OPEN, took
