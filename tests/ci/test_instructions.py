"""Counts of instructions: how they are kept, and what is said of others."""

import json

import pytest

from ci import policy
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


def test_another_toolchain_is_skipped_with_the_command_that_records_it(context, monkeypatch):
    from ci.gates import instructions as gate

    monkeypatch.setattr(instructions, "toolchain", lambda ctx: "vax, cc 9")
    ctx = context({instructions.RECORD: instructions.written("", "a, cc 2", {"scan": 1})})
    with pytest.raises(Skip, match=r"no counts are recorded for vax, cc 9 \(./ci.sh instructions -- --update"):
        gate.check(ctx)
