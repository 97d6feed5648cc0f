"""Reads a wheel as a stranger would: names, RECORD, tags, modes, the kind of each binary."""

from __future__ import annotations

import base64
import csv
import hashlib
import os
import stat
import zipfile

from ci import policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Wheel:
    """A wheel file, opened."""

    def __init__(self, path: str) -> None:
        self.name = os.path.basename(path)
        parts = self.name[: -len(".whl")].split("-")
        self.stem = "-".join(parts[:2])
        self.tags = {
            f"{python}-{abi}-{platform}"
            for python in parts[-3].split(".")
            for abi in parts[-2].split(".")
            for platform in parts[-1].split(".")
        }
        self.abi = parts[-2]
        with zipfile.ZipFile(path) as archive:
            self.infos = {info.filename: info for info in archive.infolist()}
            self.doubled = len(archive.infolist()) - len(self.infos)
            self.content = {name: archive.read(name) for name in self.infos}

    def text(self, name: str) -> str:
        return self.content.get(name, b"").decode("utf-8", "replace")


def expected(wheel: Wheel, sources: Iterable[str]) -> set[str]:
    """The names that a wheel of these package files holds, and no other."""
    suffix = ".abi3.so" if "abi3" in wheel.abi else None
    names = {path[len("src/") :] for path in sources}
    names |= {f"{wheel.stem}.data/scripts/{policy.COMMAND}"}
    names |= {f"{wheel.stem}.dist-info/{name}" for name in policy.DIST_INFO}
    module = f"{policy.PACKAGE}/_native"
    if suffix:
        return names | {module + suffix}
    found = [n for n in wheel.content if n.startswith(module + ".cpython-") and n.endswith(".so")]
    return names | set(found[:1] or [module + ".cpython-*.so"])


def faults(wheel: Wheel, sources: Iterable[str]) -> Iterator[str]:
    """All that is wrong with a wheel, in words."""
    wanted = expected(wheel, sources)
    yield from (f"{name} is missing" for name in sorted(wanted - set(wheel.content)))
    yield from (f"{name} does not belong" for name in sorted(set(wheel.content) - wanted))
    if wheel.doubled:
        yield f"{wheel.doubled} names are there twice"
    yield from _record_faults(wheel)
    said = {
        line.partition(": ")[2]
        for line in wheel.text(f"{wheel.stem}.dist-info/WHEEL").splitlines()
        if line.startswith("Tag: ")
    }
    if said != wheel.tags:
        yield f"WHEEL says {sorted(said)}, the file name {sorted(wheel.tags)}"
    yield from _binary_faults(wheel)


def _record_faults(wheel: Wheel) -> Iterator[str]:
    record = f"{wheel.stem}.dist-info/RECORD"
    rows = {row[0]: row[1:] for row in csv.reader(wheel.text(record).splitlines()) if row}
    for name in sorted(set(rows) - set(wheel.content)):
        yield f"RECORD lists {name}, which is not there"
    for name, content in sorted(wheel.content.items()):
        if name == record:
            continue
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        if rows.get(name) != [f"sha256={digest}", str(len(content))]:
            yield f"RECORD does not hold the hash and size of {name}"


def _binary_faults(wheel: Wheel) -> Iterator[str]:
    machines = set()
    for name, content in sorted(wheel.content.items()):
        mode = stat.S_IMODE(wheel.infos[name].external_attr >> 16)
        command = name.endswith(f".data/scripts/{policy.COMMAND}")
        if command or name.endswith(".so"):
            if content[:4] != b"\x7fELF":
                yield f"{name} is not an ELF file"
            machines.add(content[18:20])
        if command and mode != 0o755:
            yield f"{name} has mode {mode:04o}, not 0755"
        if not command and not name.endswith(".so") and mode not in (0o644, 0o664):
            yield f"{name} has mode {mode:04o}, not 0644"
        if command and b".symtab\0" in content:
            yield f"{name} is not stripped"
    if len(machines) > 1:
        yield "binaries are for different machines"
