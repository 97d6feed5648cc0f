"""`./ci.sh dev`: an editable environment, .venv, in which an edited C file is live at the next call."""

from __future__ import annotations

import glob
import os

from ci import policy
from ci.runner.model import Broken, Finding
from ci.tools import diagnostics, environment, native, toolbox, wheel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ci.runner.context import Context

TOOLS = wheel.TOOLS
REQUIREMENTS = ("package", "test", "lint")
SAYING = """\
.venv is ready: the package is installed from this tree, not as a copy.

    . .venv/bin/activate
    template-cli --version          # rebuilds first, if a C file has changed
    python -c 'import template_pkg; print(template_pkg.build_info())'
    pytest                          # against the live tree

Edit a file of libs/ and call any of them again. `./ci.sh agreement` checks that command and module agree.
compile_commands.json, for editors, is linked to build/dev."""


def run(ctx: Context) -> int:
    folder = ctx.path(".venv")
    ctx.shared.provide(TOOLS)
    ctx.toolbox.check(TOOLS)
    if not os.path.exists(os.path.join(folder, "pyvenv.cfg")):
        ctx.shared.tell("making .venv")
        environment.create(folder, ctx.toolbox.uv(), ctx.toolbox.run)
    _requirements(ctx, folder)
    _editable(ctx, folder)
    _find_cmake(ctx, folder)
    _link_commands(ctx)
    ctx.shared.tell(SAYING)
    return 0


def _requirements(ctx: Context, folder: str) -> None:
    """What the package is built, tested and checked with, unless it is there."""
    mark = os.path.join(folder, "ci-stamp")
    stamp = "".join(environment.stamp(ctx.root, name) for name in REQUIREMENTS)
    try:
        with open(mark, encoding="utf-8") as file:
            if file.read() == stamp:
                return
    except OSError:
        pass
    ctx.shared.tell(f"installing into .venv from ci/requirements: {', '.join(REQUIREMENTS)}")
    for name in REQUIREMENTS:
        pinned = ["--require-hashes", "-r", environment.requirements(ctx.root, name)]
        environment.install(folder, ctx.toolbox.uv(), pinned, ctx.toolbox.run)
    with open(mark, "w", encoding="utf-8") as file:
        file.write(stamp)


def _editable(ctx: Context, folder: str) -> None:
    """Without build isolation: the rebuild on import must find the environment that it was built in."""
    ctx.shared.tell("building and installing the tree into .venv")
    uv = ctx.toolbox.uv()
    python = os.path.join(folder, "bin", "python")
    installer = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install"]
    done = ctx.run([*installer, "--no-build-isolation", "--no-deps", "-e", ctx.root], env=native.environ(ctx))
    if done.code:
        raise Broken(diagnostics.findings(done.text, ctx.root) or [ctx.failure(done)])


def _find_cmake(ctx: Context, folder: str) -> None:
    """The rebuild on import calls `cmake` from the PATH; where the system has none, ours is put at its end."""
    places = glob.glob(os.path.join(folder, "lib", "python*", "site-packages"))
    if toolbox.own("cmake") or not places:
        return
    ours = os.path.dirname(ctx.tool("cmake"))
    with open(os.path.join(places[0], f"{policy.PACKAGE}_cmake.pth"), "w", encoding="utf-8") as file:
        file.write(f"import os; os.environ['PATH'] += os.pathsep + {ours!r}\n")


def _link_commands(ctx: Context) -> None:
    native.built(ctx, "dev")
    link = ctx.path("compile_commands.json")
    if os.path.lexists(link) and not os.path.islink(link):
        raise Broken([Finding("is not ours to replace", "compile_commands.json")])
    if os.path.islink(link):
        os.remove(link)
    os.symlink(os.path.join("build", "dev", "compile_commands.json"), link)
