"""The table of hostile manifests, `data/hostile/manifests.txt`, which says itself how it is written.

`python3 tests/hostile.py --update COMMAND` writes into it what the command made of each case.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections import namedtuple
from pathlib import Path

TABLE = Path(__file__).parent / "data" / "hostile" / "manifests.txt"
Case = namedtuple("Case", "section name text verdict line")
PIECES = {}  # filled by load()
TOKEN = re.compile(rb"%(?:(@)|(#)|\{(\w+)\}|\((\d+)\*|([0-9A-F]{2}))|([)])|([^%)]+)")


def expand(text, pieces, slot=b"", number=0):
    """The bytes that a text stands for."""
    out, end = _expand(text, 0, pieces, slot, number)
    assert end == len(text), text[end:]
    return out


def _expand(text, at, pieces, slot, number, inside=False):
    out = []
    while at < len(text):
        found = TOKEN.match(text, at)
        assert found, text[at : at + 20]
        begin, at = at, found.end()
        here, count, name, times, byte, close, plain = found.groups()
        if times:
            stretch, after = b"", at
            for i in range(int(times)):
                if i > 0 and b"%#" not in text[at:after]:
                    out.append(stretch * (int(times) - i))
                    break
                stretch, after = _expand(text, at, pieces, slot, i, inside=True)
                out.append(stretch)
            if int(times) == 0:
                after = _expand(text, at, pieces, slot, 0, inside=True)[1]
            assert text[after : after + 1] == b")", text[begin:after]
            at = after + 1
        elif close and inside:
            return b"".join(out), begin
        else:
            out.append(
                plain
                or close
                or (slot if here else b"")
                or (b"%d" % number if count else b"")
                or (expand(pieces[name], pieces) if name else b"")
                or (bytes([int(byte, 16)]) if byte else b"")
            )
    return b"".join(out), at


def load():
    """All cases, in order."""
    pieces, cases, frame, section = PIECES, [], b"", ""
    lines = TABLE.read_bytes().split(b"\n")
    for number, line in enumerate(lines, 1):
        if line.startswith(b"%{"):
            name, _, text = line[2:].partition(b"} ")
            pieces[name] = text
        elif line.startswith(b"["):
            section, _, frame = line[1:].decode().partition("] ")
            frame = frame.encode()
        elif b"\t" in line.lstrip(b"#\t") and not line.startswith((b"#", b"\t")):
            name, _, text = line.partition(b"\t")
            verdict = lines[number][1:].decode() if lines[number].startswith(b"\t") else ""
            whole = expand(frame, pieces, expand(text, pieces))
            cases.append(Case(section, name.decode(), whole, verdict, number))
    return cases


def command_verdict(command, text, folder, **options):
    """What the command makes of a document: its verdict in the table's form. `folder` takes the document and a tree."""
    path, tree = Path(folder, "manifest"), Path(folder, "tree")
    path.write_bytes(text)
    tree.mkdir(exist_ok=True)

    def run(*words):
        done = subprocess.run([*command, *words, "--json"], capture_output=True, stdin=subprocess.DEVNULL, **options)
        assert done.returncode in (0, 1, 4), (done.returncode, done.stderr)
        return json.loads(done.stdout)

    said = run("inspect", str(path))
    if "status" in said:
        return f"{said['status']} {said['message']}"
    form = ["--format", said["version"], "-o", str(Path(folder, "canonical"))]
    canonical = said if said["canonical"] else run("convert", str(path), *form)
    checked = run("verify", "-j1", str(path), str(tree))
    refused = f" {checked['status']} {checked['message']}" if "status" in checked else ""
    return f"taken {said['fileCount']} {canonical['manifestHash']}{refused}"


def update(command):
    lines = TABLE.read_text(encoding="ascii").split("\n")
    with tempfile.TemporaryDirectory() as folder:
        for case in reversed(load()):
            verdict = "\t" + command_verdict([command], case.text, folder)
            if lines[case.line].startswith("\t"):
                lines[case.line] = verdict
            else:
                lines.insert(case.line, verdict)
    TABLE.write_text("\n".join(lines), encoding="ascii")


if __name__ == "__main__":
    if sys.argv[1:2] != ["--update"] or len(sys.argv) != 3:
        sys.exit("usage: python3 tests/hostile.py --update COMMAND")
    update(sys.argv[2])
