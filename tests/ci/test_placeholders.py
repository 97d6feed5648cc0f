"""The template is not asked for names of its own; a descendant is."""

import pytest

from ci.gates import placeholders
from ci.runner.model import NotNeeded

OWN = '[project]\nname = "kite"\n'
# In pieces, so that a descendant's copy of this file, renamed, still asks the same.
THEIRS, PREFIX, OWNER = "template" + "-pkg", "t" + "pl", "OWN" + "ER"


def test_the_template_is_not_asked(context):
    with pytest.raises(NotNeeded, match="this is the template"):
        placeholders.check(context({"pyproject.toml": f'name = "{THEIRS}"\n', "a.c": f"{PREFIX}_x"}))


def test_a_descendant_with_its_own_names_passes(says):
    text = "int kite_x; a template of pkg; exampl; output_/ x@example.kite.org https://github.com/kites/kite\n"
    assert says("placeholders", {"pyproject.toml": OWN, "libs/core/include/kite/a.h": text}) == []


@pytest.mark.parametrize(
    "word",
    [
        THEIRS,
        THEIRS.replace("-", "_"),
        THEIRS.upper().replace("-", "_"),
        "template" + "-cli",
        "TEMPLATE" + "_CLI",
        "template" + "-ci/run/1",
        "template" + "-action-x",
        f"{PREFIX}_hash",
        f"{PREFIX}__alloc",
        f"lib{PREFIX}_core",
        f"{PREFIX.upper()}_E_IO",
        f"{PREFIX}/hash.h",
        f"{PREFIX.title()}Flags.cmake",
        f"https://github.com/{OWNER}/x",
        f"https://github.com/<{OWNER.lower()}>/x",
        "https://github.com/YOUR" + "_ORG/x",
        "uses: your" + "-name/x@v1",
        f"git@github.com:{OWNER.lower()}/x",
        f"uses: {OWNER}/x@v1",
        "you@exam" + "ple.com",
    ],
)
def test_a_descendant_that_says_it_still_is_refused(says, word):
    (finding,) = says("placeholders", {"pyproject.toml": OWN, "a.txt": f"\n {word} and {word}\n"})
    assert finding.startswith("a.txt:2: still says ")
    assert finding.endswith("(2 in this file)")


def test_a_path_counts_too(says):
    (finding,) = says("placeholders", {"pyproject.toml": OWN, f"include/{PREFIX}/a.h": ""})
    assert finding == f"include/{PREFIX}/a.h: the path still holds a name of the template"


def test_a_project_without_a_name_is_refused(says):
    assert says("placeholders", {"pyproject.toml": "[project]\n"}) == ["pyproject.toml: names no project"]
