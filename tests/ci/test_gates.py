"""Gates that only read: a tree that passes and one that does not, for each."""

from pathlib import Path

import pytest

from ci import bans, policy
from ci.runner import registry
from ci.tools import actionfile, claims, csource, diagnostics, markdown

LINE = "int tpl_x(void);\n"


def test_every_gate_says_what_it_is():
    for name in registry.names():
        gate = registry.load(name)
        assert gate.summary, name
        assert gate.inputs, f"{name} reads no file"
        assert gate.mutations, f"{name} has no mutation"
        assert set(gate.needs) <= set(registry.names()), name


def test_every_tool_that_a_gate_asks_for_has_a_source():
    from ci.tools import system, toolbox

    known = set(system.PACKAGES) | set(toolbox.FROM_INDEX)
    for name in registry.names():
        assert set(registry.load(name).tools) <= known, name


# ---------------------------------------------------------------- loc
def test_loc_passes_a_file_within_its_budget(says):
    assert says("loc", {"libs/core/src/a.c": "\n" * 800, "libs/cli/src/cmd_a.c": "\n" * 150}) == []


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        ("libs/core/src/a.c", 801),
        ("libs/cli/src/cmd_a.c", 151),
        ("libs/core/include/tpl/a.h", 151),
        ("ci/gates/a.py", 61),
        ("CMakeLists.txt", 81),
        ("libs/core/CMakeLists.txt", 51),
    ],
)
def test_loc_refuses_a_file_beyond_its_budget(says, path, lines):
    (finding,) = says("loc", {path: "x\n" * lines})
    assert finding.startswith(f"{path}:{lines}: {lines} lines")


def test_loc_does_not_count_the_names_of_sources(says):
    assert says("loc", {"libs/core/CMakeLists.txt": "  src/a.c\n" * 90 + "x\n" * 50}) == []


# ---------------------------------------------------------------- shellcheck
def test_shellcheck_is_asked_about_every_script_of_a_shell(says, monkeypatch):
    asked = {}
    monkeypatch.setattr(actionfile, "shell_faults", lambda ctx, path, shell: [(2, asked.setdefault(path, shell))])
    scripts = {"a.sh": "#!/bin/sh -e\n", "b": "#!/usr/bin/env bash\n", "c.in": "#!/bin/dash\n", "d/e.sh": "echo\n"}
    others = {"f.py": "#!/usr/bin/env python3\n", "g.txt": "\n#!/bin/sh\n", "h.sh.md": "", "ash": "x"}
    found = says("shellcheck", {**scripts, **others})
    assert asked == {"a.sh": "sh", "b": "bash", "c.in": "dash", "d/e.sh": "sh"}
    assert found == [f"{path}:2: {shell}" for path, shell in asked.items()]


# ---------------------------------------------------------------- layers
def test_layers_passes_clean_code(says):
    code = '#include "tpl/a.h"\n\n/* malloc( in a comment, and */\nconst char *say = "malloc(";\n'
    assert says("layers", {"libs/core/include/tpl/a.h": LINE, "libs/cli/src/a.c": code}) == []


@pytest.mark.parametrize("ban", bans.BANS, ids=lambda ban: ban.why)
def test_layers_refuses_each_breach(says, ban):
    path, text = ban.breach
    (finding,) = says("layers", {path: "\n\n" + text})
    assert finding.startswith(f"{path}:")
    assert finding.endswith(ban.why)


@pytest.mark.parametrize(
    ("path", "include", "allowed"),
    [
        ("libs/core/src/a.c", "mem.h", True),
        ("libs/core/tests/a.c", "mem.h", True),
        ("libs/core/include/tpl/b.h", "mem.h", False),
        ("libs/cli/src/a.c", "tpl/a.h", True),
        ("libs/cli/src/a.c", "mem.h", False),
        ("libs/cli/src/a.c", "../../core/src/mem.h", False),
        ("libs/py/src/a.c", "mem.h", False),
        ("libs/cli/src/a.c", "build_id.h", True),
    ],
)
def test_layers_knows_who_may_include_what(says, path, include, allowed):
    files = {"libs/core/src/mem.h": LINE, "libs/core/include/tpl/a.h": LINE}
    found = says("layers", {**files, path: f'\n#include "{include}"\n'})
    assert (found == []) is allowed
    assert allowed or found == [f"{path}:2: libs/core/src/mem.h is not for this folder to include"]


@pytest.mark.parametrize(
    ("body", "findings"),
    [
        ("    goto done;\ndone:\n    return;\n", 0),
        ("    switch (1) {\n    default:\n        break;\n    }\n", 0),
        ("    goto out;\nout:\n    return;\n", 1),
        ("    goto done;\ndone:\n    goto more;\nmore:\n    return;\n", 1),
    ],
)
def test_layers_counts_labels(says, body, findings):
    text = f"void f(void) {{\n{body}}}\n"
    assert len(says("layers", {"libs/core/src/a.c": text + text})) == 2 * findings


def test_reading_c_keeps_places():
    text = 'int a; /* one\ntwo */ char *b = "x\\"y"; // three\nint c = \'"\';\n'
    bare = csource.bare(text)
    assert len(bare) == len(text)
    assert bare.split() == ["int", "a;", "char", "*b", "=", ";", "int", "c", "=", ";"]
    assert bare.count("\n") == text.count("\n")


# ---------------------------------------------------------------- readme
FOLDER = {"README.md": "`part/` and [it](part/README.md)\n", "part/README.md": "`a.c`\n", "part/a.c": ""}


def test_readme_passes_what_is_true(says):
    assert says("readme", FOLDER) == []


