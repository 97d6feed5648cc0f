"""Counts of instructions: how they are kept, and what is said of others."""

import json
from types import SimpleNamespace

import pytest

from ci import policy
from ci.gates import instructions as gate
from ci.runner.model import Skip
from ci.tools import instructions


def test_a_record_is_read_as_it_was_written():
    first = instructions.written("", "b, cc 1", {"scan": 1000, "decode loose text": 7})
    both = instructions.written(first, "a, cc 2", {"scan": 2000})
    assert both.startswith(instructions.HEAD)
    assert both.index("[a, cc 2]") < both.index("[b, cc 1]")
    sections = instructions.read(both)
    assert sections["a, cc 2"] == {"scan": (2000, both.splitlines().index("[a, cc 2]") + 2)}
    assert {name: count for name, (count, _) in sections["b, cc 1"].items()} == {"scan": 1000, "decode loose text": 7}
    assert instructions.written(both, "a, cc 2", {"scan": 2000}) == both


def test_more_than_recorded_is_a_finding_and_less_is_a_note():
    tolerance = policy.INSTRUCTIONS_TOLERANCE
    recorded = {name: (1_000_000, line) for line, name in enumerate("abcd", 4)}
    found = {
        "a": int(1_000_000 * (1 + tolerance)) + 1,
        "b": int(1_000_000 * (1 + tolerance)) - 1,
        "c": int(1_000_000 * (1 - tolerance)) + 1,
        "d": 500_000,
        "e": 5,
    }
    findings, notes = instructions.judge(found, recorded)
    assert [str(finding) for finding in findings] == [
        f"{instructions.RECORD}:4: a: {found['a']} instructions, {tolerance * 100:.1f} % more than recorded",
        f"{instructions.RECORD}:1: e: there is no count (./ci.sh instructions -- --update)",
    ]
    assert notes == ["d 50 % less"]


def test_documents_are_json_and_canonical_but_for_what_is_asked():
    made = json.loads(instructions.document(range(200), changed=100))
    plain = json.loads(instructions.document(range(200)))
    assert made["totalSize"] == sum(entry["size"] for entry in made["paths"])
    changed = [i for i, (a, b) in enumerate(zip(made["paths"], plain["paths"])) if a != b]
    assert changed == [0, 100]
    assert json.loads(instructions.document(range(200), comma=", ")) == plain
    assert [entry["path"] for entry in plain["paths"]] == sorted(entry["path"] for entry in plain["paths"])


def test_a_document_of_the_other_format_refers_to_its_directories():
    made = json.loads(instructions.beta(30))
    assert [entry["name"] for entry in made["dirs"]] == ["assets", "$0/seq000000", "$0/seq000001", "$0/seq000002"]
    assert (made["files"][0]["name"], made["files"][29]["name"]) == ("$1/frame_0000000.exr", "$3/frame_0000029.exr")
    assert made["totalSize"] == sum(entry["size"] for entry in made["files"])


RECORD = instructions.written("", "vax, cc 9", {"scan": 1000})
RECORD = instructions.written(RECORD, "vax, cc 10", {"scan": 900, "diff": 70})
RECORD = instructions.written(RECORD, "pdp, cc 9", {"scan": 9000})


@pytest.fixture
def asked(context, monkeypatch):
    """What the gate finds and notes with a toolchain that takes so many instructions for `scan`, and for `merge`."""

    def ask(toolchain, scan, merge=(1000, 2000, 4000)):
        counter = SimpleNamespace(fixed=lambda: {"scan": scan}, growing=lambda: {"merge": list(merge)})
        monkeypatch.setattr(instructions, "toolchain", lambda ctx: toolchain)
        monkeypatch.setattr(instructions, "Counter", lambda ctx: counter)
        ctx = context({instructions.RECORD: RECORD})
        return [finding.message for finding in gate.check(ctx)], ctx.notes

    return ask


def test_a_toolchain_that_is_recorded_is_held_against_its_own_counts(asked):
    assert asked("vax, cc 9", 1029) == ([], [])
    assert asked("vax, cc 10", 928) == (["scan: 928 instructions, 3.1 % more than recorded"], [])


def test_another_toolchain_is_held_against_what_others_take_and_that_is_said(asked):
    note = "no counts are recorded for vax, cc 11: 50% more than with others is allowed"
    for scan, findings in ((1499, []), (1501, ["scan: 1501 instructions, 50.1 % more than recorded"])):
        found, (said,) = asked("vax, cc 11", scan)
        assert found == findings
        assert said == f"{note} (./ci.sh instructions -- --update records them)"


def test_another_kind_of_machine_has_nothing_to_be_held_against(asked):
    with pytest.raises(Skip, match=r"no counts are recorded for cray, cc 9, nor for others"):
        asked("cray, cc 9", 1)


def test_work_that_grows_faster_than_its_entries_is_a_finding(asked):
    assert asked("vax, cc 9", 1000, merge=(500, 1500, 3530)) == ([], [])
    found, _ = asked("vax, cc 9", 1000, merge=(500, 1500, 3570))
    assert found == ["merge: an entry takes 1.03 times as much among 80000 as among 40000"]


def test_a_compiler_is_known_by_its_maker_and_version_not_by_its_package():
    said = "cc (Debian {}) 12.2.0\nCopyright\n"
    assert instructions.named(said.format("12.2.0-14+deb12u1")) == "cc (Debian) 12.2.0"
    assert instructions.named(said.format("12.2.0-15")) == "cc (Debian) 12.2.0"
    assert instructions.named("Debian clang version 14.0.6\n") == "Debian clang version 14.0.6"
    assert instructions.named("cc (GCC) 14.1.0\n") == "cc (GCC) 14.1.0"
