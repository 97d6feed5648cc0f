"""Hostile manifests: command, Python and the reference against the table of verdicts. C has a test of its own."""

import contextlib
import re
import subprocess
import time
from collections import defaultdict
from pathlib import Path

import hostile
import pytest
import reference as ref

import template_pkg as tp

CASES = hostile.load()
RULES = defaultdict(list)
for case in CASES:
    RULES[re.match(r"(?:2023|beta)/\d+|", case.section)[0]].append(case)
DOCUMENT = (Path(__file__).parent.parent / "docs" / "formats.md").read_text(encoding="utf-8")
MEGABYTES = 64
SECONDS = 0.05  # asked for in the deep tests alone

# What the reference says to cases of a rule; what is only Python's own words is left to the class.
SAYS = {
    "2023/1": r"JSONDecodeError|UnicodeDecodeError",
    "2023/2": r"TypeError|ManifestDecodeValidationError: .*missing the required",
    "2023/3": r'ManifestDecodeValidationError: Manifest is missing the required "manifestVersion" field',
    "2023/4": r"ManifestDecodeValidationError: Unknown manifest version: ",
    "2023/5": r"ManifestDecodeValidationError: (?:Version .* is not supported|Unknown manifest version: )",
    "2023/6": r"ManifestDecodeValidationError: manifest is missing required field\(s\) \[",
    "2023/8": r"ManifestDecodeValidationError: hashAlg must be one of |TypeError: unhashable",
    "2023/9": r"ManifestDecodeValidationError: totalSize must be an integer",
    "2023/10": r"ManifestDecodeValidationError: paths must be a list",
    "2023/11": r"ManifestDecodeValidationError: paths must have a least one item",
    "2023/12": r"ManifestDecodeValidationError: path is missing required field\(s\) \[|TypeError: string indices",
    "2023/13": r"TypeError|ManifestDecodeValidationError: path is missing required field\(s\) \[",
    "2023/14": r"ManifestDecodeValidationError: (?:path|hash) must be a string|.*: (?:size|mtime) must be an integer",
    "2023/15": r"ManifestDecodeValidationError: The hash .",
}


def python_verdict(text, tree):
    try:
        manifest = tp.decode_manifest(text)
    except tp.ManifestError as error:
        return f"{error.status} {error}"
    verdict = f"taken {len(manifest)} {manifest.manifest_hash}"
    try:
        tp.verify(manifest, tree, jobs=1)
    except (tp.ManifestError, tp.ValidationError) as error:
        return f"{verdict} {error.status} {str(error).rpartition(': ')[2]}"  # behind the path
    return verdict


def wrong(verdict_of):
    """The cases whose verdict is another than the table's, with what it was."""
    found = [(case, verdict_of(case)) for case in CASES]
    return [(case.line, case.section, case.name, said) for case, said in found if said != case.verdict]


def test_the_table_is_what_it_says():
    assert len(CASES) >= 400
    assert len({(case.section, case.name) for case in CASES}) == len(CASES)
    assert all(re.match(r"E_[A-Z]+ \S|taken \d+ [0-9a-f]{32}(?: E_[A-Z_]+ \S|$)", case.verdict) for case in CASES)


def test_every_rule_of_the_document_has_cases():
    rules = re.findall(r"^\| ((?:2023|beta)/\d+) \|", DOCUMENT, re.M)
    assert rules == [f"2023/{i}" for i in range(1, 16)] + [f"beta/{i}" for i in range(1, 10)]
    assert set(RULES) - {""} == set(rules) - {"2023/7"}
    assert set(SAYS) == {rule for rule in RULES if rule.startswith("2023")}
    refused = {rule: [case for case in cases if case.verdict.startswith("E_")] for rule, cases in RULES.items()}
    assert all(refused.values())
    assert refused["2023/1"] == RULES["2023/1"]


def test_python_comes_to_the_verdicts(tmp_path):
    assert wrong(lambda case: python_verdict(case.text, tmp_path)) == []


def test_the_command_comes_to_the_verdicts_in_little_memory(cli, tmp_path):
    limited = ["sh", "-c", f'ulimit -v {MEGABYTES << 10}; exec "$@"', "sh", cli.path]
    if subprocess.run([*limited, "version"], capture_output=True, check=False).returncode:  # sanitizers want more
        limited = [cli.path]
    assert wrong(lambda case: hostile.command_verdict(limited, case.text, tmp_path)) == []


@pytest.mark.deep
def test_no_case_takes_long():
    def best(case):
        times = []
        for _ in range(5):
            begun = time.perf_counter()
            with contextlib.suppress(tp.ManifestError):
                tp.decode_manifest(case.text)
            times.append(time.perf_counter() - begun)
        return min(times)

    slow = [(case.section, case.name, took) for case in CASES if (took := best(case)) > SECONDS]
    assert slow == []


@pytest.mark.deep
@pytest.mark.parametrize("what", ["path", "hash", "unknown member"])
def test_a_string_of_a_quarter_of_a_gigabyte(cli, tmp_path, what):
    """As much memory as the document, its text and the room to write it, and no more."""
    members = {"hash": '"0a"', "mtime": "2", "path": '"p"', "size": "1"}
    members[what.split()[0]] = '"@"'
    entry = ",".join(f'"{name}":{value}' for name, value in members.items())
    before, after = hostile.expand(b"%{head}{" + entry.encode() + b"}%{tail}", hostile.PIECES).split(b"@")
    path = tmp_path / "m"
    with path.open("wb") as file:
        file.writelines([before, *[b"a" * (1 << 20)] * 256, after])
    limited = ["sh", "-c", 'ulimit -v 900000; exec "$@"', "sh", cli.path, "inspect", "--json", str(path)]
    done = subprocess.run(limited, capture_output=True, check=False)
    assert done.returncode == (4 if what == "hash" else 0), (done.stdout[:500], done.stderr[:500])


# ---------------------------------------------------------------- against the reference
@pytest.fixture(scope="session")
def judged(reference):
    """What the reference says to each case."""
    with ref.Decoder(reference) as decoder:
        return {case: decoder.judge([case.text])[0] for case in CASES}


@pytest.mark.conformance
def test_the_reference_judges_alike_or_the_document_says_why(judged):
    unexplained = []
    used = set()
    for case, said in judged.items():
        taken = case.verdict.startswith("taken")
        if taken != ("text" in said):
            why = ref.difference(case.text, "text" in said)
            used.add(why)
            if why is None:
                unexplained.append((case.section, case.name, said))
        elif taken and tp.hash_bytes(said["text"].encode()) != case.verdict.split()[2]:
            unexplained.append((case.section, case.name, "other bytes"))
    assert unexplained == []
    named = re.findall(r"^\| ([a-z ]+) \|", DOCUMENT.partition("### Where")[2].partition("\n## ")[0], re.M)
    assert set(named) - {"name"} == used == {*ref.OURS_REFUSES, *ref.OURS_TAKES}


@pytest.mark.conformance
@pytest.mark.parametrize("rule", SAYS)
def test_a_rule_is_the_references(judged, rule):
    for case in RULES[rule]:
        said = judged[case]
        assert re.match(SAYS[rule], f"{said['error']}: {said['message']}", re.S), (case.name, said)
