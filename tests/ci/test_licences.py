"""What gate licences says of files, projects and notices that do not fit."""

import pytest

from ci import policy
from ci.tools import licensing

TEXTS = {
    "LICENSE": "MIT License\n\n" + policy.LICENCE_WORDS["MIT"].replace(" to any", "\nto any"),
    "LICENSES/xxHash.txt": "Copyright 2012-2023 A\n * " + policy.LICENCE_WORDS["BSD-2-Clause"],
}
PROJECT = '[project]\nname = "x"\nlicense = "?"\nlicense-files = []\n'
BOTH = "MIT AND BSD-2-Clause"
NOTICE = (
    "/*\n * lib\n * Copyright 2012-2020 A\n *\n * Use it\n *  well.\n * You can contact: b\n */\nint x;\n/* end */\n"
)


def faults(expression=BOTH, files=policy.LICENCES, **changes):
    texts = {**TEXTS, **{key.replace("xxHash", "LICENSES/xxHash.txt"): text for key, text in changes.items()}}
    there = {name: text for name, text in texts.items() if text is not None}
    found = licensing.project_faults(PROJECT, expression, list(files), there)
    return [f"{path}:{line} {words}" for words, path, line in found]


def test_a_project_with_its_licences_has_no_fault():
    assert faults() == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"expression": "MIT"}, "pyproject.toml:3 has the licence MIT, what is in the wheel BSD-2-Clause and MIT"),
        ({"files": ["LICENSE"]}, "pyproject.toml:4 lists the licence files ['LICENSE'], the policy"),
        ({"LICENSE": "All rights reserved."}, "LICENSE:1 is not the text of MIT"),
        ({"xxHash": TEXTS["LICENSE"]}, "LICENSES/xxHash.txt:1 is not the text of BSD-2-Clause"),
        ({"xxHash": None}, "LICENSES/xxHash.txt:1 is missing"),
    ],
)
def test_a_project_without_them_is_refused(changes, fault):
    (found,) = faults(**changes)
    assert found.startswith(fault)


@pytest.mark.parametrize(
    ("text", "good"),
    [
        (f"{policy.SPDX_LINE}\n/* A file. */\n", True),
        ("/* A file. */\n", False),
        ("\n" + policy.SPDX_LINE + "\n", False),
        ("/* SPDX-License-Identifier: GPL-2.0-only */\n", False),
        ("", False),
    ],
)
def test_a_c_file_begins_with_its_licence(text, good):
    assert (licensing.file_fault(text) == "") is good


@pytest.mark.parametrize(
    ("header", "text", "fault"),
    [
        (NOTICE, "Copyright 2012-2023 A\nUse it well.\n", ""),
        (NOTICE, "Copyright 2012-2023 B\nUse it well.\n", "opens with another notice"),
        (NOTICE, "Copyright 2012-2023 A\nUse it.\n", "opens with another notice"),
        ("int x;\n", "Copyright A\n", "opens with no notice"),
    ],
)
def test_a_notice_has_to_be_held_to_the_word(header, text, fault):
    found = licensing.notice_fault(header, text)
    assert found.startswith(fault) and bool(found) is bool(fault)
