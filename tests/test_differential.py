"""Random documents to the reference's decoder and to ours: both take them and write the same bytes, or both refuse.

Numbers that do not fit 64 bits, negative sizes and booleans are the differences that are meant.
"""

import base64
import json
import random
import subprocess

import pytest

import template_pkg as tp

pytestmark = pytest.mark.conformance

# Runs beside the reference: a document a line in, what became of it a line out.
DECODER = r"""
import base64, json, sys
try:
    from deadline.job_attachments.asset_manifests.decode import decode_manifest
except ImportError:
    from deadline_job_attachments.asset_manifests.decode import decode_manifest
for line in sys.stdin:
    try:
        said = {"text": decode_manifest(base64.b64decode(line).decode("utf-8")).encode()}
    except Exception as error:
        said = {"error": type(error).__name__}
    print(json.dumps(said), flush=True)
"""

STRINGS = [
    "",
    "a",
    "a/b",
    "../x",
    "\u00e9",
    "\U0001f600",
    "\uffee",
    "\ud800",
    "\udc80",
    "\x7f",
    "\x00",
    '"\\',
    "-",
    "xxh128",
]
HASHES = ["0", "a1", "A" * 32, "0123456789abcdef" * 2, "", "a-b", "a\n", "\u0661", "g"]
NUMBERS = [0, 1, -1, 7, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), 2**64 - 1, 2**64, 10**30, -(10**30)]
OTHERS = [None, True, False, 1.0, 1.5, 1e300, "1", [], {}, [1], {"a": 1}, float("nan"), float("inf")]
VERSIONS = ["2023-03-03", "2023-03-03", "2023-03-03", "UNDEFINED", "2023-03-04", "", None, 3]
PIECES = [
    '"',
    ",",
    ":",
    "{",
    "}",
    "[",
    "]",
    "\\",
    "\\u",
    "0",
    "-",
    ".",
    "e",
    " ",
    "\n",
    "\t",
    "null",
    "true",
    "NaN",
    "\x00",
    "\x80",
]


def any_value(dice):
    return dice.choice(dice.choice([STRINGS, HASHES, NUMBERS, OTHERS]))


def mostly(dice, value):
    """The value, or now and then any other."""
    return any_value(dice) if dice.random() < 0.02 else value


def members(dice, pairs):
    """Text of an object: members in any order, some left out, some twice, some of no meaning."""
    rows = [(name, value) for name, value in pairs if dice.random() > 0.01]
    if dice.random() < 0.05:
        rows.append((dice.choice(pairs)[0], dice.choice(pairs)[1]))
    if dice.random() < 0.1:
        rows.append((dice.choice(["more", "hash", "paths"]), dump(dice, any_value(dice))))
    if dice.random() < 0.5:
        dice.shuffle(rows)
    blank = dice.choice(["", "", " ", "\n"])
    return "{" + ",".join(f"{blank}{dump(dice, name)}:{blank}{value}" for name, value in rows) + "}"


def dump(dice, value):
    return json.dumps(value, ensure_ascii=dice.random() < 0.7)


def entry(dice):
    if dice.random() < 0.01:
        return dump(dice, any_value(dice))
    size = dice.choice(NUMBERS[:7]) if dice.random() < 0.05 else dice.choice([0, 5, 2**40])
    pairs = [
        ("path", mostly(dice, "/".join(dice.choice(STRINGS) for _ in range(dice.randint(1, 3))))),
        ("hash", mostly(dice, dice.choice(HASHES) if dice.random() < 0.1 else f"{dice.getrandbits(128):032x}")),
        ("size", mostly(dice, size)),
        ("mtime", mostly(dice, dice.choice(NUMBERS[:7]))),
    ]
    return members(dice, [(name, dump(dice, value)) for name, value in pairs])


def document(dice):
    entries = "[" + ",".join(entry(dice) for _ in range(dice.choice([0, 1, 1, 2, 5]))) + "]"
    if dice.random() < 0.01:
        entries = dump(dice, any_value(dice))
    pairs = [
        ("hashAlg", dump(dice, mostly(dice, "xxh128"))),
        ("manifestVersion", dump(dice, "2023-03-03" if dice.random() < 0.95 else dice.choice(VERSIONS))),
        ("paths", entries),
        ("totalSize", dump(dice, mostly(dice, dice.choice(NUMBERS[:7])))),
    ]
    text = bytearray(members(dice, pairs).encode("utf-8", "surrogatepass"))
    while dice.random() < 0.1:
        at = dice.randrange(len(text) + 1)
        text[at : at + dice.randint(0, 2)] = dice.choice(PIECES).encode("latin-1")
    return bytes(text)


def has_other_numbers(text):
    """Whether a document that the reference takes has numbers that are not taken here."""
    found = json.loads(text)
    sizes = [found["totalSize"], *(row["size"] for row in found["paths"])]
    times = [row["mtime"] for row in found["paths"]]
    wide = not all(0 <= size < 2**64 for size in sizes) or not all(-(2**63) <= time < 2**63 for time in times)
    return wide or any(isinstance(number, bool) for number in sizes + times)


def ours(text):
    try:
        return tp.decode_manifest(text).encode(), None
    except tp.ManifestError as error:
        return None, error.status


def compare(reference, count, seed):
    dice = random.Random(seed)
    command = [str(reference / "python"), "-I", "-c", DECODER]
    taken = 0
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for _ in range(count):
            text = document(dice)
            process.stdin.write(base64.b64encode(text) + b"\n")
            process.stdin.flush()
            said = json.loads(process.stdout.readline())
            encoded, status = ours(text)
            if encoded is None and "text" in said:
                assert status in ("E_RANGE", "E_MANIFEST"), text
                assert has_other_numbers(text), text
            else:
                assert encoded == said.get("text"), (text, said, status)
            taken += encoded is not None
        process.stdin.close()
    return taken


def test_random_documents_are_judged_alike(reference):
    assert 200 < compare(reference, 2000, "a few") < 1900  # both verdicts are common


@pytest.mark.deep
def test_a_million_random_documents_are_judged_alike(reference):
    assert compare(reference, 1_000_000, "many") > 100_000
