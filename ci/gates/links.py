"""Links of documents lead somewhere: to files, headings and definitions of ours, and to well-formed addresses."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import claims


def judge(path: str, text: str, known: claims.Known) -> list[Finding]:
    return [Finding(fault, path, line) for line, fault in claims.lost_links(path, text, known)]


def check(ctx: Context) -> list[Finding]:
    known = claims.Known(ctx.tree)
    return [finding for path in ctx.tree.glob("**/*.md") for finding in judge(path, ctx.tree.text(path), known)]


def appended(text: str) -> list[Edit]:
    return [Edit("README.md", text=text)]


GATE = Gate(
    "links of documents lead to files, headings and addresses that are well-formed",
    check,
    inputs=["**"],
    mutations=[
        Mutation("a link to nothing", "link to no.md", [Edit("docs/README.md", text="[x](no.md)\n")]),
        Mutation("a link from the root", "not exist in docs", [Edit("docs/README.md", text="[x](ci/README.md)\n")]),
        Mutation("a picture of nothing", "link to no.png", appended("![x](no.png)\n")),
        Mutation("a tag that leads nowhere", "link to none.png", appended('<img alt="x" src="none.png">\n')),
        Mutation("a title in other quotes", "link to no.md", appended("[x](no.md 'x')\n")),
        Mutation("a link to no heading", "no heading", appended("[x](CONTRIBUTING.md#no)\n")),
        Mutation("a definition of nothing", "link to no.md", appended("[x]: no.md\n")),
        Mutation("a link that nothing defines", "[no] is defined nowhere", appended("[x][no]\n")),
        Mutation("a link by its words alone", "[nobody] is defined nowhere", appended("[nobody][]\n")),
        Mutation("an address without encryption", "no address", appended("[x](http://example.org/)\n")),
    ],
)
