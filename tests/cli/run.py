#!/usr/bin/env python3
"""Runs the command's golden tests: the cases of the *.test files beside this one, or of those named.

    run.py [--update] [-k TEXT] [--without TEXT]... [BINARY] [FILE...]

BINARY is the command under test; without it, the environment variable TEMPLATE_CLI names it. --update writes what the
command did into the files instead of comparing. A file holds cases:

    # a comment
    == what the case shows, and its name
    file d/a hello\\n
    $ template-cli hash d/a
    | 2c1b5eb2a1d4f8a4a0b1d5f6c7e8f901  d/a
    $ template-cli hash nope
    ! template-cli: nope: no such file or directory
    = 3

`|` is a line of standard output, `!` one of standard error, `=` the exit code when it is not 0. A last line that has no
newline begins with `|-`. Each case has an empty directory of its own, made by the lines before its commands:

    dir PATH             link PATH TARGET     fifo PATH     socket PATH     copy PATH FROM (a file beside the case file)
    file PATH [CONTENT]  chain DIR N NAME*K   mode PATH OCTAL               mtime PATH NANOSECONDS

A chain is N directories, each in the one before and named NAME K times over, with a file `f` in the last. Every file's time
is 1700000000.123456789 unless said otherwise. Words are quoted as in a shell; \\n, \\t, \\\\ and \\xNN stand for bytes, in
outputs too. A command line may begin with NAME=VALUE, @nobody (as a user without rights), @fsize=N (no file larger than N
bytes), @nofile=N (N open files, more when it asks), and end with <FILE >FILE 2>FILE <&- >&- 2>&-. Three commands are the
runner's own: `ls [DIR]`, `cat FILE` and `same FILE FILE...`, which names the files that differ from the first.
In expected lines <*> stands for any text, <version> for the project's version, <hex16> for 16 hex digits.

No command may leave a file that its line does not name: that fails the case.
"""

import argparse
import contextlib
import difflib
import os
import re
import resource
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MTIME_NS = 1_700_000_000_123_456_789
NOBODY = 65534
TIMEOUT = 120
PROGRAM = "template-cli"


class Broken(Exception):
    """A case that cannot be run as it is written."""


# ---------------------------------------------------------------- words and lines
ESCAPE = re.compile(rb"\\(x[0-9a-f]{2}|.)", re.DOTALL)


def unescape(text):
    """Bytes of a word or an expected line."""

    def one(match):
        what = match.group(1)
        return bytes([int(what[1:], 16)]) if len(what) == 3 else {b"n": b"\n", b"t": b"\t"}.get(what, what)

    return ESCAPE.sub(one, text.encode("utf-8", "surrogateescape"))


