"""The wheel of this tree, and environments that hold it; each made again only when its ingredients change."""

from __future__ import annotations

import hashlib
import os
import shutil

from ci.runner.model import Broken, Finding
from ci.tools import diagnostics, environment, native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ci.runner.context import Context

TOOLS = (*(tool for tool in native.TOOLS if tool != "cmocka"), "scikit-build-core")
INPUTS = (
    "CMakeLists.txt",
    "LICENSE",
    "LICENSES/**",
    "README.md",
    "VERSION",
    "cmake/**",
    "libs/**",
    "pyproject.toml",
    "src/**",
)
# The back end's own interface: no front end of one kind or another in between.
BUILD = "import sys, scikit_build_core.build as b; print(b.build_wheel(sys.argv[1]))"


def built(ctx: Context) -> str:
    """The wheel's path."""
    path: str = ctx.once("wheel", _build)
    return path


def _build(ctx: Context) -> str:
    folder = ctx.path("build", "wheel")
    stamp = _digest(ctx)
    made = _stamped(folder, stamp)
    if made:
        return os.path.join(folder, made)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    name = build(ctx, ctx.root, folder)
    _write_stamp(folder, f"{name}\n{stamp}")
    return os.path.join(folder, name)


def build(
    ctx: Context,
    tree: str,
    folder: str,
    *,
    script: str = BUILD,
    before: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
) -> str:
    """Builds the wheel of a tree, by a command that `before` may lead in, into an empty folder; the file's name."""
    ctx.toolbox.check(TOOLS)
    python = environment.program(ctx.root, "package", "python")
    done = ctx.run([*before, python, "-c", script, folder], cwd=tree, env={**native.environ(ctx), **(env or {})})
    if done.code:
        raise Broken(diagnostics.findings(done.text, tree) or [ctx.failure(done)])
    made = os.listdir(folder)
    if len(made) != 1:
        raise Broken([Finding(f"the build left {len(made)} files, not one")])
    return made[0]


def copied(ctx: Context, target: str) -> None:
    """Puts the tree into another folder, with files of another age and mode."""
    for path in ctx.tree.glob(*INPUTS):
        copy = os.path.join(target, path)
        os.makedirs(os.path.dirname(copy), exist_ok=True)
        shutil.copyfile(ctx.path(path), copy)
        os.chmod(copy, 0o700 if os.access(ctx.path(path), os.X_OK) else 0o600)
        os.utime(copy, (981173106, 981173106))


def _digest(ctx: Context) -> str:
    """Over all that goes into the wheel."""
    total = hashlib.sha256(environment.stamp(ctx.root, "package").encode())
    total.update(ctx.tool("cmake").encode())
    for path in ctx.tree.glob(*INPUTS):
        with open(ctx.path(path), "rb") as file:
            content = file.read()
        total.update(f"{path} {len(content)} {os.access(ctx.path(path), os.X_OK)}\n".encode())
        total.update(content)
    return total.hexdigest()


def _stamped(folder: str, stamp: str) -> str:
    """What an earlier run made here from the same things; empty when there is none."""
    try:
        with open(os.path.join(folder, "stamp"), encoding="utf-8") as file:
            made, found = file.read().split("\n", 1)
    except (OSError, ValueError):
        return ""
    return made if found == stamp and os.path.exists(os.path.join(folder, made)) else ""


def _write_stamp(folder: str, text: str) -> None:
    with open(os.path.join(folder, "stamp"), "w", encoding="utf-8") as file:
        file.write(text)


def installed(ctx: Context, requirements: str = "") -> str:
    """The bin folder of a fresh environment that holds the wheel and, by name, some requirements."""
    name = requirements or "plain"
    folder: str = ctx.once(f"venv {name}", lambda ctx: _install(ctx, name, requirements))
    return folder


def _install(ctx: Context, name: str, requirements: str) -> str:
    wheel, folder = built(ctx), ctx.path("build", "venv", name)
    with open(wheel, "rb") as file:
        stamp = hashlib.sha256(file.read()).hexdigest()
    stamp += environment.stamp(ctx.root, requirements or "package")
    if not _stamped(folder, stamp):
        shutil.rmtree(folder, ignore_errors=True)
        uv = ctx.toolbox.uv()
        run = _runner(ctx)
        environment.create(folder, uv, run)
        if requirements:
            pinned = environment.requirements(ctx.root, requirements)
            environment.install(folder, uv, ["--require-hashes", "-r", pinned], run)
        environment.install(folder, uv, ["--no-deps", wheel], run)
        _write_stamp(folder, f"bin\n{stamp}")
    return os.path.join(folder, "bin")


def _runner(ctx: Context) -> environment.Runner:
    def run(argv: Sequence[str]) -> None:
        done = ctx.run(argv)
        if done.code:
            raise Broken([ctx.failure(done)])

    return run


def command(bin_folder: str) -> str:
    return os.path.join(bin_folder, "template-cli")


def python(bin_folder: str) -> str:
    return os.path.join(bin_folder, "python")
