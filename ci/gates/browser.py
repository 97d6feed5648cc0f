"""The page of `report` in a browser: quick, silent, reachable by keys, and asking for nothing."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import pytests

PAGE, TEST = "libs/cli/src/page", "tests/test_report_page.py"


def check(ctx: Context) -> list[Finding]:
    env = {"PAGE_PICTURES": ctx.scratch("browser")}
    return pytests.run(ctx, [TEST, "-m", "browser", *ctx.args], env)


# The test that sees it, the page's file, what stands there, and what goes wrong in its place.
FAULTS = """
test_it_is_silent       | main.js  | drawHeading(page);                  | drawHeading(page); new Image().src = "x";
test_hostile_names      | words.js | title.replaceChildren(name(page.title)); | title.innerHTML = page.title;
test_keys_on_the_map    | main.js  | startsWith("Arrow")                 | startsWith("arrow")
test_search             | view.js  | view.words.every((word)             | view.words.slice(0, 1).every((word)
test_sorting            | table.js | sign * (keys[a] - keys[b])          | (keys[a] - keys[b])
test_light_and_dark     | page.css | --ground: light-dark(#f4f6f8, #0e1217); | --ground: #f4f6f8;
test_a_hundred_thousand | table.js | Math.ceil(inSight(table) / ROW) + 1 | table.rows.length
"""


def fault(line: str) -> Mutation:
    test, name, find, text = (word.strip() for word in line.split(" | "))
    return Mutation(f"{find} -> {text}", test, [Edit(f"{PAGE}/{name}", find, text)], at=TEST)


GATE = Gate(
    "the page of `report` works in headless Chromium, and opens 100,000 files within a second",
    check,
    needs=["build"],
    tools=[*pytests.TOOLS, "chromium"],
    inputs=pytests.INPUTS,
    deep=True,
    alone=True,
    seconds=60,
    mutations=[fault(line) for line in FAULTS.strip().splitlines()],
)
