"""What documents claim, and whether their examples run: a claim that holds and one that does not, for each rule."""

import sys

import pytest

from ci import policy
from ci.gates import docs
from ci.gates import examples as slow_examples
from ci.tools import claims, examples, markdown, options

COMMON = [{"names": ["--color"], "choices": ["auto", "never"]}, {"names": ["-q", "--quiet"], "choices": None}]
SURFACE = {
    "options": [{"names": ["--version"], "choices": None}],
    "commands": [
        {"name": "diff", "options": [*COMMON, {"names": ["-o", "--output"], "choices": None}]},
        {"name": "hash", "options": COMMON},
    ],
}
USAGE = "usage: ./ci.sh NAME [-- WORD...]\n  --fix   mend\n  --jobs N, -j N\nWords after -- go on (-- -k x --passed)\n"
TAKES = options.Options(SURFACE, USAGE)


# ---------------------------------------------------------------- options
@pytest.mark.parametrize(
    "line",
    [
        "template-cli diff a b -o c --color=never",
        "template-cli diff -oc --color auto --quiet",
        "template-cli hash -- --output",
        "template-cli --version",
        "template-cli --help",
        "template-cli diff --color WHEN",
        "./ci.sh fmt --fix -j4",
        "./ci.sh pytest -- --anything",
        "--output FILE",
        "-o",
        "--fix",
        "--upgrade",
        "sed --expression x",
        "-0",
    ],
)
def test_an_option_that_is_there_is_fine(line):
    assert TAKES.fault(line.split()) == ""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("template-cli hash -o x", "template-cli hash: no option -o"),
        ("template-cli diff --outputs=x", "template-cli diff: no option --outputs"),
        ("template-cli --quite", "template-cli: no option --quite"),
        ("template-cli diff --color=png", "template-cli diff: --color does not take png"),
        ("template-cli diff --color png", "template-cli diff: --color does not take png"),
        ("./ci.sh fmt --fux", "./ci.sh: no option --fux"),
        ("./ci.sh fmt -k x", "./ci.sh: no option -k"),
        ("--passed", "no option --passed"),
        ("--outputs FILE", "no option --outputs"),
        ("--color png", "--color does not take png"),
        ("-x", "no option -x"),
    ],
)
def test_an_option_that_is_not_there_is_found(line, words):
    assert TAKES.fault(line.split()) == words


# ---------------------------------------------------------------- claims
def judged(context, files, path):
    ctx = context(files)
    return [str(f) for f in docs.judge(path, ctx.tree.text(path), claims.Known(ctx.tree), TAKES)]


TRUE = "# A b\n\n`src/` `./ci.sh docs`\n\n```sh\n:\n```\n```\nany -> thing\n```\n"
OTHER = {"src/a.c": "", "ci.sh": ""}


def test_a_document_that_is_true_passes(context):
    assert judged(context, {"docs/a.md": TRUE, **OTHER}, "docs/a.md") == []


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("\n`src/b.c`\n", "2: src/b.c does not exist"),
        ("`./ci.sh nowhere`\n", "1: ./ci.sh nowhere: no such gate or command"),
        ("`template-cli diff --nope`\n", "1: template-cli diff: no option --nope"),
        ("\n```zsh\n:\n```\n", "2: a block of zsh: it is none of sh, console, python, c, cmake, json, toml, yaml"),
        ("```sh later\n:\n```\n", "1: later: nothing may follow the language"),
    ],
)
def test_a_document_that_is_not_is_refused(context, text, finding):
    assert judged(context, {"docs/a.md": text, **OTHER}, "docs/a.md") == [f"docs/a.md:{finding}"]


def test_readmes_are_not_judged_twice_for_their_paths(context):
    files = {"docs/README.md": "`src/b.c` `--nope`\n", **OTHER}
    assert judged(context, files, "docs/README.md") == ["docs/README.md:1: no option --nope"]


def test_headings_are_spelled_as_links_to_them():
    text = "# One, *two*\n## One two\n### The `c` [part](x.md) ###\n```sh\n# no heading\n```\n## a_b-c\n"
    assert markdown.anchors(text) == {"one-two", "one-two-1", "the-c-part", "a_b-c"}


def test_blocks_know_where_they_are():
    (one, two) = markdown.blocks("a\n```sh later\n./ci.sh\n```\nb\n```\nleft open\n")
    assert (one.line, one.language, one.words, one.lines) == (2, "sh", ["later"], ["./ci.sh"])
    assert (two.line, two.language, two.words, two.lines) == (6, "", [], ["left open"])
    assert examples.wanted([one, two]) == [one]


