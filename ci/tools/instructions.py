"""How many instructions pieces of work take, counted by callgrind: the same in every run, however busy the machine."""

from __future__ import annotations

import os
import platform
import re
import shutil

from ci import policy
from ci.runner.model import Broken, Finding, Skip
from ci.tools import native, system

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

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
# Work on documents of so many entries, for which `{}` stands, and how it ends.
SIZES = (20_000, 40_000, 80_000)
GROWING = (
    ("decode and encode", ["convert", "{}.manifest", "-o", "out"], 0),
    ("diff", ["diff", "{}.manifest", "{}.changed", "--quiet"], 0),
    ("2025-12-04-beta", ["convert", "{}.beta", "--format", "2025-12-04-beta", "-o", "out"], 0),
    ("merge", ["merge", "{}.manifest", "{}.changed", "-o", "out"], 0),
    ("verify", ["verify", "{}.manifest", "empty", "--quiet"], 1),
)
# The most that an entry beyond the second size may take, in terms of one between the first two.
STRAIGHT = 1.02


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


def beta(count: int) -> bytes:
    """The same kind of tree in the other format, whose paths refer to directories: one for ten files."""
    dirs = ['{"name":"assets"}', *(f'{{"name":"$0/seq{i:06}"}}' for i in range(count // 10))]
    files = [
        f'{{"hash":"{i:032x}","mtime":{_OLD * 10**6 + i},"name":"${i // 10 + 1}/frame_{i:07}.exr","size":1}}'
        for i in range(count)
    ]
    tail = f'"hashAlg":"xxh128","manifestVersion":"2025-12-04-beta","totalSize":{count}'
    return f'{{"dirs":[{",".join(dirs)}],"files":[{",".join(files)}],{tail}}}'.encode()


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
    documents.update((str(n), document(range(n))) for n in SIZES)
    for name, data in documents.items():
        _write(os.path.join(folder, f"{name}.manifest"), data)
    for n in SIZES:
        _write(os.path.join(folder, f"{n}.changed"), document(range(n), changed=100))
        _write(os.path.join(folder, f"{n}.beta"), beta(n))
    os.mkdir(os.path.join(folder, "empty"))
    _write(os.path.join(folder, "large"), bytes(range(256)) * (4 << 12))
    ctx.must([command, "snapshot", "tree", "-o", "tree.manifest", "--index", "tree.index"], cwd=folder)
    return folder


class Counter:
    """Counts what the command of the release build takes on one processor, in a folder made for it."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._command = os.path.join(native.built(ctx, "release"), "libs", "cli", policy.COMMAND)
        self._folder = prepare(ctx, self._command)
        self._processor = str(min(os.sched_getaffinity(0)))

    def _count(self, words: Sequence[str], code: int = 0) -> int:
        options = ["--tool=callgrind", f"--callgrind-out-file={os.devnull}"]
        argv = ["taskset", "-c", self._processor, "valgrind", *options, self._command, *words]
        done = self._ctx.run(argv, cwd=self._folder, env={"LC_ALL": "C"})
        if done.code != code:
            raise Broken([self._ctx.failure(done)])
        return int(_COLLECTED.findall(done.text)[0])

    def fixed(self) -> dict[str, int]:
        return {name: self._count(words) for name, words in WORK}

    def growing(self) -> dict[str, list[int]]:
        """Work -> its count for each of SIZES."""
        return {
            name: [self._count([word.format(n) for word in words], code) for n in SIZES]
            for name, words, code in GROWING
        }


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


def update(ctx: Context, key: str) -> None:
    """Records what this toolchain takes."""
    record = written(ctx.tree.text(RECORD), key, Counter(ctx).fixed())
    with open(ctx.path(RECORD), "w", encoding="utf-8") as file:
        file.write(record)


def elsewhere(sections: dict[str, dict[str, tuple[int, int]]], key: str) -> dict[str, tuple[int, int]]:
    """For a toolchain that has no section: what others on this kind of machine take at most."""
    machine = key.partition(",")[0]
    near = [section for name, section in sections.items() if name.partition(",")[0] == machine]
    return {work: max(section[work] for section in near if work in section) for section in near for work in section}


def recorded(ctx: Context, key: str) -> tuple[dict[str, tuple[int, int]], float]:
    """The counts to hold others against, and by how much more is allowed: Skip where there are none."""
    records = "./ci.sh instructions -- --update records them"
    sections = read(ctx.tree.text(RECORD))
    if key in sections:
        return sections[key], policy.INSTRUCTIONS_TOLERANCE
    near = elsewhere(sections, key)
    if not near:
        raise Skip(f"no counts are recorded for {key}, nor for others of its kind ({records})")
    more = policy.INSTRUCTIONS_ELSEWHERE
    ctx.note(f"no counts are recorded for {key}: {more:.0%} more than with others is allowed ({records})")
    return near, more


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


def bent(counted: dict[str, list[int]]) -> list[Finding]:
    """Work that takes more for each entry, the more entries there are."""
    findings = []
    few, some, many = SIZES
    for name, (first, second, third) in counted.items():
        times = (third - second) / (many - some) / ((second - first) / (some - few))
        if times > STRAIGHT:
            message = f"{name}: an entry takes {times:.2f} times as much among {many} as among {some}"
            findings.append(Finding(message, RECORD, 1))
    return findings
