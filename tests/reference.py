"""The reference's decoder, asked about many documents, and where its verdict and ours are meant to differ.

`docs/formats.md` has the same table, for people; `test_hostile.py` holds the two together.
"""

import base64
import json
import re
import subprocess

# Runs beside the reference: a list of documents a line in, what became of them a line out.
DECODER = r"""
import base64, json, sys
try:
    from deadline.job_attachments.asset_manifests.decode import decode_manifest
except ImportError:
    from deadline_job_attachments.asset_manifests.decode import decode_manifest
def judge(document):
    try:
        return {"text": decode_manifest(base64.b64decode(document).decode("utf-8")).encode()}
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error)[:1000]}
for line in sys.stdin:
    print(json.dumps([judge(document) for document in json.loads(line)]), flush=True)
"""


class Decoder:
    """A process that decodes as the reference does; to be used in a `with`."""

    def __init__(self, programs):
        command = [str(programs / "python"), "-I", "-c", DECODER]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()

    def judge(self, documents):
        """For each document, `text` (its canonical encoding) or `error` (a class) and `message`."""
        line = json.dumps([base64.b64encode(document).decode() for document in documents])
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def _numbers(document):
    """The sizes and the times of a document that the reference takes."""
    found = json.loads(document)
    return [found["totalSize"], *(row["size"] for row in found["paths"])], [row["mtime"] for row in found["paths"]]


def _booleans(document):
    return any(isinstance(number, bool) for numbers in _numbers(document) for number in numbers)


def _negative_sizes(document):
    return any(size < 0 for size in _numbers(document)[0])


def _wide_numbers(document):
    sizes, times = _numbers(document)
    return any(size >= 2**64 for size in sizes) or any(not -(2**63) <= time < 2**63 for time in times)


def _is_beta(document):
    return re.search(rb'"(?:manifestVersion|specificationVersion)"\s*:\s*"[a-z0-9-]*2025-12', document) is not None


def _is_deep(document):
    """More levels than half of Python's limit: the rest of its stack is what calls the parser."""
    depth = deepest = 0
    for bracket in re.findall(rb"[\[\]{}]", re.sub(rb'"(?:[^"\\]|\\.)*"', b"", document)):
        depth += 1 if bracket in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest > 500


def _has_long_numbers(document):
    return re.search(rb"[0-9]{4301}", document) is not None


# Documents that only the reference takes, and ours alone, by the name of the reason.
OURS_REFUSES = {"booleans": _booleans, "negative sizes": _negative_sizes, "wide numbers": _wide_numbers}
OURS_TAKES = {"the newer format": _is_beta, "nesting": _is_deep, "long numbers": _has_long_numbers}


def difference(document, reference_takes):
    """Why the two verdicts differ; None when there is no reason for it."""
    reasons = OURS_REFUSES if reference_takes else OURS_TAKES
    return next((name for name, holds in reasons.items() if holds(document)), None)
