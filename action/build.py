"""Builds template-cli from the Action's own checkout, in the call's directory: the checkout stays as it is."""

from __future__ import annotations

import os
import shutil
import subprocess

from action.channel import Channel, Failure
from ci import policy
from ci.tools import environment, system, toolbox

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# What a job may have set for compiling its own things.
FOREIGN = ("CFLAGS", "CPPFLAGS", "LDFLAGS", "CMAKE_GENERATOR", "CMAKE_TOOLCHAIN_FILE", "DESTDIR")
OPTIONS = ("-DTPL_BUILD_TESTS=OFF", "-DTPL_BUILD_PYTHON=OFF", "-DTPL_WERROR=OFF")


class Builder:
    """One build: runs what it takes and keeps what that says until it fails."""

    def __init__(self, root: str, made: str, channel: Channel) -> None:
        self.root = root
        self.made = made
        self.channel = channel
        self.env = {name: text for name, text in os.environ.items() if name not in FOREIGN}

    def run(self, argv: Sequence[str]) -> None:
        done = subprocess.run(
            argv,
            cwd=self.root,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode:
            self.channel.quote(done.stdout.decode("utf-8", "replace"))
            raise Failure(f"building {policy.COMMAND}: {os.path.basename(argv[0])} exits with {done.returncode}", 3)

    def cmake(self) -> str:
        """cmake, with ninja on the PATH: the system's, or pinned ones in an environment of this call's."""
        found = toolbox.own("cmake")
        if found and toolbox.own("ninja"):
            return found
        folder, uv = os.path.join(self.made, "tools"), shutil.which("uv")
        environment.create(folder, uv, self.run)
        pinned = environment.requirements(self.root, "native")
        environment.install(folder, uv, ["--require-hashes", "-r", pinned], self.run)
        tools = os.path.join(folder, "bin")
        self.env["PATH"] = os.pathsep.join([tools, self.env.get("PATH", os.defpath)])
        return os.path.join(tools, "cmake")


def command(root: str, made: str, target: str, channel: Channel) -> None:
    """Builds the command and puts it at `target`; leaves nothing else."""
    if not system.has("cc"):
        raise Failure(f"building {policy.COMMAND} needs a C compiler; inputs version and wheel do without", 3)
    builder, folder = Builder(root, made, channel), os.path.join(made, "build")
    cmake = builder.cmake()
    builder.run([cmake, "--preset", "release", "-B", folder, *OPTIONS])
    builder.run([cmake, "--build", folder, "--target", policy.COMMAND])
    built = next(os.path.join(at, policy.COMMAND) for at, _, names in os.walk(folder) if policy.COMMAND in names)
    shutil.move(built, target)
    for leftover in (folder, os.path.join(made, "tools")):
        shutil.rmtree(leftover, ignore_errors=True)
