"""What a wheel's ELF files have to be: for the machine and the libraries that the tag names, hardened, stripped."""

from __future__ import annotations

import re

from ci import policy
from ci.runner.tree import matcher
from ci.tools.elf import DYN, EXECUTE, LOAD, RELRO, STACK, WRITE, Elf, Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_LIBRARIES = {start: matcher(names) for start, names in policy.LIBRARIES.items()}
_DEBUG = re.compile(r"\.symtab|\.z?debug_.*")
_FORTIFIED = re.compile(r"__(?!stack_)\w+_chk")


def faults(content: bytes, platform: str, is_command: bool) -> Iterator[str]:
    """What is wrong with one of them, in words that follow its name."""
    try:
        elf = Elf(content)
    except Unreadable as error:
        yield str(error)
        return
    yield from _machine(elf, platform)
    yield from _libraries(elf, platform)
    yield from _floor(elf, platform)
    yield from _hardening(elf, is_command)
    if any(_DEBUG.fullmatch(name) for name in elf.sections):
        yield "is not stripped"


def _machine(elf: Elf, platform: str) -> Iterator[str]:
    wanted = next((m for name, m in policy.MACHINES.items() if platform.endswith("_" + name)), None)
    if wanted is None:
        yield f"is for a machine that no policy knows ({platform})"
    elif elf.machine != wanted:
        yield f"is for machine {elf.machine}, the tag says {platform}"


def _libraries(elf: Elf, platform: str) -> Iterator[str]:
    known = next((names for start, names in _LIBRARIES.items() if platform.startswith(start)), matcher(()))
    for name in elf.needed:
        if not known.fullmatch(name):
            yield f"needs {name}, which a user may not have"
    if elf.has_run_path:
        yield "looks for libraries in a folder of the machine that built it (run path)"


def limit(platform: str) -> tuple[int, ...]:
    """The newest glibc that a wheel for this platform may ask for; empty where there is none."""
    named = re.match(r"manylinux_(\d+)_(\d+)_", platform)
    if named:
        return (int(named[1]), int(named[2]))
    return policy.GLIBC.get(platform.partition("_")[0], ())


def _floor(elf: Elf, platform: str) -> Iterator[str]:
    most = limit(platform)
    for version in sorted(set(elf.versions.values())):
        library, _, digits = version.partition("_")
        for_whom = ", ".join(sorted(s.name for s in elf.symbols if s.version == version)[:3]) or "nothing in particular"
        if library == "GLIBC" and not re.fullmatch(r"[\d.]+", digits):
            yield f"asks for {version} (for {for_whom}), which is no release"
        elif library == "GLIBC" and tuple(map(int, digits.split("."))) > most:
            yield f"asks for glibc {digits} (for {for_whom}), {platform} allows {'.'.join(map(str, most)) or 'none'}"


def _hardening(elf: Elf, is_command: bool) -> Iterator[str]:
    if elf.type != DYN or (is_command and not elf.is_pie):
        yield "is not position-independent"
    if not elf.flags_of(RELRO):
        yield "has no RELRO segment"
    if not elf.binds_now:
        yield "binds lazily (no BIND_NOW)"
    if not elf.flags_of(STACK) or any(flags & EXECUTE for flags in elf.flags_of(STACK)):
        yield "has an executable stack"
    if any(flags & WRITE and flags & EXECUTE for flags in elf.flags_of(LOAD)):
        yield "has memory that can be written to and executed"
    if elf.relocates_text:
        yield "relocates its code"
    if elf.is_static:  # nothing is asked of a library then, so its symbols do not tell
        return
    if "__stack_chk_fail" not in elf.wanted:
        yield "is compiled without stack protectors"
    if any(s.version.startswith("GLIBC_") for s in elf.symbols) and not any(map(_FORTIFIED.fullmatch, elf.wanted)):
        yield "is compiled without _FORTIFY_SOURCE"
