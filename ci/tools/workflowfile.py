"""What a workflow of ours must be: thin, pinned, with little permission, and with an end."""

from __future__ import annotations

import re

from ci import policy
from ci.runner.main import USAGE
from ci.runner.model import Finding
from ci.tools import actionfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

RUN = re.compile(policy.WORKFLOW_RUNS)
USES = re.compile(r"^\s*(?:- )?uses: (.*)$")


def loose(path: str, text: str) -> list[Finding]:
    """Actions that are not named by a commit with its version beside it."""
    named = [(number, match[1]) for number, line in enumerate(text.splitlines(), 1) if (match := USES.match(line))]
    wrong = [(number, what) for number, what in named if not re.fullmatch(policy.PINNED_USES, what)]
    return [Finding(f"{what} is not pinned by commit and version", path, number) for number, what in wrong]


def steps(path: str, text: str, document: dict[str, Any]) -> list[Finding]:
    """What is wrong with the steps of a workflow, or of an action that workflows have in common."""
    found = loose(path, text)
    for script, _ in actionfile.scripts(document):
        if not RUN.fullmatch(script.strip()):
            first = script.strip().partition("\n")[0]
            found.append(Finding(f"`{first}`: a step runs ./ci.sh", path, actionfile.line_of(text, first)))
        for option in re.findall(r"--[a-z][\w-]*", script):
            if option not in re.findall(r"--[a-z][\w-]*", USAGE):
                found.append(Finding(f"./ci.sh has no option {option}", path, actionfile.line_of(text, option)))
    return found


def judge(path: str, text: str, document: dict[str, Any]) -> list[Finding]:
    found = steps(path, text, document)
    if document.get("permissions") != {}:
        found.append(Finding("gives all of its jobs permissions: let each ask for its own", path, 1))
    for name, job in document["jobs"].items():
        if "timeout-minutes" not in job:
            found.append(Finding(f"job {name} has no time limit", path, actionfile.line_of(text, f"  {name}:")))
    return found
