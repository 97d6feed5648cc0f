"""Entry of every hook: python3 -I -S guard.py EVENT. What it cannot judge, it refuses."""

from __future__ import annotations

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
REFUSED = 2  # to agents: the call is blocked, stderr says why; to git: anything but 0


def judge(event: str, args: list[str]) -> str:
    """Why the event may not go on; empty when it may."""
    if event == "pre-tool":
        import json

        from ci.hooks import tools

        return tools.refusal(ROOT, json.load(sys.stdin), os.environ)
    if event == "session-start":
        from ci.hooks import state

        print("\n".join(state.lines(state.look(ROOT))))
        return ""
    if event == "commit-msg":
        from ci.hooks import staged

        return staged.message(ROOT, args[0])
    if event == "pre-commit":
        from ci.hooks import staged

        return staged.check(ROOT)
    return f"no such event: {event}"


def main(argv: list[str]) -> int:
    sys.path.insert(0, ROOT)
    sys.pycache_prefix = os.path.join(ROOT, "build", "ci", "pycache")
    try:
        refusal = judge(argv[1], argv[2:])
    except Exception as error:
        refusal = f"the guard itself failed, so it refuses: {error!r}"
    if refusal:
        print(f"ci/hooks: {refusal}", file=sys.stderr)
    return REFUSED if refusal else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
