"""./ci.sh report: one page about the last runs, complete in itself: no script, no network, nothing but its own style."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sys

from ci import policy
from ci.outputs import files, history, sections
from ci.outputs.svg import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ci.outputs.document import Document

USAGE = "usage: ./ci.sh report [-o FILE]"
PARTS = {"gates": "Gates", "findings": "Findings", "coverage": "Coverage", "trends": "Trends", "runs": "Runs"}


def page(runs: Sequence[Document], coverage: Mapping[str, Any] | None, style: str) -> str:
    run = runs[-1]
    body = [
        sections.gates(run),
        sections.findings(run),
        sections.coverage(coverage),
        sections.trends(runs),
        sections.history(runs),
    ]
    there = [
        f'<a href="#{part}">{name}</a>'
        for part, name in PARTS.items()
        if any(f"id={part}" in each[:30] for each in body)
    ]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    allowed = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{allowed}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{text(run['totals'])}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#gates">To the gates</a>\n'
        f"{sections.head(run)}\n<nav aria-label='Parts of this page'>{''.join(there)}</nav>\n<main>\n"
        + "\n".join(filter(None, body))
        + f"\n</main>\n<footer>{text(policy.PACKAGE)} {text(policy.version())}, written by <code>./ci.sh report</code></footer>\n"
        "</body>\n</html>\n"
    )


def covered(root: str) -> dict[str, Any] | None:
    """What the gate coverage left; None when it has not run."""
    path = os.path.join("build", "ci", "coverage", "summary.json")
    try:
        with open(os.path.join(root, path), encoding="utf-8") as file:
            data: dict[str, Any] = json.load(file)
        sections.coverage(data)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError):
        print(f"ci.sh: {path} is no summary of coverage: left out", file=sys.stderr)
        return None
    return data


def write(root: str, path: str) -> str:
    """Writes the page; returns why it could not, or nothing."""
    runs, strange = history.runs(root)
    for name in strange:
        print(f"ci.sh: build/ci/results/{name} is no result of a run: left out", file=sys.stderr)
    if not runs:
        return "no results of a run are kept here yet: ./ci.sh all"
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "page.css"), encoding="utf-8") as file:
        style = file.read()
    files.ready(path)
    files.write(path, page(runs, covered(root), style))
    return ""


def main(root: str, argv: Sequence[str]) -> int:
    words = list(argv)
    path = os.path.join(root, "build", "ci", "report.html")
    if len(words) == 2 and words[0] == "-o":
        path = words[1]
    elif words:
        print(f"ci.sh: {USAGE}", file=sys.stderr)
        return 2
    fault = write(root, path)
    if fault:
        print(f"ci.sh: {fault}", file=sys.stderr)
        return 3
    print(f"written: {os.path.relpath(path)}")
    return 0