# ---------------------------------------------------------------- examples
@pytest.fixture
def tried(context, monkeypatch, tmp_path):
    """The findings of a document's examples, where `template-cli` prints its arguments."""

    def run(text, slow=False):
        ctx = context({"a.md": text, "src/a.c": "", "build/bin/template-cli": '#!/bin/sh\necho "$@"\n'})
        (tmp_path / "build/bin/template-cli").chmod(0o755)
        python = tmp_path / "build/bin/python"
        python.unlink(missing_ok=True)
        python.symlink_to(sys.executable)
        monkeypatch.setattr(examples.wheel, "installed", lambda ctx, *also: str(tmp_path / "build" / "bin"))
        found = list(
            examples.run(ctx, "a.md", examples.all_of(text) if slow else examples.wanted(examples.all_of(text)))
        )
        assert not (tmp_path / "made").exists()
        return [(f.line, f.message) for f in found]

    return run


def test_examples_that_run_pass_and_share_a_folder(tried):
    text = "```sh\ntemplate-cli x > made\nfor i in 1; do\n  cat src/a.c\ndone\ncat <<E\ntext\nE\n```\n"
    text += "```python\nassert open('made').read() == 'x\\n'\n```\n"
    text += "```console\n$ x=3\n$ cat made; echo $x\nx\n3\n$ echo 1; echo 2; echo 3\n1\n...\n"
    text += "$ ls nowhere; echo no; exit 3\n...\nno\n```\n"
    assert tried(text) == []


@pytest.mark.parametrize(
    ("block", "line", "words"),
    [
        ("sh\ntrue\n\nfalse\ntrue", 4, "the example exits with 1"),
        ("sh\ntrue\nfor i in 1; do\n  nowhere $i\ndone", 3, "the example exits with 127"),
        ("sh\ntrue && \\\nfalse", 2, "the example exits with 1"),
        ("sh\nif", 2, "the example exits with 2"),
        ("python\nx = 1\nx / 0", 3, "the example exits with 1"),
        ("python\nx = (", 2, "the example exits with 1"),
        ("console\n$ echo a\nb", 2, "`echo a` does not print what is shown"),
        ("console\n$ :\n$ echo a\n$ :", 3, "`echo a` does not print what is shown"),
        ("console\n$ exit\n$ echo a\na", 3, "`echo a` does not print what is shown"),
        ("console\n$ echo a\na\n$ false\n$ :", 4, "`false` exits with 1, of which nothing is shown"),
        ("console\n$ :\n$ false", 3, "`false` exits with 1, of which nothing is shown"),
        ("console\n$ exit 3", 2, "`exit 3` exits with 3, of which nothing is shown"),
        ("console\n$ echo a; false\n...\n$ :", 2, "`echo a; false` exits with 1, of which nothing is shown"),
    ],
)
def test_an_example_that_fails_is_found_where_it_stands(tried, block, line, words):
    assert tried(f"```{block}\n```\n") == [(line, words)]


@pytest.mark.parametrize(
    "block", ["sh\ntrue\n./ci.sh all", "console\n$ cmake --preset dev", "sh\n. .venv/bin/activate"]
)
def test_what_takes_minutes_is_for_the_deep_gate(block):
    text = f"```{block}\n```\n"
    assert examples.wanted(list(markdown.blocks(text))) == []
    assert len(examples.all_of(text)) == 1


def test_what_is_run_elsewhere_is_left_out_and_counted(tried):
    assert tried("```sh\ntrue\n./ci.sh all --fresh\nfalse\n```\n", slow=True) == [(4, "the example exits with 1")]
    assert tried("```console\n$ ./ci.sh all\nwhat it said\n$ echo a\na\n```\n", slow=True) == []
    assert examples.elsewhere("./ci.sh allow") == ""
    assert all(
        examples.elsewhere(line) for line in ("./ci.sh all", "./ci.sh fuzz -- 600", "python3 benchmarks/bench.py")
    )


def test_the_copy_is_a_checkout_with_the_tools_that_there_are(tried):
    assert tried("```sh\ngit status --short\ntest -d build/env\nls $HOME\n```\n") == []


def test_every_document_starts_from_the_tree_and_what_is_built(context, tried, monkeypatch, tmp_path):
    files = {
        ".gitignore": "/build/\n",
        "a.md": "```sh\necho x > made; mkdir new; git init -q new; echo y > src/a.c; echo z > build/z\n```\n",
    }
    files["b.md"] = "```sh\ntest ! -e made && test ! -e new && grep -q int src/a.c && test -e build/z\n```\n"
    ctx = context({**files, "src/a.c": "int x;\n"})
    monkeypatch.setattr(examples.wheel, "installed", lambda ctx, *also: str(tmp_path / "build" / "bin"))
    assert [str(finding) for finding in slow_examples.check(ctx)] == []


def test_every_language_that_is_run_may_be_written():
    assert set(policy.EXAMPLES) < set(policy.FENCES)
