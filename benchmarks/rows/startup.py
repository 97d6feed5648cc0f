"""Start-up: what it costs to ask the command for its version, its help, or a scan of ten files."""

from __future__ import annotations

import os
import sys

import harness
import trees
from harness import Contender, Target

NUMBER = 9
TITLE = "start-up: --version, --help, a scan of 10 files"
ROUNDS = 15
REPEAT = 40
TARGETS = [
    Target("--version / static no-op", "ours --version", ["no-op"], 2.0, floor="no-op"),
    Target("--help / static no-op", "ours --help", ["no-op"], 2.0, floor="no-op"),
    Target("scan of 10 files / static no-op", "ours scan", ["no-op"], 2.0, floor="no-op"),
    Target("--version / isolated Python", "ours --version", ["python -I -S"], 0.20, floor="no-op"),
    Target("--version / the same through a console script", "ours --version", ["console"], 0.20, floor="no-op"),
    Target("installed from the wheel / plain binary", "wheel --version", ["ours --version"], 1.05),
]

_SHIM = "#!{python}\nimport os, sys\nsys.exit(os.spawnv(os.P_WAIT, {cli!r}, [{cli!r}, *sys.argv[1:]]))\n"


def _console_script(cli: str) -> str:
    path = harness.WORK / "console-script"
    path.write_text(_SHIM.format(python=sys.executable, cli=cli))
    path.chmod(0o755)
    return str(path)


def contenders(cli: str, scale: float) -> list[Contender]:
    repeat = max(5, int(REPEAT * scale))
    root = trees.small_files(10, 4096, 1)
    python = os.path.realpath(sys.executable)
    found = [
        Contender("ours --version", [cli, "--version"], repeat),
        Contender("ours --help", [cli, "--help"], repeat),
        Contender("ours scan", [cli, "snapshot", str(root)], repeat),
        Contender("no-op", [harness.build_floor("noop", "-static")], repeat),
        Contender("python -I -S", [python, "-I", "-S", "-c", "pass"], repeat),
        Contender("console", [_console_script(cli), "--version"], repeat),
    ]
    installed = harness.wheel_command()
    if installed is None:
        harness.leave_out("the command as the wheel installs it (run ./ci.sh demo first)", "wheel --version")
    else:
        found.append(Contender("wheel --version", [installed, "--version"], repeat))
    try:
        found.append(Contender("git --version", [harness.find("git", "git"), "--version"], repeat))
    except harness.Unavailable as missing:
        harness.leave_out(missing)
    return found
