"""What each recipe of docs/action.md is tried with: a repository, what happens to it, and how its jobs must end then."""

from __future__ import annotations

import os

from ci.runner.model import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ci.tools.workbench import Bench, Ran

SH = "#!/bin/sh -e\n"
NOTE = 'echo {} >> "$STANDIN/log"\n'
RELEASE = f"{SH}mkdir -p release && cp made-of release/file && echo more > release/more\n{NOTE.format('built')}"
SPOILT = f"{SH}echo spoilt > release/file\n"


class Turn:
    """One run of a workflow: edits before it, how its jobs end, lines in the log, and what the runner is told."""

    def __init__(
        self,
        results: Mapping[str, str],
        log: str = "",
        told: tuple[str, ...] = (),
        edits: Mapping[str, str | None] | None = None,
        outside: Mapping[str, str] | None = None,
    ) -> None:
        self.results = dict(results)
        self.log = log  # words that the repository's scripts wrote during this run
        self.told = list(told)
        self.edits = dict(edits or {})  # file of the repository -> new text, or None: it is removed
        self.outside = dict(outside or {})  # the same for what GitHub keeps


GOOD = {"build": "success"}
SCENARIOS: dict[str, tuple[dict[str, str], list[Turn]]] = {
    "a-cache-key-from-a-tree-s-content": (
        {
            "frontend/a": "a",
            "frontend/notes.md": "n",
            "build-frontend": f"{SH}cp -r frontend frontend-built\n{NOTE.format('built')}",
        },
        [
            Turn(GOOD, "built"),
            Turn(GOOD, ""),
            Turn(GOOD, "", edits={"frontend/notes.md": "other", "elsewhere": "x"}),
            Turn(GOOD, "built", edits={"frontend/a": "other"}),
            Turn(GOOD, "", edits={"frontend/a": "a"}),
        ],
    ),
    "generated-files-are-up-to-date": (
        {
            "source": "1\n",
            "generated/x": "1\n",
            "generate": f"{SH}rm -r generated; mkdir generated; cp source generated/x\n",
        },
        [
            Turn({"generated": "success"}),
            Turn(
                {"generated": "failure"},
                told=("modified: x", "0 added, 1 modified, 0 deleted (fail-on-difference)"),
                edits={"source": "2\n"},
            ),
            Turn(
                {"generated": "failure"},
                told=("deleted: old", "0 added, 0 modified, 1 deleted (fail-on-difference)"),
                edits={"generated/x": "2\n", "generated/old": "0\n"},
            ),
            Turn({"generated": "success"}, edits={"generated/old": None}),
        ],
    ),
    "verify-artefacts-between-jobs": (
        {"made-of": "1\n", "build-release": RELEASE},
        [
            Turn({"build": "success", "deploy": "success"}, "built"),
            Turn(
                {"build": "success", "deploy": "failure"},
                "built",
                told=("modified: file", "0 added, 1 modified, 0 deleted (fail-on-difference)"),
                outside={"on-the-way": SPOILT},
            ),
            Turn(
                {"build": "success", "deploy": "failure"},
                "built",
                outside={"on-the-way": f"{SPOILT}template-cli snapshot release -o release.manifest\n"},
            ),
        ],
    ),
    "skip-a-job-when-a-folder-did-not-change": (
        {"firmware/a": "a", "test-firmware": f"{SH}{NOTE.format('tested')}grep -q a firmware/a\n"},
        [
            Turn({"look": "success", "test": "success"}, "tested"),
            Turn({"look": "success", "test": "skipped"}, ""),
            Turn({"look": "success", "test": "skipped"}, "", edits={"elsewhere": "x"}),
            Turn({"look": "success", "test": "failure"}, "tested", edits={"firmware/a": "b"}),
            Turn({"look": "success", "test": "failure"}, "tested"),
            Turn({"look": "success", "test": "skipped"}, "", edits={"firmware/a": "a"}),
        ],
    ),
    "publish-a-manifest-with-a-release": (
        {"made-of": "1\n", "build-release": RELEASE},
        [Turn({"publish": "success"}, "built v1 release.manifest release/file release/more verified")],
    ),
}
# What runs in place of GitHub's own command: keeps what it is given, and holds it against the manifest there.
GH = f"""{SH}[ "$1 $2" = "release upload" ] || exit 1
shift 2
echo "$@" | tr ' ' '\\n' >> "$STANDIN/log"
shift
mkdir "$STANDIN/uploaded" "$STANDIN/uploaded/release"
cp release.manifest "$STANDIN/uploaded" && shift
cp "$@" "$STANDIN/uploaded/release"
cd "$STANDIN/uploaded" && template-cli verify release.manifest release --strict && echo verified >> "$STANDIN/log"
"""


def write(folder: str, files: Mapping[str, str | None]) -> None:
    for name, text in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if text is None:
            os.remove(path)
            continue
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755 if text.startswith("#!") else 0o644)


def differences(turn: Turn, ran: Ran, log: str) -> Iterator[str]:
    """How a run differs from what the recipe promises."""
    got = {name: result for name, result in ran.results.items() if result != "skipped"}
    wanted = {name: result for name, result in turn.results.items() if result != "skipped"}
    if got != wanted:
        yield f"jobs end {got}, not {wanted}"
    if log.split() != turn.log.split():
        yield f"its steps did {log.split()}, not {turn.log.split()}"
    told = [message for _, message in ran.told]
    if told != turn.told:
        yield f"the runner is told {told}, not {turn.told}"


def play(bench: Bench, name: str, text: str, place: str, line: int) -> list[Finding]:
    """Runs one recipe through its scenario; findings at the recipe's place."""
    if name not in SCENARIOS:
        return [Finding(f"recipe {name} has no scenario that tries it", "docs/action.md", line)]
    files, turns = SCENARIOS[name]
    repository, outside = os.path.join(place, name, "repository"), os.path.join(place, name, "outside")
    write(repository, files)
    write(outside, {"bin/gh": GH, "log": ""})
    os.symlink(bench.command, os.path.join(outside, "bin", "template-cli"))
    for number, turn in enumerate(turns, 1):
        write(repository, turn.edits)
        write(outside, {**turn.outside, "log": ""})
        ran = bench.run(text, repository, outside)
        with open(os.path.join(outside, "log"), encoding="utf-8") as file:
            log = file.read()
        wrong = list(differences(turn, ran, log))
        if wrong:
            return [
                Finding(f"recipe {name}, run {number}: {fault}", "docs/action.md", line, ran.text) for fault in wrong
            ]
    return []
