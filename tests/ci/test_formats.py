"""SARIF and JUnit XML: valid by their published schemas, and saying what the run said."""

import json

import pytest
from runs import HOSTILE, finding, gate, hostile

from ci.outputs.document import cleaned
from ci.outputs.junit import as_junit
from ci.outputs.sarif import FINGERPRINT, as_sarif


@pytest.fixture
def run(document):
    return document(
        gate("loc"),
        gate("tidy", "skipped", reason="no clang-tidy; run: get it"),
        gate("idle", "not needed", reason="its inputs are unchanged"),
        gate(
            "wrong", "failed", [finding("bad", "libs/a b.c", 3, "tool\nsaid"), finding("lost"), finding("whole", "x.c")]
        ),
        gate("quiet", "failed", [finding("outside", "/etc/hosts", 1)]),
    )


RUNS = {
    "no gate": lambda document: document(),
    "passed": lambda document: document(gate("loc")),
    "outside version control": lambda document: document(gate("loc"), commit=""),
    "interrupted": lambda document: document(gate("loc", "skipped", reason="interrupted"), interrupted=True, ok=False),
    "hostile": lambda document: cleaned(document(hostile(), command=HOSTILE[3])),
}


@pytest.mark.parametrize("make", RUNS.values(), ids=RUNS)
def test_sarif_is_valid(schemas, document, tmp_path, make):
    schemas.sarif(as_sarif(make(document), str(tmp_path)))


@pytest.mark.parametrize("make", RUNS.values(), ids=RUNS)
def test_junit_is_valid(schemas, document, make):
    schemas.junit(as_junit(make(document)))


def test_the_schemas_refuse_what_is_wrong(schemas, run, tmp_path):
    sarif = json.loads(as_sarif(run, str(tmp_path)))
    sarif["runs"][0]["results"][0]["level"] = "fatal"
    with pytest.raises(Exception, match="level must be one of"):
        schemas.sarif(json.dumps(sarif))
    with pytest.raises(Exception, match="verdict"):
        schemas.junit(as_junit(run).replace("<testcase ", '<testcase verdict="" ', 1))


def test_sarif_has_a_rule_per_gate_and_a_result_per_place(schemas, run, tmp_path):
    (one,) = schemas.sarif(as_sarif(run, str(tmp_path)))["runs"]
    rules = one["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["loc", "tidy", "idle", "wrong", "quiet"]
    assert "./ci.sh wrong" in rules[3]["help"]["text"]
    places = [result["locations"][0]["physicalLocation"] for result in one["results"]]
    assert places == [
        {"artifactLocation": {"uri": "libs/a%20b.c", "uriBaseId": "SRCROOT"}, "region": {"startLine": 3}},
        {"artifactLocation": {"uri": "x.c", "uriBaseId": "SRCROOT"}},
        {"artifactLocation": {"uri": "file:///etc/hosts"}, "region": {"startLine": 1}},
    ]
    assert one["results"][0]["message"]["text"] == "bad\n\ntool\nsaid"
    assert [rules[result["ruleIndex"]]["id"] for result in one["results"]] == ["wrong", "wrong", "quiet"]


def test_sarif_tells_of_what_has_no_place(schemas, run, tmp_path):
    (one,) = schemas.sarif(as_sarif(run, str(tmp_path)))["runs"]
    (call,) = one["invocations"]
    assert [
        (note["level"], note["associatedRule"]["id"], note["message"]["text"])
        for note in call["toolExecutionNotifications"]
    ] == [("warning", "tidy", "skipped: no clang-tidy; run: get it"), ("error", "wrong", "lost")]
    assert call["executionSuccessful"] is True
    assert (call["startTimeUtc"], call["endTimeUtc"]) == ("2026-01-02T03:04:05Z", "2026-01-02T03:04:17Z")


def fingerprints(document, root, *findings):
    text = as_sarif(document(gate("wrong", "failed", findings)), str(root))
    return [result["partialFingerprints"][FINGERPRINT] for result in json.loads(text)["runs"][0]["results"]]


def test_a_fingerprint_follows_its_line(document, tmp_path):
    source = tmp_path / "a.c"
    source.write_text("one\ntwo\ntwo\n")
    before = fingerprints(
        document, tmp_path, finding("801 lines", "a.c", 1), finding("x", "a.c", 2), finding("x", "a.c", 3)
    )
    assert len(set(before)) == 3
    source.write_text("new\n  one\ntwo\ntwo\n")
    after = fingerprints(
        document, tmp_path, finding("802 lines", "a.c", 2), finding("x", "a.c", 3), finding("x", "a.c", 4)
    )
    assert after == before
    assert fingerprints(document, tmp_path, finding("other", "a.c", 2))[0] not in before


def test_junit_counts_and_says_why(schemas, run):
    root = schemas.junit(as_junit(run))
    assert {key: root.get(key) for key in ("tests", "failures", "errors")} == {
        "tests": "5",
        "failures": "2",
        "errors": "0",
    }
    (suite,) = root
    assert suite.get("skipped") == "2"
    cases = {case.get("name"): case for case in suite}
    assert len(cases["loc"]) == 0
    assert cases["tidy"][0].get("message") == "skipped: no clang-tidy; run: get it"
    assert cases["idle"][0].get("message") == "not needed: its inputs are unchanged"
    failure = cases["wrong"][0]
    assert failure.get("message") == "libs/a b.c:3: bad (and 2 more)"
    assert failure.text.splitlines() == [
        "libs/a b.c:3: bad",
        "    tool",
        "    said",
        "lost",
        "x.c: whole",
        "reproduce: ./ci.sh wrong",
    ]


def test_an_interrupted_run_is_no_success(schemas, document, tmp_path):
    run = RUNS["interrupted"](document)
    (one,) = schemas.sarif(as_sarif(run, str(tmp_path)))["runs"]
    assert one["invocations"][0]["executionSuccessful"] is False
    assert "interrupted" in one["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert schemas.junit(as_junit(run)).get("errors") == "1"
