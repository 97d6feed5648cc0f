"""The sdist of this tree: made, compared with the tree, unpacked far from it and built without a network."""

from __future__ import annotations

import os
import shutil
import tarfile

from ci import policy
from ci.runner.model import Broken, Finding
from ci.tools import difference, system, wheel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ci.runner.context import Context

BUILD = """
import sys, scikit_build_core.build as b
b.build_sdist(sys.argv[1], {"build-dir": "build/ci/sdist-configure"})
"""
# What an sdist is made from, and made to be built from.
INPUTS = (*wheel.INPUTS, "CMakePresets.json")


def made(ctx: Context) -> str:
    """The path of a new sdist."""
    folder = ctx.path("build", "ci", "sdist")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return os.path.join(folder, wheel.build(ctx, ctx.root, folder, script=BUILD))


def unpacked(path: str, folder: str) -> str:
    """The one folder that the archive holds, unpacked."""
    with tarfile.open(path) as archive:
        members = archive.getmembers()
        tops = {member.name.partition("/")[0] for member in members}
        stem = os.path.basename(path)[: -len(".tar.gz")]
        if tops != {stem} or not all(member.isreg() for member in members):
            raise Broken([Finding(f"holds more than files of one folder, {stem}", os.path.basename(path))])
        archive.extractall(folder)
    return os.path.join(folder, stem)


def content_faults(ctx: Context, tree: str) -> Iterator[str]:
    """Files that are not the project's, and files that are others than the project's."""
    tracked = set(ctx.tree.glob(*INPUTS))
    held = {os.path.relpath(os.path.join(at, name), tree) for at, _, names in os.walk(tree) for name in names}
    for path in sorted(set(policy.CARRIED) - held):
        yield f"{path} is missing: without it, a build needs a network"
    for path in sorted(held - {"PKG-INFO", *policy.CARRIED}):
        if path not in tracked:
            yield f"{path} does not belong"
        elif read(os.path.join(tree, path)) != read(ctx.path(path)):
            yield f"{path} is not as in the tree"


def read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def cuts() -> Iterator[list[str]]:
    """Ways to run a command without a network: as root, as a user who may have namespaces or become root for a moment."""
    alone = ["unshare", "--net", "--"]
    yield alone
    yield ["unshare", "--map-root-user", "--net", "--"]
    sudo = system.privilege()
    if sudo and shutil.which("setpriv"):
        again = ["setpriv", f"--reuid={os.getuid()}", f"--regid={os.getgid()}", "--init-groups"]
        yield [*sudo, "--preserve-env", *alone, *again, "env", f"PATH={os.environ.get('PATH', os.defpath)}"]


def cut(ctx: Context) -> list[str]:
    """What to put before a command to take the network from it; empty where nothing does."""
    for before in cuts() if shutil.which("unshare") else ():
        if ctx.run([*before, "true"]).code == 0:
            return before
    return []


def rebuilt(ctx: Context, tree: str, made: str, before: list[str]) -> list[str]:
    """What is wrong with the wheel that the unpacked sdist gives."""
    os.makedirs(made)
    second = os.path.join(made, wheel.build(ctx, tree, made, before=before))
    used, carried = header_used(tree), os.path.join(tree, os.path.dirname(policy.CARRIED[0]))
    faults = [] if os.path.realpath(used) == os.path.realpath(carried) else [f"builds with {used}, not what it carries"]
    fault = difference.explain(wheel.built(ctx), second)
    return [*faults, f"does not give the tree's wheel: {fault}"] if fault else faults


def header_used(tree: str) -> str:
    """The folder whose xxhash.h a wheel build of the tree took."""
    for at, _, names in os.walk(os.path.join(tree, "build")):
        if "CMakeCache.txt" in names:
            return header_in(at)
    return ""


def header_in(folder: str) -> str:
    """The folder whose xxhash.h a build folder takes, as CMake remembers it."""
    lines = read(os.path.join(folder, "CMakeCache.txt")).decode().splitlines()
    return next((line.partition("=")[2] for line in lines if line.startswith("xxHash_INCLUDE_DIR:")), "")
