"""What git asks before it commits: the quick gates on what is staged, and the subject's form."""

from __future__ import annotations

import os
import subprocess
import sys

from ci import policy
from ci.runner.tree import Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def _names(root: str, *words: str) -> list[str]:
    from ci.runner.process import output

    listing = output(["git", "diff", "--name-only", "-z", "--no-renames", *words], root)
    return [name for name in listing.split("\0") if name]


def gates(paths: Iterable[str]) -> list[str]:
    """Gates that a change of these files concerns, and that need neither a build nor patience."""
    from ci.runner import registry
    from ci.runner.changed import unconcerned

    known = {name: registry.load(name) for name in registry.names() if name not in policy.NOT_BEFORE_COMMIT}
    quick = {name: gate for name, gate in known.items() if not (gate.needs or gate.builds or gate.deep)}
    untouched = unconcerned(quick, list(paths), "HEAD")
    return [name for name in quick if name not in untouched]


def check(root: str) -> str:
    paths = _names(root, "--cached")
    if not paths and os.environ.get("PRE_COMMIT"):  # asked by hand for all files, through pre-commit or prek
        paths = Tree(root).paths()
    both = sorted(set(paths) & set(_names(root)))
    if both:
        print(f"ci/hooks: judged as they are on disk, not as staged: {', '.join(both)}", file=sys.stderr)
    chosen = gates(paths)
    if not chosen:
        return ""
    # git tells its hooks where its files are; the gates look after other checkouts, too.
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    argv = [sys.executable, "-I", "-S", "-X", "utf8", os.path.join(root, "ci.py"), *chosen]
    done = subprocess.run(argv, cwd=root, env=env, stdin=subprocess.DEVNULL, check=False)
    return "a gate failed; git commit --no-verify commits all the same" if done.returncode else ""


def message(root: str, path: str) -> str:
    from ci.tools import commits

    with open(path, encoding="utf-8") as file:
        subject = next((line.strip() for line in file if line.strip() and not line.startswith("#")), "")
    if not subject or subject.startswith(policy.TO_BE_SQUASHED):
        return ""
    fault = commits.fault(subject, commits.parts(Tree(root).paths()))
    return f"{subject!r}: {fault}" if fault else ""
