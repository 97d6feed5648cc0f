"""Runs the examples of documents: their fenced blocks, one after the other, in a copy of the tree."""

from __future__ import annotations

import os
import re
import shutil

from ci import policy
from ci.runner.context import tail
from ci.runner.model import Finding
from ci.runner.process import output
from ci.tools import environment, markdown, wheel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ci.runner.context import Context
    from ci.tools.markdown import Block

_SLOW = re.compile(policy.SLOW)
_PREPARED = re.compile(r"\.venv\b|ci\.sh doctor\b")
_MARK = re.compile(r"^<line (\d+) (\d+)>\n", re.M)  # and how the command before it ended
_TRACED = re.compile(r'^  File "[^"]*example\.py", line (\d+)', re.M)


def fault(block: Block) -> str:
    """Why a block could escape being run; empty when it cannot."""
    if block.language not in policy.FENCES:
        return f"a block of {block.language}: it is none of {', '.join(filter(None, policy.FENCES))}"
    return f"{block.words[0]}: nothing may follow the language" if block.words else ""


def is_slow(block: Block) -> bool:
    return _SLOW.search("\n".join(block.lines)) is not None


def all_of(text: str) -> list[Block]:
    return [block for block in markdown.blocks(text) if block.language in policy.EXAMPLES]


def wanted(blocks: Sequence[Block]) -> list[Block]:
    """Those that are worth waiting for each time."""
    return [block for block in blocks if block.language in policy.EXAMPLES and not is_slow(block)]


def elsewhere(line: str) -> str:
    """Why a line is not run; empty when it is."""
    return next((why for pattern, why in policy.ELSEWHERE.items() if re.match(pattern, line)), "")


def copied(ctx: Context, *name: str) -> str:
    """A fresh copy of the tree, under version control and with the tools that there are."""
    folder = ctx.scratch(*name)
    shutil.rmtree(folder)
    for path in ctx.tree.paths():
        os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
        shutil.copy2(ctx.path(path), os.path.join(folder, path))
    os.makedirs(os.path.join(folder, "build"), exist_ok=True)
    os.makedirs(ctx.path("build", "env"), exist_ok=True)
    os.symlink(ctx.path("build", "env"), os.path.join(folder, "build", "env"))
    ctx.must(["git", "init", "-q"], cwd=folder)
    ctx.must(["git", "add", "-A"], cwd=folder)
    return folder


def restore(ctx: Context, folder: str) -> None:
    """Makes a copy's files those of the tree again; what is built and installed stays."""
    ctx.must(["git", "checkout", "-q", "--", "."], cwd=folder)
    ctx.must(["git", "clean", "-ffdq"], cwd=folder)


def environ(ctx: Context, folder: str) -> dict[str, str]:
    """A shell of somebody who has the wheel, what our tests use beside it, and nothing at home; downloads are kept."""
    home = os.path.expanduser("~")
    return {
        "PATH": os.pathsep.join([wheel.installed(ctx, "test"), ctx.toolbox.search_path(("cmake", "ninja"))]),
        "HOME": os.path.join(folder, "build"),
        "PYTHON": environment.interpreter(),
        "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR") or os.path.join(home, ".cache", "uv"),
        "PIP_CACHE_DIR": os.environ.get("PIP_CACHE_DIR") or os.path.join(home, ".cache", "pip"),
    }


def prepare(ctx: Context, folder: str, blocks: Sequence[Block]) -> None:
    """Brings a copy to where the documents take their reader first: all tools are there, and .venv is."""
    if any(_PREPARED.search(line) for block in blocks for line in block.lines):
        for command in ("doctor", "dev"):
            fix = ["--fix"] if command == "doctor" else []
            ctx.must(["./ci.sh", command, *fix], cwd=folder, env=environ(ctx, folder))


def run(ctx: Context, path: str, blocks: Sequence[Block], folder: str = "") -> Iterator[Finding]:
    """Findings of a document's examples; the first that fails ends it."""
    folder = folder or copied(ctx, "docs", path.replace("/", "-"))
    env = environ(ctx, folder)
    for block in blocks:
        found = list(_judge(ctx, path, block, folder, env))
        yield from found
        if found:
            return


def _judge(ctx: Context, path: str, block: Block, folder: str, env: dict[str, str]) -> Iterator[Finding]:
    if block.language == "python":
        with open(os.path.join(folder, "example.py"), "w", encoding="utf-8") as file:
            file.write("\n" * block.line + "\n".join(block.lines))
        done = ctx.run(["python", "-I", "-X", "utf8", "example.py"], cwd=folder, env=env)
        lines = _TRACED.findall(done.text)
        if done.code:
            yield Finding(
                f"the example exits with {done.code}", path, int((lines or [block.line])[-1]), tail(done.text)
            )
        return
    script = session(block) if block.language == "console" else commands(block)
    done = ctx.run(["sh", "-c", script], cwd=folder, env=env)
    parts = _MARK.split(done.text)
    if block.language == "console":
        ended = [*map(int, parts[5::3]), done.code]  # the last one ends the shell, if it is not the mark behind all
        said = zip(map(int, parts[1::3]), zip(parts[3::3], ended))
        yield from unlike(path, block, dict(said))
    elif done.code:
        line = int(parts[-3]) if len(parts) > 1 else block.line
        yield Finding(f"the example exits with {done.code}", path, line, tail(parts[-1]))


def commands(block: Block) -> str:
    """The block as a script that stops at the first failure and says which line it is at."""
    script = "set -e\n"
    for index, line in enumerate(block.lines):
        if "<<" not in "\n".join(block.lines[:index]) and _complete("\n".join(block.lines[:index])):
            script += f"echo '<line {block.line + 1 + index} 0>'\n"
        script += ":\n" if elsewhere(line) else f"{line}\n"
    return script


def _complete(script: str) -> bool:
    try:
        output(["sh", "-n", "-c", script], "/")
    except OSError:
        return False
    return not script.endswith("\\")


def prompts(block: Block) -> dict[int, tuple[str, list[str]]]:
    """Line -> the command behind a prompt, and the output shown for it."""
    found: dict[int, tuple[str, list[str]]] = {}
    for number, line in enumerate(block.lines, block.line + 1):
        if line.startswith("$ "):
            found[number] = (":" if elsewhere(line[2:]) else line[2:], [])
        elif found:
            found[max(found)][1].append(line)
    return found


def session(block: Block) -> str:
    told = "".join(f'echo "<line {line} $?>"\n{command}\n' for line, (command, _) in prompts(block).items())
    return f'{told}echo "<line 0 $?>"\n'


def unlike(path: str, block: Block, said: dict[int, tuple[str, int]]) -> Iterator[Finding]:
    """Where the output is not what is shown (a line `...` stands for any lines), and where a failure is not shown at all.
    `said` is what the command of a line printed, and its exit code."""
    for line, (command, shown) in prompts(block).items():
        shown = [] if command == ":" else shown
        pattern = "".join("(?:.*\n)*?" if text == "..." else re.escape(text) + "\n" for text in shown)
        text, code = said.get(line, ("", 0))
        if not re.fullmatch(pattern, text):
            yield Finding(f"`{command}` does not print what is shown", path, line, tail(text))
        elif code and not any(each.strip(". ") for each in shown):
            yield Finding(f"`{command}` exits with {code}, of which nothing is shown", path, line, tail(text))
