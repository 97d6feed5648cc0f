"""Holds the binaries of a wheel against its tags: their form, what they ask of Python, and what they show."""

from __future__ import annotations

import os

from ci import policy
from ci.runner.model import Finding, Skip
from ci.tools import images, stable
from ci.tools.elf import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ci.tools.images import Image
    from ci.tools.wheelfile import Wheel


def abis(held: Wheel) -> list[str]:
    """The stable ABIs that a wheel's tag promises."""
    return [abi for abi in held.abi.split(".") if abi in stable.ABIS]


def hooks(promised: Sequence[str]) -> list[str]:
    return [policy.HOOKS[abi] for abi in promised if abi in policy.HOOKS] or [policy.HOOK]


def binaries(held: Wheel, table: Callable[[], stable.Table]) -> Iterator[Finding]:
    """Findings of a wheel's two binaries; `table` is asked for only when a tag promises a stable ABI."""
    if held.module not in held.content:
        yield Finding(f"{held.module} is missing: the tag is {held.python}-{held.abi}", held.name)
        return
    for name, judge in ((held.module, _module_faults), (held.command, _command_faults)):
        content = held.content.get(name)
        try:
            faults = list(dict.fromkeys(judge(held, table, content))) if content is not None else ["is missing"]
        except Unreadable as error:
            faults = [str(error)]
        yield from (Finding(fault, os.path.join(held.name, name)) for fault in faults)


def _images(held: Wheel, content: bytes) -> list[Image]:
    found = images.read(content)
    form = next((form for start, form in policy.FORMS.items() if held.platform.startswith(start)), "none we know")
    if images.form(content) != form:
        raise Unreadable(f"is of the form {images.form(content)}, for {held.platform} it is {form}")
    return found


def _module_faults(held: Wheel, table: Callable[[], stable.Table], content: bytes) -> Iterator[str]:
    promised = abis(held)
    for image in _images(held, content):
        if promised:
            oldest, known = stable.floor(held.python), table()
            missing = stable.unjudged(oldest, known)
            if missing:
                raise Skip(missing)
            yield from stable.import_faults(image, oldest, known, promised)
        yield from stable.library_faults(image, held.python, promised)
        yield from stable.export_faults(image, hooks(promised))


def _command_faults(held: Wheel, table: Callable[[], stable.Table], content: bytes) -> Iterator[str]:
    for image in _images(held, content):
        yield from stable.export_faults(image, ())


def sources(held: Wheel, cmake: str, text: str, commands: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Findings of how the extension is compiled: what CMake's file says, and the command of each source."""
    oldest = stable.floor(held.python)
    for abi in abis(held):
        yield from (Finding(fault, cmake, line) for line, fault in stable.definition_faults(text, oldest, abi))
        for path, words in sorted(commands.items()):
            fault = stable.command_fault(words, oldest, abi)
            if fault:
                yield Finding(fault, path, 1)
