"""Roots of another Debian suite, to run what this system does not have. Only root may make and enter them."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile

from ci import pythons

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ci.runner.context import Context

PROGRAMS = ("debootstrap", "unshare", "chroot")
# A mount namespace of its own, so that nothing stays mounted whatever ends this. The folders are seen at their own
# paths in there; the network's settings and certificates are this system's.
ENTER = """
set -e
root=$1 here=$PWD; shift
while [ "$1" != -- ]; do
  mkdir -p "$root$1"; mount --bind "$1" "$root$1"; shift
done
shift
for each in /proc /dev; do mount --rbind "$each" "$root$each"; done
for each in /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/ssl/certs/ca-certificates.crt; do
  [ -f "$each" ] || continue
  mkdir -p "$root${each%/*}"
  [ -e "$root$each" ] || : >"$root$each"
  mount --bind "$each" "$root$each"
done
exec chroot "$root" /usr/bin/env HOME=/root sh -c 'cd "$1" && shift && exec "$@"' sh "$here" "$@"
"""


def obstacle() -> str:
    """Why no such root can be made or entered here; empty if one can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "only root on Linux may make and enter a root of Debian"
    missing = [program for program in PROGRAMS[1:] if shutil.which(program) is None]
    return f"{', '.join(missing)} is missing" if missing else ""


def packages(suite: str) -> list[str]:
    names = [f"python{name}" for name, its in pythons.DEBIAN_PYTHONS.items() if its == suite]
    return [*pythons.DEBIAN_PACKAGES, *(f"{name}{part}" for name in names for part in ("", "-dev", "-venv"))]


def _stamp(suite: str) -> str:
    return f"{suite} {' '.join(packages(suite))}\n"


def is_made(root: str, suite: str) -> bool:
    try:
        with open(os.path.join(root, "made"), encoding="utf-8") as file:
            return file.read() == _stamp(suite)
    except OSError:
        return False


def made(ctx: Context, root: str, suite: str) -> bool:
    """Makes the root unless it is there; whether it is there now. The log has what went wrong."""
    if is_made(root, suite):
        return True
    ctx.shared.provide(["debootstrap"])
    program = shutil.which("debootstrap")
    if program is None:
        return False
    ctx.shared.tell(f"making a root of Debian {suite} in {os.path.relpath(root, ctx.root)}: some minutes")
    shutil.rmtree(root, ignore_errors=True)
    include = ",".join(packages(suite))
    if ctx.run([program, "--variant=minbase", f"--include={include}", suite, root]).code:
        shutil.rmtree(root, ignore_errors=True)
        return False
    with open(os.path.join(root, "made"), "w", encoding="utf-8") as file:
        file.write(_stamp(suite))
    return True


def into(root: str, tree: str) -> list[str]:
    """What leads in a command line that is to run in there: in the same folder, with the tree and scratch files."""
    seen = dict.fromkeys((os.path.realpath(tree), os.path.realpath(tempfile.gettempdir())))
    return ["unshare", "--mount", "--", "sh", "-c", ENTER, "sh", root, *seen, "--"]
