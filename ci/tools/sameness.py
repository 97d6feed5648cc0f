"""Builds of the command by other compilers and for other machines, and what they answer."""

from __future__ import annotations

import json
import os
import shutil

from ci import policy
from ci.runner.model import Finding
from ci.tools import environment, native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ci.runner.context import Context

    Answers = Mapping[str, object]
SCRIPT = "tests/answers.py"
SHOWN = 300


def emulator(ctx: Context, preset: str) -> list[str]:
    """The words before a command of this preset."""
    presets = json.loads(ctx.tree.text("CMakePresets.json"))["configurePresets"]
    (found,) = (entry for entry in presets if entry["name"] == preset)
    words = found["cacheVariables"].get("CMAKE_CROSSCOMPILING_EMULATOR", "")
    return [word for word in words.split(";") if word]


def answers(ctx: Context, preset: str, folder: str) -> Answers:
    """What the command of a preset answers to the questions of tests/answers.py, in this folder."""
    binary = os.path.join(native.built(ctx, preset), "libs", "cli", policy.COMMAND)
    out = os.path.join(folder, f"{preset}.json")
    ctx.must([environment.interpreter(), SCRIPT, "--to", out, folder, *emulator(ctx, preset), binary])
    with open(out, encoding="utf-8") as file:
        found: Answers = json.load(file)
    return found


def fresh(ctx: Context) -> str:
    """An empty folder for the tree that all of them look at."""
    folder = ctx.scratch("sameness")
    shutil.rmtree(folder)
    return ctx.scratch("sameness")


def differences(preset: str, wanted: Answers, found: Answers, line: int) -> list[Finding]:
    """A finding for the first answers that differ, at the preset's line, and one that counts the rest."""
    labels = [label for label in {**wanted, **found} if wanted.get(label) != found.get(label)]
    shown = [
        Finding(
            f"{preset} answers otherwise: {label}",
            "CMakePresets.json",
            line,
            f"here: {str(wanted.get(label))[:SHOWN]}\n{preset}: {str(found.get(label))[:SHOWN]}",
        )
        for label in labels[: policy.SHOWN_DETAILS]
    ]
    rest = len(labels) - len(shown)
    return shown + ([Finding(f"{preset}: {rest} more answers differ", "CMakePresets.json", line)] if rest > 0 else [])


def line_of(ctx: Context, preset: str) -> int:
    lines: Sequence[str] = ctx.tree.text("CMakePresets.json").splitlines()
    return next(number for number, line in enumerate(lines, 1) if f'"name": "{preset}"' in line)
