"""What somebody who begins to work should know of the checkout."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

UNFINISHED = {
    "MERGE_HEAD": "a merge",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "BISECT_LOG": "a bisection",
}


def look(root: str) -> dict[str, Any]:
    from ci.runner.process import output

    status = output(["git", "status", "--porcelain=v2", "--branch"], root).splitlines()
    words = dict(line[2:].split(" ", 1) for line in status if line.startswith("# "))
    folder = os.path.join(root, output(["git", "rev-parse", "--git-dir"], root).strip())
    return {
        "branch": words["branch.head"],
        "behind": int(words.get("branch.ab", "+0 -0").split("-")[1]),
        "changed": sum(line[0] in "12?" for line in status),
        "conflicts": sum(line[0] == "u" for line in status),
        "unfinished": [what for name, what in UNFINISHED.items() if os.path.exists(os.path.join(folder, name))],
        "tools": os.path.isdir(os.path.join(root, "build", "env")),
        "live": os.path.exists(os.path.join(root, ".venv", "bin", "activate")),
    }


def lines(facts: dict[str, Any]) -> list[str]:
    """Facts as sentences, each with the way out; what is as it should be is left out."""
    said = [
        f"On {facts['branch']}, {facts['changed']} files changed. Gates: ./ci.sh lists them, ./ci.sh all runs them."
    ]
    if facts["branch"] == "(detached)":
        said.append("No branch is checked out: git switch -c NAME before committing.")
    if facts["behind"]:
        said.append(f"{facts['behind']} commits behind its upstream: git pull --rebase.")
    said += [f"{what} is unfinished: git status says how to go on." for what in dict.fromkeys(facts["unfinished"])]
    if facts["conflicts"]:
        said.append(f"{facts['conflicts']} files have conflicts.")
    if not facts["tools"]:
        said.append("No tools yet: ./ci.sh doctor --fix.")
    if not facts["live"]:
        said.append("No live environment: ./ci.sh dev makes .venv, in which command and module follow the sources.")
    return said
