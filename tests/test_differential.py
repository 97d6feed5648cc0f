"""Random documents to the reference's decoder and to ours: both take them and write the same bytes, or both refuse.

The differences that are meant are those of `reference.py`. `--rounds` and `--seed` say how many documents, and which.
"""

import json
import random
from collections import Counter

import pytest
import reference as ref

import template_pkg as tp

pytestmark = pytest.mark.conformance

BATCH = 200

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
FAR = ["[" * 600 + "]" * 600, '{"a":' * 1000 + "1" + "}" * 1000, "[" * 9000 + "]" * 9000, "9" * 4301, "-" + "1" * 5000]
VERSIONS = ["2023-03-03", "2023-03-03", "2023-03-03", "UNDEFINED", "2023-03-04", "2025-12-04-beta", "", None, 3]
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
    if dice.random() < 0.001:
        rows.append(("more", dice.choice(FAR)))
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


def ours(text):
    try:
        return tp.decode_manifest(text).encode()
    except tp.ManifestError:
        return None


def compare(programs, count, seed):
    """How often each verdict came out; the differences that are meant count by their names."""
    dice = random.Random(seed)
    verdicts = Counter()
    with ref.Decoder(programs) as decoder:
        for begin in range(0, count, BATCH):
            documents = [document(dice) for _ in range(min(BATCH, count - begin))]
            for text, said in zip(documents, decoder.judge(documents)):
                encoded = ours(text)
                if (encoded is None) == ("error" in said):
                    assert encoded == said.get("text"), (text, said)
                    verdicts["refused" if encoded is None else "taken"] += 1
                else:
                    why = ref.difference(text, "text" in said)
                    assert why, (text, said, encoded)
                    verdicts[why] += 1
    return verdicts


def test_random_documents_are_judged_alike(reference):
    verdicts = compare(reference, 2000, "a few")
    assert min(verdicts["taken"], verdicts["refused"]) > 200, verdicts
    assert set(ref.OURS_REFUSES) <= set(verdicts), verdicts


@pytest.mark.deep
def test_a_million_random_documents_are_judged_alike(reference, rounds, seed):
    count = rounds(1_000_000)
    verdicts = compare(reference, count, seed)
    assert verdicts["taken"] > count // 10, verdicts
    assert verdicts["refused"] > count // 10, verdicts
