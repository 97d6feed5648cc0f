"""Step `get`: makes a directory for this call and puts template-cli into it, from a wheel, a release or the sources."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

from action import build
from action.channel import Channel, Failure
from action.inputs import Inputs
from ci import policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

RELEASE = re.compile(rf"(?P<version>{policy.VERSION})(?: sha256:(?P<digest>[0-9a-f]{{64}}))?")
DISTRIBUTION = policy.PACKAGE.replace("_", "-")


def directory(environ: Mapping[str, str]) -> str:
    """A fresh directory of this call's own."""
    temporary = environ.get("RUNNER_TEMP")
    if not temporary:
        raise Failure("RUNNER_TEMP is not set: this is no step of a workflow", 3)
    os.makedirs(temporary, exist_ok=True)
    made = tempfile.mkdtemp(prefix=policy.ACTION_PREFIX, dir=temporary)
    os.mkdir(os.path.join(made, "bin"))
    return made


def from_wheel(wheel: str, target: str) -> None:
    """Takes the command, and nothing else, out of a wheel."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            names = [n for n in archive.namelist() if re.fullmatch(rf"[^/]+\.data/scripts/{policy.COMMAND}", n)]
            if len(names) != 1:
                raise Failure(f"{os.path.basename(wheel)} holds no {policy.COMMAND}", 4)
            content = archive.read(names[0])
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise Failure(f"{os.path.basename(wheel)} cannot be read as a wheel: {error}", 4) from None
    with open(target, "wb") as file:
        file.write(content)
    os.chmod(target, 0o755)


def released(release: str, made: str, channel: Channel) -> str:
    """Downloads a release's wheel, by its hash when there is one; its path."""
    match = RELEASE.fullmatch(release)
    if match is None:
        raise Failure("input version is neither a version nor a version and its sha256")
    wanted, folder = os.path.join(made, "wanted.txt"), os.path.join(made, "wheel")
    with open(wanted, "w", encoding="utf-8") as file:
        digest = f" --hash=sha256:{match['digest']}" if match["digest"] else ""
        file.write(f"{DISTRIBUTION}=={match['version']}{digest}\n")
    pip = [
        sys.executable,
        "-I",
        "-m",
        "pip",
        "download",
        "-q",
        "--disable-pip-version-check",
        "--no-input",
        "--no-deps",
    ]
    argv = [*pip, "--no-cache-dir", "--only-binary=:all:", "-d", folder, "-r", wanted]
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        channel.quote(done.stdout.decode("utf-8", "replace"))
        raise Failure(f"{DISTRIBUTION} {release} cannot be had from the package index; the log says why", 3)
    return os.path.join(folder, os.listdir(folder)[0])


def version(command: str) -> str:
    """What the command says it is, which shows that it runs here."""
    try:
        done = subprocess.run(
            [command, "version", "--json"], capture_output=True, stdin=subprocess.DEVNULL, check=False
        )
        return str(json.loads(done.stdout)["version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Failure(f"{policy.COMMAND} does not run here: {error}", 3) from None


def fill(made: str, inputs: Inputs, channel: Channel) -> str:
    """Puts the command into the directory; its version."""
    wheel, release = inputs.path("wheel"), inputs.text("version")
    command = os.path.join(made, "bin", policy.COMMAND)
    if wheel and release:
        raise Failure("inputs version and wheel are both given: one of them decides")
    if release:
        wheel = released(release, made, channel)
    if wheel:
        if os.path.exists(wheel) and not os.path.isfile(wheel):
            raise Failure("input wheel names no file", 3)
        from_wheel(wheel, command)
    else:
        build.command(policy.ROOT, made, command, channel)
    return version(command)


def step(environ: Mapping[str, str], channel: Channel) -> int:
    inputs = Inputs(environ)
    add = inputs.flag("add-to-path")
    made = directory(environ)
    try:
        told = fill(made, inputs, channel)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    channel.output("directory", made)
    channel.output("tool-version", told)
    if add:
        channel.path(os.path.join(made, "bin"))
    return 0
