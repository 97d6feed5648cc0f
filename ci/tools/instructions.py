"""How many instructions fixed pieces of work take, counted by callgrind: the same in every run, however busy the machine."""

from __future__ import annotations

import os
import platform
import re
import shutil

from ci import policy
from ci.runner.model import Finding
from ci.tools import native, system

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ci.runner.context import Context

RECORD = "benchmarks/instructions.txt"
HEAD = """\
# Instructions that `template-cli` takes for fixed pieces of work, as callgrind counts them. A section for each toolchain;
# `./ci.sh instructions -- --update` writes that of the one it runs with.
"""
_COLLECTED = re.compile(r"^==\d+== Collected\s*: (\d+)$", re.M)
_OLD = 1_600_000_000
_FILES, _ENTRIES = 2000, 10_000
# Name, and arguments of the command in a folder that `prepare` made.
WORK = (
    ("start-up", ["--version"]),
    ("scan", ["snapshot", "tree", "-j1", "-o", "out"]),
    ("rescan with a base", ["snapshot", "tree", "-j1", "--base", "tree.manifest", "-o", "out"]),
    ("rescan with an index", ["snapshot", "tree", "-j1", "--index", "tree.index", "-o", "out"]),
    ("verify", ["verify", "tree.manifest", "tree", "-j1", "--quiet"]),
    ("decode and fingerprint", ["inspect", "old.manifest"]),
    ("decode any order, sort, encode", ["convert", "reversed.manifest", "-o", "out"]),
    ("decode loose text", ["convert", "loose.manifest", "-o", "out"]),
    ("diff", ["diff", "old.manifest", "new.manifest", "--quiet"]),
    ("hash", ["hash", "large"]),
)


def toolchain(ctx: Context) -> str:
    """What the counts hang on: the machine's kind, the compiler, the C library and valgrind."""
    compiler = named(ctx.must([system.compiler() or "cc", "--version"]))
    valgrind = ctx.must(["valgrind", "--version"]).strip()
    return ", ".join([platform.machine(), compiler, " ".join(platform.libc_ver()), valgrind])


def named(said: str) -> str:
    """A compiler by what it says of its version: who made it counts, which package of theirs it is does not."""
    return re.sub(r"\((\S+) [^)]*\)", r"(\1)", said.splitlines()[0])


def _write(path: str, data: bytes) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)
    os.utime(path, (_OLD, _OLD))


def document(numbers: range, changed: int = 0, comma: str = ",") -> bytes:
    """A manifest with these entries; every so many of them have another hash."""
    entries = [
        f'{{"hash":"{(i * 0x9E3779B97F4A7C15F39CC0605CEDC835 + (changed > 0 and i % changed == 0)) % 2**128:032x}",'
        f'"mtime":{_OLD * 10**6 + i},"path":"assets/seq{i // 100:04}/frame_{i:07}.exr","size":{i * 37}}}'
        for i in numbers
    ]
    total = sum(i * 37 for i in numbers)
    head = '{"hashAlg":"xxh128","manifestVersion":"2023-03-03","paths":['
    return f'{head}{comma.join(entries)}],"totalSize":{total}}}'.encode()


def prepare(ctx: Context, command: str) -> str:
    """The folder with all that the work needs, made anew."""
    folder = ctx.scratch("instructions")
    shutil.rmtree(folder)
    for i in range(_FILES):
        _write(os.path.join(folder, "tree", f"d{i % 20:02}", f"file_{i:05}.bin"), bytes([i % 251]) * 1000)
    documents = {
        "old": document(range(_ENTRIES)),
        "new": document(range(_ENTRIES), changed=100),
        "reversed": document(range(_ENTRIES - 1, -1, -1)),
        "loose": document(range(_ENTRIES), comma=", "),
    }
    for name, data in documents.items():
        _write(os.path.join(folder, f"{name}.manifest"), data)
    _write(os.path.join(folder, "large"), bytes(range(256)) * (4 << 12))
    ctx.must([command, "snapshot", "tree", "-o", "tree.manifest", "--index", "tree.index"], cwd=folder)
    return folder


def counts(ctx: Context) -> dict[str, int]:
    command = os.path.join(native.built(ctx, "release"), "libs", "cli", policy.COMMAND)
    folder = prepare(ctx, command)
    options = ["--tool=callgrind", f"--callgrind-out-file={os.devnull}"]
    found = {}
    for name, words in WORK:
        text = ctx.must(["valgrind", *options, command, *words], cwd=folder, env={"LC_ALL": "C"})
        found[name] = int(_COLLECTED.findall(text)[0])
    return found


def read(text: str) -> dict[str, dict[str, tuple[int, int]]]:
    """Toolchain -> work -> its count and the line that says so."""
    sections: dict[str, dict[str, tuple[int, int]]] = {}
    section: dict[str, tuple[int, int]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            name, count = line.rsplit(" ", 1)
            section[name.rstrip()] = (int(count), number)
    return sections


def written(text: str, key: str, found: dict[str, int]) -> str:
    """The record with one toolchain's section replaced."""
    sections = {name: {work: n for work, (n, _) in section.items()} for name, section in read(text).items()}
    sections[key] = found
    parts = [HEAD]
    for name in sorted(sections):
        lines = [f"{work:32} {count}\n" for work, count in sections[name].items()]
        parts.append(f"\n[{name}]\n" + "".join(lines))
    return "".join(parts)


def elsewhere(sections: dict[str, dict[str, tuple[int, int]]], key: str) -> dict[str, tuple[int, int]]:
    """For a toolchain that has no section: what others on this kind of machine take at most."""
    machine = key.partition(",")[0]
    near = [section for name, section in sections.items() if name.partition(",")[0] == machine]
    return {work: max(section[work] for section in near if work in section) for section in near for work in section}


def judge(
    found: dict[str, int], recorded: dict[str, tuple[int, int]], tolerance: float = policy.INSTRUCTIONS_TOLERANCE
) -> tuple[list[Finding], list[str]]:
    """What takes more than was recorded, or was not; and, as notes, what takes clearly less."""
    findings: list[Finding] = []
    notes: list[str] = []
    for name, count in found.items():
        then, line = recorded.get(name, (0, 1))
        if then == 0:
            findings.append(Finding(f"{name}: there is no count (./ci.sh instructions -- --update)", RECORD, line))
        elif count > then * (1 + tolerance):
            more = (count / then - 1) * 100
            findings.append(Finding(f"{name}: {count} instructions, {more:.1f} % more than recorded", RECORD, line))
        elif count < then * (1 - tolerance):
            notes.append(f"{name} {(1 - count / then) * 100:.0f} % less")
    return findings, notes
