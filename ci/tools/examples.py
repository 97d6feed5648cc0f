"""Runs the examples of a document: its fenced blocks, one after the other, in a copy of the tree."""

from __future__ import annotations

import os
import re
import shutil

from ci import policy
from ci.runner.context import tail
from ci.runner.model import Finding
from ci.runner.process import output
from ci.tools import wheel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ci.runner.context import Context
    from ci.tools.markdown import Block

_SLOW = re.compile(policy.SLOW)
_MARK = re.compile(r"^<line (\d+)>\n", re.M)
_TRACED = re.compile(r'^  File "[^"]*example\.py", line (\d+)', re.M)


def fault(block: Block) -> str:
    """Why a block could escape being run; empty when it cannot."""
    if block.language not in policy.FENCES:
        return f"a block of {block.language}: it is none of {', '.join(filter(None, policy.FENCES))}"
    return f"{block.words[0]}: nothing may follow the language" if block.words else ""


def wanted(blocks: Sequence[Block]) -> list[Block]:
    return [b for b in blocks if b.language in policy.EXAMPLES and not _SLOW.search("\n".join(b.lines))]


def run(ctx: Context, path: str, blocks: Sequence[Block]) -> Iterator[Finding]:
    """Findings of a document's examples, in the wheel's environment; the first that fails ends it."""
    folder = ctx.scratch("docs", path.replace("/", "-"))
    shutil.rmtree(folder)
    for name in ctx.tree.paths():
        os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
        shutil.copy2(ctx.path(name), os.path.join(folder, name))
    bin_folder = wheel.installed(ctx)
    env = {"PATH": os.pathsep.join([bin_folder, os.environ.get("PATH", os.defpath)]), "HOME": folder}
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
        said = dict(zip(map(int, parts[1::2]), parts[2::2]))
        yield from unlike(path, block, said)
    elif done.code:
        line = int(parts[-2]) if len(parts) > 2 else block.line
        yield Finding(f"the example exits with {done.code}", path, line, tail(parts[-1]))


def commands(block: Block) -> str:
    """The block as a script that stops at the first failure and says which line it is at."""
    script = "set -e\n"
    for index, line in enumerate(block.lines):
        if "<<" not in "\n".join(block.lines[:index]) and _complete("\n".join(block.lines[:index])):
            script += f"echo '<line {block.line + 1 + index}>'\n"
        script += f"{line}\n"
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
            found[number] = (line[2:], [])
        elif found:
            found[max(found)][1].append(line)
    return found


def session(block: Block) -> str:
    return "".join(f"echo '<line {line}>'\n{command}\n" for line, (command, _) in prompts(block).items())


def unlike(path: str, block: Block, said: dict[int, str]) -> Iterator[Finding]:
    """Where the output is not what is shown; a line `...` stands for any lines."""
    for line, (command, shown) in prompts(block).items():
        pattern = "".join("(?:.*\n)*?" if text == "..." else re.escape(text) + "\n" for text in shown)
        if not re.fullmatch(pattern, said.get(line, "")):
            yield Finding(f"`{command}` does not print what is shown", path, line, tail(said.get(line, "")))
