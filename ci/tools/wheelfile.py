"""Reads a wheel as a stranger would: form, names, RECORD, tags, modes, licences, and each binary."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
import re
import stat
import struct
import zipfile
import zlib
from email.parser import HeaderParser

from ci import policy
from ci.tools import binaries, zipform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from email.message import Message

# What zipfile raises over a damaged file.
UNPACKING = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError)


class Wheel:
    """A wheel file, opened."""

    def __init__(self, path: str) -> None:
        self.name = os.path.basename(path)
        parts = self.name[: -len(".whl")].split("-")
        self.stem = "-".join(parts[:2])
        self.python, self.abi, self.platform = parts[-3:]
        self.tags = {
            f"{python}-{abi}-{platform}"
            for python in self.python.split(".")
            for abi in self.abi.split(".")
            for platform in self.platform.split(".")
        }
        with zipfile.ZipFile(path) as archive:
            self.infos = {info.filename: info for info in archive.infolist()}
            self.content = {name: archive.read(name) for name in self.infos}

    def headers(self, name: str) -> Message:
        """A file of dist-info that is made of headers."""
        text = self.content.get(f"{self.stem}.dist-info/{name}", b"").decode("utf-8", "replace")
        return HeaderParser().parsestr(text)

    @property
    def module(self) -> str:
        """The name that the module has in a wheel of these tags."""
        abis = self.abi.split(".")
        start = f"{policy.PACKAGE}/_native"
        known = next((f".{abi}.so" for abi in ("abi3t", "abi3") if abi in abis), None)
        if self.windows:
            return start + (".pyd" if known else f".{abis[0]}-{self.platform}.pyd")
        if known:
            return start + known
        fits = re.compile(re.escape(f"{start}.cpython-{abis[0][2:]}-") + r"[\w-]+\.so")
        return next(
            (name for name in sorted(self.content) if fits.fullmatch(name)), f"{start}.cpython-{abis[0][2:]}-*.so"
        )

    @property
    def windows(self) -> bool:
        return self.platform.startswith("win")

    @property
    def command(self) -> str:
        return f"{self.stem}.data/scripts/{policy.COMMAND}" + (".exe" if self.windows else "")


class Demands:
    """What a wheel is held against: package files, licences by name, the licence's expression, the checkout's path."""

    def __init__(self, sources: Iterable[str], licences: Mapping[str, bytes], expression: str, root: str) -> None:
        self.sources = list(sources)
        self.licences = licences
        self.expression = expression
        self.root = root


def expression(pyproject: str) -> str:
    """The licence that the project has, as pyproject.toml says."""
    found = re.search(r'^license = "(.+)"$', pyproject, re.M)
    return found[1] if found else ""


def faults(path: str, demands: Demands) -> list[str]:
    """All that is wrong with a wheel, in words."""
    with open(path, "rb") as file:
        content = file.read()
    found = list(zipform.faults(content))
    if len(content) > policy.WHEEL_BYTES:
        found.append(f"has {len(content)} bytes, the budget is {policy.WHEEL_BYTES}")
    if not re.fullmatch(policy.WHEEL_NAME, os.path.basename(path)):
        return [*found, "is not named as a wheel of this package"]
    try:
        wheel = Wheel(path)
    except UNPACKING as error:
        return [*found, f"cannot be unpacked: {error}"]
    for part in (_name_faults, _mode_faults, _licence_faults, _path_faults):
        found += part(wheel, demands)
    return [*found, *_order_faults(wheel), *_record_faults(wheel), *_tag_faults(wheel), *_binary_faults(wheel)]


def expected(wheel: Wheel, demands: Demands) -> set[str]:
    """The names that a wheel of these package files holds, and no other."""
    names = {path[len("src/") :] for path in demands.sources} | {wheel.module, wheel.command}
    names |= {f"{wheel.stem}.dist-info/{name}" for name in policy.DIST_INFO}
    return names | {f"{wheel.stem}.dist-info/licenses/{name}" for name in demands.licences}


def _name_faults(wheel: Wheel, demands: Demands) -> Iterator[str]:
    wanted = expected(wheel, demands)
    yield from (f"{name} is missing" for name in sorted(wanted - set(wheel.content)))
    yield from (f"{name} does not belong" for name in sorted(set(wheel.content) - wanted))


def _order_faults(wheel: Wheel) -> Iterator[str]:
    """Members by name, folder by folder, with RECORD at the end: the order in which they were found does not show."""
    there = list(wheel.infos)
    wanted = sorted(there, key=lambda name: (name.endswith(".dist-info/RECORD"), name.split("/")))
    yield from (f"{name} is not in its place: {due} is due" for name, due in zip(there, wanted) if name != due)


def _mode_faults(wheel: Wheel, demands: Demands) -> Iterator[str]:
    for name, info in sorted(wheel.infos.items()):
        mode = info.external_attr >> 16
        allowed = (0o755,) if name == wheel.command else (0o644, 0o755) if name == wheel.module else (0o644,)
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            yield f"{name} is not a plain file"
        if stat.S_IMODE(mode) not in allowed:
            yield f"{name} has mode {stat.S_IMODE(mode):04o}, not {allowed[0]:04o}"


def _licence_faults(wheel: Wheel, demands: Demands) -> Iterator[str]:
    metadata = wheel.headers("METADATA")
    if metadata.get("License-Expression") != demands.expression:
        yield f"METADATA has the licence {metadata.get('License-Expression')}, the project {demands.expression}"
    if sorted(metadata.get_all("License-File", [])) != sorted(demands.licences):
        yield f"METADATA does not list the licence files {', '.join(sorted(demands.licences))}"
    for name, text in sorted(demands.licences.items()):
        held = wheel.content.get(f"{wheel.stem}.dist-info/licenses/{name}")
        if held is not None and held != text:
            yield f"the licence {name} is not the project's"


def _path_faults(wheel: Wheel, demands: Demands) -> Iterator[str]:
    for name, content in sorted(wheel.content.items()):
        if os.fsencode(demands.root) in content:
            yield f"{name} holds the path of the folder that it was built in"


def _record_faults(wheel: Wheel) -> Iterator[str]:
    record = f"{wheel.stem}.dist-info/RECORD"
    text = wheel.content.get(record, b"").decode("utf-8", "replace")
    listed = [row for row in csv.reader(io.StringIO(text)) if row]
    rows = {row[0]: row[1:] for row in listed}
    if len(rows) != len(listed):
        yield "RECORD lists a name twice"
    for name in sorted(set(rows) - set(wheel.content)):
        yield f"RECORD lists {name}, which is not there"
    for name, content in sorted(wheel.content.items()):
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        wanted = ["", ""] if name == record else [f"sha256={digest}", str(len(content))]
        if rows.get(name) != wanted:
            yield f"RECORD does not hold the hash and size of {name}"


def _tag_faults(wheel: Wheel) -> Iterator[str]:
    head, metadata = wheel.headers("WHEEL"), wheel.headers("METADATA")
    said = set(head.get_all("Tag", []))
    if said != wheel.tags:
        yield f"WHEEL says {sorted(said)}, the file name {sorted(wheel.tags)}"
    if head.get("Root-Is-Purelib") != "false":
        yield "WHEEL does not say that it is for one platform"
    called = f"{re.sub(r'[-_.]+', '_', metadata.get('Name', '')).lower()}-{metadata.get('Version')}"
    if called != wheel.stem:
        yield f"METADATA is of {called}, the file name of {wheel.stem}"


def _binary_faults(wheel: Wheel) -> Iterator[str]:
    for name in (wheel.command, wheel.module):
        for platform in wheel.platform.split(".") if name in wheel.content else ():
            for fault in binaries.faults(wheel.content[name], platform, name == wheel.command):
                yield f"{name} {fault}"
