"""Links of documents: those that lead somewhere, and those that do not."""

import pytest

from ci.gates import links

OTHER = {"docs/b.md": "## `Two` words, [more](x.md)\n", "docs/x.md": "", "src/a.c": ""}
TRUE = """# A b

[x](#a-b) [y](b.md#two-words-more) [z](../src/a.c) [folder](../src) ![x](x.md "Title") [x](x.md 'Title') [x](x.md (Title))
<a href="b.md#two-words-more"><img alt="" src='../src/a.c'></a> [Two][] `src=no` [x] [up](..)
[u](https://u.example/a_b?src=c#d) <me@u.example> [m](mailto:me@u.example) [one][two] [Two][TWO] `a[0][1]` `[no](no.md)`

[two]: https://u.example:8443/

```sh
echo "[x](no.md)"
```
"""


@pytest.fixture
def found(context):
    """The findings of docs/a.md with this text."""

    def judge(text):
        ctx = context({"docs/a.md": text, **OTHER})
        return [str(finding) for finding in links.check(ctx)]

    return judge


def test_links_that_lead_somewhere_pass(found):
    assert found(TRUE) == []


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("\n[x](c.md)\n", "2: link to c.md, which does not exist"),
        ("![x](c.png)\n", "1: link to c.png, which does not exist"),
        ("[x](<c.md>)\n", "1: link to c.md, which does not exist"),
        ('[x](c.md "Title")\n', "1: link to c.md, which does not exist"),
        ("[x](c.md 'Title')\n", "1: link to c.md, which does not exist"),
        ("[x](c.md (Title))\n", "1: link to c.md, which does not exist"),
        ("[x](src/a.c)\n", "1: link to src/a.c, which does not exist in docs"),
        ("[x](../a.c)\n", "1: link to ../a.c, which does not exist"),
        ('<a\n  href="c.md">x</a>\n', "2: link to c.md, which does not exist"),
        ("<img src='c.png' alt=''>\n", "1: link to c.png, which does not exist"),
        ("[x]: c.md\n", "1: link to c.md, which does not exist"),
        ("[x](B.md)\n", "1: link to B.md, which does not exist"),
        ("[x](#nowhere)\n", "1: link to #nowhere: docs/a.md has no heading of that name"),
        ("[x](b.md#nowhere)\n", "1: link to #nowhere: docs/b.md has no heading of that name"),
        ("[x][y]\n", "1: [y] is defined nowhere"),
        ("[x y][]\n", "1: [x y] is defined nowhere"),
        ("[x](http://u.example/)\n", "1: link to http://u.example/: no address that begins with https:// and a host"),
        ("[x](https://)\n", "1: link to https://: no address that begins with https:// and a host"),
        ("[x](file:///etc)\n", "1: link to file:///etc: no address that begins with https:// and a host"),
    ],
)
def test_links_that_do_not_are_refused(found, text, finding):
    assert found(text) == [f"docs/a.md:{finding}"]
