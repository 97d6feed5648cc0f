"""How answers of two builds are compared, and how an emulator's words are found."""

import json
from pathlib import Path

from ci import policy
from ci.tools import sameness

PRESETS = {
    "configurePresets": [
        {"name": "dev", "cacheVariables": {}},
        {"name": "s390x", "cacheVariables": {"CMAKE_CROSSCOMPILING_EMULATOR": "qemu-s390x;-L;/usr/s390x"}},
    ]
}


def test_the_words_before_a_command_are_those_of_its_preset(context):
    ctx = context({"CMakePresets.json": json.dumps(PRESETS, indent=2)})
    assert sameness.emulator(ctx, "dev") == []
    assert sameness.emulator(ctx, "s390x") == ["qemu-s390x", "-L", "/usr/s390x"]
    assert sameness.line_of(ctx, "s390x") == 8


def test_equal_answers_are_no_findings():
    assert sameness.differences("s390x", {"a": [0, "x", ""]}, {"a": [0, "x", ""]}, 8) == []


def test_another_answer_and_a_missing_one_are_findings():
    wanted, found = {"a": [0, "x", ""], "b": 1, "c": 2}, {"a": [3, "y", ""], "c": 2, "d": 4}
    differing = sameness.differences("s390x", wanted, found, 8)
    assert [str(finding) for finding in differing] == [
        f"CMakePresets.json:8: s390x answers otherwise: {label}" for label in ("a", "b", "d")
    ]
    assert differing[0].details == "here: [0, 'x', '']\ns390x: [3, 'y', '']"


def test_many_differences_are_counted():
    wanted = {str(i): i for i in range(50)}
    differing = sameness.differences("musl", wanted, {}, 8)
    assert len(differing) == policy.SHOWN_DETAILS + 1
    assert differing[-1].message == f"musl: {50 - policy.SHOWN_DETAILS} more answers differ"


def test_a_tree_is_not_one_of_an_earlier_run(context):
    ctx = context({})
    folder = Path(sameness.fresh(ctx))
    (folder / "left").touch()
    assert sameness.fresh(ctx) == str(folder)
    assert list(folder.iterdir()) == []