def escape(data):
    """An output line as text: what cannot be printed as \\xNN."""
    out = []
    for char in data.decode("utf-8", "surrogateescape"):
        if char == "\\":
            out.append("\\\\")
        elif char.isprintable():
            out.append(char)
        else:
            out += [f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogateescape")]
    return "".join(out)


def lines_of(mark, data):
    """Output as the lines of a test file."""
    lines = data.split(b"\n")
    last = lines.pop()
    marked = [f"{mark} {escape(line)}".rstrip(" ") if not line else f"{mark} {escape(line)}" for line in lines]
    return [*marked, f"{mark}- {escape(last)}"] if last else marked


def matches(expected, actual):
    """Whether a line is as expected, placeholders considered."""
    version = (HERE.parent.parent / "VERSION").read_text().strip()
    holes = {"<*>": ".*", "<version>": re.escape(version), "<hex16>": "[0-9a-f]{16}"}
    parts = re.split(r"(<\*>|<version>|<hex16>)", expected)
    return re.fullmatch("".join(holes.get(part) or re.escape(part) for part in parts), actual) is not None


def same(expected, actual):
    return len(expected) == len(actual) and all(map(matches, expected, actual))


# ---------------------------------------------------------------- test files
class Step:
    """A line that does something, and the lines that say what a command should print."""

    def __init__(self, number, text):
        self.number = number  # its line, from 1
        self.text = text
        self.expected = []


class Case:
    def __init__(self, file, number, name):
        self.file = file
        self.number = number
        self.name = name
        self.steps = []

    @property
    def id(self):
        return f"{self.file.stem}: {self.name}"


def parse(file):
    """The cases of a file."""
    cases = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("== "):
            cases.append(Case(file, number, line[3:].strip()))
        elif line[:1] in ("|", "!", "="):
            step = cases[-1].steps[-1] if cases and cases[-1].steps else None
            if step is None or not step.text.startswith("$ ") or number != step.number + len(step.expected) + 1:
                raise Broken(f"{file}:{number}: output that is not right behind its command")
            step.expected.append(line)
        elif line.strip() and not line.startswith("#"):
            if not cases:
                raise Broken(f"{file}:{number}: a line before the first case")
            cases[-1].steps.append(Step(number, line))
    names = [case.name for case in cases]
    for name in names:
        if names.count(name) > 1:
            raise Broken(f"{file}: two cases are called {name!r}")
    return cases


def all_cases(files=None):
    return [case for file in files or sorted(HERE.glob("*.test")) for case in parse(Path(file))]


# ---------------------------------------------------------------- setup
def make_chain(where, count, name):
    """Directory by directory, since the path as a whole may be longer than the system takes."""
    at = os.open(where, os.O_RDONLY | os.O_DIRECTORY)
    for _ in range(count):
        os.mkdir(name, dir_fd=at)
        below = os.open(name, os.O_RDONLY | os.O_DIRECTORY, dir_fd=at)
        os.close(at)
        at = below
    with os.fdopen(os.open("f", os.O_WRONLY | os.O_CREAT, 0o644, dir_fd=at), "wb") as file:
        file.write(b"x")
        file.flush()
        os.utime(file.fileno(), ns=(MTIME_NS, MTIME_NS))
    os.close(at)


def make_file(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, ns=(MTIME_NS, MTIME_NS))


def make_socket(path):
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as end:
        end.bind(os.fspath(path))


def set_up(case, step, root):
    kind, *words = [unescape(word) for word in shlex.split(step.text)]
    path = root / os.fsdecode(words[0])
    rest = words[1:]
    makers = {
        b"dir": lambda: path.mkdir(parents=True),
        b"file": lambda: make_file(path, b" ".join(rest)),
        b"copy": lambda: make_file(path, (case.file.parent / os.fsdecode(rest[0])).read_bytes()),
        b"link": lambda: os.symlink(rest[0], path),
        b"fifo": lambda: os.mkfifo(path),
        b"socket": lambda: make_socket(path),
        b"mode": lambda: path.chmod(int(rest[0], 8)),
        b"mtime": lambda: os.utime(path, ns=(int(rest[0]), int(rest[0]))),
        b"chain": lambda: make_chain(path, int(rest[0]), rest[1].split(b"*")[0] * int(rest[1].split(b"*")[1])),
    }
    if kind not in makers:
        raise Broken(f"{case.file}:{step.number}: no such line: {os.fsdecode(kind)}")
    makers[kind]()


# ---------------------------------------------------------------- commands
class Command:
    """A command line taken apart."""

    def __init__(self, text):
        self.env = {}
        self.nobody = False
        self.limits = {}  # resource -> soft limit
        self.streams = {}  # descriptor -> path, or None: closed
        words = shlex.split(text[2:])
        while words and (words[0].startswith("@") or re.match(r"[A-Z_]+=", words[0])):
            self.prefix(words.pop(0))
        while words and re.match(r"2?[<>]", words[-1]):
            self.redirect(words.pop())
        self.words = [unescape(word) for word in words]

    def prefix(self, word):
        if word == "@nobody":
            self.nobody = True
        elif word.startswith("@fsize="):
            self.limits[resource.RLIMIT_FSIZE] = int(word[7:])
        elif word.startswith("@nofile="):
            self.limits[resource.RLIMIT_NOFILE] = int(word[8:])
        else:
            name, _, value = word.partition("=")
            self.env[name] = value

    def redirect(self, word):
        descriptor = 2 if word.startswith("2") else 0 if word.startswith("<") else 1
        path = word.lstrip("2<>")
        self.streams[descriptor] = None if path == "&-" else path


def environment(command, root):
    keep = {name: value for name, value in os.environ.items() if name.endswith(("SAN_OPTIONS", "GCOV_ERROR_FILE"))}
    if command.nobody:  # a build that counts lines writes its counters, and says so if it cannot
        keep["GCOV_PREFIX"] = str(root.parent / "counters")
    return {"PATH": os.defpath, "TERM": "xterm", **keep, **command.env}


def run_program(binary, command, root):
    """Runs it; (standard output, standard error, exit code)."""
    opened = {}
    for descriptor, path in command.streams.items():
        if path is not None:
            opened[descriptor] = open(root / path, "rb" if descriptor == 0 else "wb")  # noqa: SIM115
    closed = [descriptor for descriptor, path in command.streams.items() if path is None]

    def in_child():
        for limit, soft in command.limits.items():
            resource.setrlimit(limit, (soft, resource.getrlimit(limit)[1]))
        if command.nobody and os.getuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        for descriptor in closed:
            os.close(descriptor)

    def stream(descriptor, otherwise):
        return opened.get(descriptor, subprocess.DEVNULL if descriptor in closed else otherwise)

    try:
        done = subprocess.run(
            [os.fsencode(binary), *command.words[1:]],
            cwd=root,
            env=environment(command, root),
            stdin=stream(0, subprocess.DEVNULL),
            stdout=stream(1, subprocess.PIPE),
            stderr=stream(2, subprocess.PIPE),
            preexec_fn=in_child,
            timeout=TIMEOUT,
            check=False,
        )
    finally:
        for file in opened.values():
            file.close()
    return done.stdout or b"", done.stderr or b"", done.returncode


def names_below(root):
    found = set()
    for directory, _, files in os.walk(os.fsencode(root)):
        found.update(os.path.relpath(os.path.join(directory, name), os.fsencode(root)) for name in files)
    return found


def run_own(words, root):
    at = root / os.fsdecode(words[1]) if len(words) > 1 else root
    if words[0] == b"cat":
        return at.read_bytes(), b"", 0
    if words[0] == b"same":
        other = [name for name in words[2:] if (root / os.fsdecode(name)).read_bytes() != at.read_bytes()]
        return b"".join(name + b"\n" for name in other), b"", 0
    return b"".join(name + b"\n" for name in sorted(names_below(at))), b"", 0


def run_step(case, step, binary, root):
    """What the command printed and how it ended, as lines of a test file."""
    command = Command(step.text)
    if command.words[0] in (b"ls", b"cat", b"same"):
        out, err, code = run_own(command.words, root)
    elif command.words[0] == PROGRAM.encode():
        before = names_below(root)
        out, err, code = run_program(binary, command, root)
        named = (*command.words[1:], *(os.fsencode(path) for path in command.streams.values() if path))
        stray = [name for name in names_below(root) - before if not any(word.endswith(name) for word in named)]
        if stray:
            raise AssertionError(f"{case.file}:{step.number}: left behind: {stray}")
    else:
        raise Broken(f"{case.file}:{step.number}: no such command")
    return [*lines_of("|", out), *lines_of("!", err), *([f"= {code}"] if code else [])]


def run_case(case, binary, update=None):
    """Runs a case. Raises AssertionError where it differs; with `update`, puts the new lines there instead."""
    binary = Path(binary).resolve()
    with tempfile.TemporaryDirectory(prefix="cli-test-") as scratch:
        os.chmod(scratch, 0o755)
        root = Path(scratch) / "case"
        root.mkdir()
        if "@nobody" in "".join(step.text for step in case.steps):
            binary = Path(shutil.copy(binary, scratch))  # where everyone may reach it
            counters = Path(scratch) / "counters"
            counters.mkdir()
            counters.chmod(0o777)
        try:
            for step in case.steps:
                if not step.text.startswith("$ "):
                    set_up(case, step, root)
                    continue
                actual = run_step(case, step, binary, root)
                if same(step.expected, actual):
                    continue
                if update is None:
                    diff = "\n".join(difflib.ndiff(step.expected, actual))
                    raise AssertionError(f"{case.file}:{step.number}: {case.name}\n{step.text}\n{diff}")
                update[step.number] = actual
        finally:
            for directory, _, _ in os.walk(root):
                os.chmod(directory, 0o755)


# ---------------------------------------------------------------- the program
def rewrite(file, cases, new):
    """Writes new outputs behind the commands they belong to; `new` maps a command's line number to its lines."""
    drop = {}
    for step in (step for case in cases for step in case.steps):
        if step.number in new:
            drop[step.number] = len(step.expected)
    lines = file.read_text(encoding="utf-8").splitlines()
    for number in sorted(new, reverse=True):
        lines[number : number + drop[number]] = new[number]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def find_binary(argument=None):
    path = argument or os.environ.get("TEMPLATE_CLI")
    if not path:
        raise SystemExit("run.py: which command? Name it, or set TEMPLATE_CLI")
    if not os.access(path, os.X_OK):
        raise SystemExit(f"run.py: {path} is not there or not executable")
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="write what the command did into the files")
    parser.add_argument("-k", metavar="TEXT", default="", help="only cases whose name has TEXT")
    parser.add_argument(
        "--without", metavar="TEXT", action="append", default=[], help="no case with a command that has TEXT"
    )
    parser.add_argument("binary", nargs="?")
    parser.add_argument("files", nargs="*")
    args = parser.parse_args()
    binary = find_binary(args.binary)
    failed = passed = left_out = 0
    for file in [Path(name) for name in args.files] or sorted(HERE.glob("*.test")):
        cases = parse(file)
        new = {} if args.update else None
        for case in (case for case in cases if args.k in case.id):
            if any(text in step.text for text in args.without for step in case.steps):
                left_out += 1
                continue
            try:
                run_case(case, binary, new)
                passed += 1
            except (AssertionError, Broken, OSError, subprocess.TimeoutExpired) as error:
                failed += 1
                print(f"FAILED {case.id}\n{error}\n")
        if new:
            rewrite(file, cases, new)
            print(f"{file}: {len(new)} commands updated")
    print(f"{passed} passed, {failed} failed" + f", {left_out} left out" * (left_out > 0))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
