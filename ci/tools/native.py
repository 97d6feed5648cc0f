"""Builds presets, each once a run."""

from __future__ import annotations

import os

from ci.runner.model import Broken
from ci.tools import diagnostics, environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ci.runner.context import Context

TOOLS = ("cc", "cmake", "ninja", "headers", "cmocka", "xxhash")


def environ(ctx: Context) -> dict[str, str]:
    return {"PATH": ctx.toolbox.search_path(("cmake", "ninja"))}


def built(ctx: Context, preset: str) -> str:
    """The folder of a preset, configured and up to date."""
    folder: str = ctx.once(f"preset {preset}", lambda ctx: _build(ctx, preset))
    return folder


def _build(ctx: Context, preset: str) -> str:
    folder = ctx.path("build", preset)
    cmake = ctx.tool("cmake")
    _configure(ctx, cmake, preset, folder)
    done = ctx.run([cmake, "--build", "--preset", preset, "--", "-k", "0", f"-j{ctx.jobs}"], env=environ(ctx))
    if done.code:
        placed = diagnostics.findings(done.text, ctx.root, folder)
        raise Broken(placed or [ctx.failure(done)])
    return folder


def _configure(ctx: Context, cmake: str, preset: str, folder: str) -> None:
    """Ninja follows changes of the CMake files; what they were called with is ours to follow."""
    stamp = os.path.join(folder, "ci-stamp")
    python = environment.interpreter()
    called = "\n".join([ctx.tree.text("CMakePresets.json"), python, cmake, ctx.tool("ninja")])
    try:
        with open(stamp, encoding="utf-8") as file:
            if file.read() == called:
                return
    except OSError:
        pass
    ctx.must([cmake, "--preset", preset, "--fresh", f"-DPython_EXECUTABLE={python}"], env=environ(ctx))
    with open(stamp, "w", encoding="utf-8") as file:
        file.write(called)
