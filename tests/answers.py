"""What a command answers to many questions, the same on every machine: gate `sameness` compares builds by it.

`answers.py --to FILE FOLDER COMMAND [WORD...]` writes a JSON object, from each question to exit code, output and complaint.
FOLDER is given its tree by the first call, and is where an index stays that the next call finds.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hostile
import trees

DATA = Path(__file__).parent / "data"
BETA = ["--format", "2025-12-04-beta"]
SIZES = (0, 1, 3, 4, 8, 9, 16, 17, 128, 129, 240, 241, 512, 1023, 1024, 1025, 65_536, 262_145, 1_048_577)
NAMES = [
    "caf\u00e9",
    "cafe\u0301",
    "\U0001f600",
    "\uffee",
    "\ue000",
    "z\x7f\x01\n\"\\'",
    "caf\udce9",
    "\udc80\udcff",
    "~",
    "-x",
]
RECIPE = {
    "entries": [
        *({"path": f"sizes/{size}", "content": {"sha256ctr": [str(size), size]}} for size in SIZES),
        *({"path": name, "content": name.encode("utf-8", "surrogateescape").hex()} for name in NAMES),
        *({"path": f"many/{i % 37:02}/{i:04}", "content": str(i), "mtime_ns": i * 10**15} for i in range(400)),
        {"path": "d/" * 60 + "f", "content": "deep"},
        {"path": "run", "content": "#!/bin/sh", "mode": "755"},
        {"path": "link", "type": "symlink", "target": "run"},
        {"path": "many/link", "type": "symlink", "target": "../sizes/1"},
        {"path": "before", "content": "1970", "mtime_ns": -1500},
    ]
}


def questions():
    """Labels, and the words of commands that write nothing."""
    rows = {f"snapshot, {jobs} readers": ["snapshot", "tree", "-j", str(jobs)] for jobs in (0, 1, 2, 7, 64)}
    rows["snapshot as the reference"] = ["snapshot", "tree", "--compat", "deadline"]
    for way in ("follow", "keep", "skip"):
        rows[f"snapshot of the newer format, links: {way}"] = ["snapshot", "tree", *BETA, "--symlinks", way]
    rows["filters"] = ["snapshot", "tree", "--include", "**/*[0-4]", "--exclude", "many/1?/**"]
    rows["hashes"] = ["hash", *(f"tree/sizes/{size}" for size in SIZES)]
    for path in sorted((DATA / "vectors" / "files").glob("*.json")):
        if ".tree." not in path.name:
            rows[f"vector {path.name}"] = ["convert", str(path)]
            rows[f"vector {path.name} in the newer format"] = ["convert", str(path), *BETA]
    return rows


def answer(command, words, folder):
    done = subprocess.run([*command, *words], cwd=folder, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    shown = done.stdout.decode("utf-8", "backslashreplace")
    said = shown if len(shown) < 200 else hashlib.sha256(done.stdout).hexdigest()
    return [done.returncode, said, done.stderr.decode("utf-8", "backslashreplace")]


def steps(command, folder):
    """What hangs on what was written before."""
    found = {}

    def ask(label, *words, complaint=True):
        found[label] = answer(command, [*words], folder)[: 3 if complaint else 2]

    ask("manifest", "snapshot", "tree", "-o", "m")
    ask("newer manifest", "snapshot", "tree", *BETA, "--symlinks", "keep", "-o", "n")
    ask("inspect", "inspect", "m", "--entries", "--json")
    ask("inspect the newer one", "inspect", "n", "--entries", "--json")
    ask("verify", "verify", "m", "tree", "--strict", "--symlinks", "follow", "--json")
    ask("diff", "diff", "n", str(DATA / "fuzz" / "decode" / "beta-example.json"), "--json")
    ask("diff as a manifest", "diff", "--as-manifest", "m", str(DATA / "vectors" / "files" / "dec-canonical.in.json"))
    ask("merge", "merge", "m", str(DATA / "vectors" / "files" / "dec-canonical.in.json"))
    for label in ("index", "index, again"):
        ask(label, "snapshot", "tree", "--index", "i", "-o", "m2", "--json")
        ask(f"{label}: manifest", "hash", "m2")
    (folder / "i").rename(folder / "index")
    if (folder / "index of another").exists():
        shutil.copy(folder / "index of another", folder / "j")
    ask("index of another build", "snapshot", "tree", "--index", "j", complaint=False)
    shutil.move(folder / "index", folder / "index of another")
    for path in [folder / name for name in ("j", "m", "m2", "n")]:
        path.unlink()
    return found


def cases(command, folder):
    """Verdicts on hostile manifests; the long ones are left to the machine that is there."""
    short = [case for case in hostile.load() if len(case.text) < 20_000]

    def verdict(case):
        path = folder / f"case{case.line}"
        path.write_bytes(case.text)
        said = answer(command, ["inspect", "--json", path.name], folder)
        path.unlink()
        return f"{case.section}: {case.name}", said

    with ThreadPoolExecutor(2) as pool:
        return dict(pool.map(verdict, short))


def main():
    out, folder, *command = sys.argv[2:]
    folder = Path(folder)
    if not (folder / "tree").exists():
        Path(trees.build(RECIPE, str(folder))).rename(folder / "tree")
    found = {label: answer(command, words, folder) for label, words in questions().items()}
    Path(out).write_text(json.dumps({**found, **steps(command, folder), **cases(command, folder)}))


if __name__ == "__main__":
    main()