@pytest.mark.parametrize(
    ("path", "text", "finding"),
    [
        ("part/README.md", "`a.c`, `part/b.c`\n", "part/README.md:1: part/b.c does not exist"),
        ("part/README.md", "`a.c`\n\n`b.c`\n", "part/README.md:3: b.c does not exist"),
        ("part/README.md", "`a.c`: `./ci.sh nowhere`\n", "part/README.md:1: ./ci.sh nowhere: no such gate or command"),
        ("part/README.md", "`a.c`\n```sh\ncmake --preset fast\n```\n", "part/README.md:3: no preset fast"),
        ("part/README.md", "`a.c` `part/NAME.c` `part/NAME.h`\n", "part/README.md:1: part/NAME.h does not exist"),
        ("part/README.md", "`a.c` `part/FILED.c`\n", "part/README.md:1: part/FILED.c does not exist"),
        ("part/b.c", "", "part/README.md:1: does not name b.c, which lies beside it"),
        ("libs/new/a.h", "", "libs/new/README.md: this folder has no README"),
    ],
)
def test_readme_refuses_what_is_not(says, path, text, finding):
    assert finding in says("readme", {**FOLDER, path: text})


def test_commands_are_checked_by_name(context):
    known = claims.Known(
        context({"libs/cli/src/cmd_diff.c": "", "CMakePresets.json": '{"configurePresets": [{"name": "dev"}]}'}).tree
    )
    good = ["./ci.sh all --no-skips", "./ci.sh loc fmt", "./ci.sh pytest -- -k name", "template-cli diff a b"]
    good += ["template-cli --version", "cmake --preset dev", "./ci.sh", "./ci.sh pytest --fresh -- -k name"]
    good += ["./ci.sh -- name", "./ci.sh hooks install --git"]
    assert [claims.command_fault(line.split(), known) for line in good] == [""] * len(good)
    bad = ["./ci.sh all nope", "./ci.sh loc --fix nope -- x", "template-cli undo x", "ctest --preset prod"]
    for line in bad:
        assert claims.command_fault(line.split(), known), line


def test_reading_markdown():
    text = "[a](x.md#b) [u](https://u.example/x.md)\n`run it` and ``two words``\n"
    text += "```sh\n$ one && two # three\n```\n```c\nint x;\n```\n"
    assert list(markdown.links(text)) == [(1, "x.md")]
    assert list(markdown.commands(text)) == [(2, ["run", "it"]), (2, ["two", "words"]), (4, ["one"]), (4, ["two"])]
    assert (7, "int") in list(markdown.words(text))


# ---------------------------------------------------------------- what tools print
def test_diagnostics_are_placed_from_the_root():
    text = (
        "../../libs/a.c:3:7: error: no\n../../libs/a.c:3:7: error: no\n../../libs/a.c:4:1: warning: hm\n"
        "/root/x/libs/b.h:9: fatal error: gone\nin file included from x\n"
    )
    found = [str(finding) for finding in diagnostics.findings(text, "/root/x", "/root/x/build/dev")]
    assert found == ["libs/a.c:3: no", "libs/b.h:9: gone"]


def test_ctest_output_becomes_findings():
    from ci.tools import ctest

    text = "[  ERROR   ] --- 0x1 != 0x2\n[   LINE   ] --- ./libs/core/tests/test_a.c:12: error: Failure!\n"
    (match,) = ctest.CMOCKA.finditer(text)
    assert (match["message"], match["path"], match["line"]) == ("0x1 != 0x2", "./libs/core/tests/test_a.c", "12")
    assert ctest.FAILED.findall("\t  3 - buffer (Failed)\n\t  4 - walk (Timeout)\n") == [
        ("buffer", "Failed"),
        ("walk", "Timeout"),
    ]


@pytest.mark.parametrize("no_skips", [False, True])
def test_a_skipped_c_case_is_seen(context, no_skips):
    from ci.tools import ctest

    ctx = context({})
    ctx.no_skips = no_skips
    log = Path(ctx.root, "build/dev/Testing/Temporary/LastTest.log")
    log.parent.mkdir(parents=True)
    log.write_text(
        "[ RUN      ] one\n[       OK ] one\n[ RUN      ] needs_more\n[  SKIPPED ] needs_more\n"
        "[  SKIPPED ] 1 test(s), listed below:\n[  SKIPPED ] needs_more\n"
    )
    said = ["skipped: needs_more (build/dev/Testing/Temporary/LastTest.log)"] if no_skips else []
    assert [str(finding) for finding in ctest._skipped(ctx, "dev")] == said
    assert ctx.notes == ["1 cases skipped"]


def test_pytest_output_becomes_findings():
    from ci.tools import pytests

    text = (
        "____ test_a ____\ntests/test_x.py:7: in test_a\n    help()\ntests/conftest.py:3: in help\nE   oh\n"
        "=== short test summary info ===\nFAILED tests/test_x.py::test_a - AssertionError: oh\n"
    )
    (match,) = pytests._FAILED.findall(text)
    finding = pytests.failed(text, *match)
    assert str(finding) == "tests/test_x.py:7: test_a: AssertionError: oh"
    assert "E   oh" in finding.details


def test_a_limit_is_written_once():
    """No list or set of the policy is spelled again in a gate."""
    from pathlib import Path

    for path in Path(policy.ROOT, "ci", "gates").glob("*.py"):
        text = path.read_text()
        for name in ("LINES", "BANS", "INCLUDES", "README_FOLDERS", "DIST_INFO"):
            assert f"\n{name} = " not in text, path
