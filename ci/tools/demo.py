"""`./ci.sh demo`: builds the wheel, installs it, and has command and module do the main job on real files."""

from __future__ import annotations

import os
import shlex
import shutil
import time

from ci import policy
from ci.runner.model import Broken, Finding
from ci.tools import wheel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ci.runner.context import Context

# What the Python side does: the same job, and the command's own file as the judge of its bytes.
PYTHON = """\
import sys, time
import template_pkg as tp

root, before, after = sys.argv[1:]
began = time.perf_counter()
manifest = tp.snapshot(root)
took = time.perf_counter() - began
changes = tp.diff(tp.Manifest.from_path(before), root)
print(f"snapshot: {manifest.file_count:,} files, {manifest.total_size:,} bytes in {took:.3f} s")
print(f"diff: {len(changes.new)} new, {len(changes.modified)} modified, {len(changes.deleted)} deleted")
print(f"verify: {bool(tp.verify(after, root))}, and against the earlier manifest {bool(tp.verify(before, root))}")
with open(after, "rb") as file:
    same = file.read() == manifest.encode_bytes()
print(f"same bytes as the command's manifest: {same}")
sys.exit(not same)
"""


class Show:
    """Runs commands as a person would, shows them and what they say, and stops at a surprise."""

    def __init__(self, ctx: Context, tools: str, folder: str) -> None:
        self.ctx = ctx
        self.tools = tools
        self.folder = folder
        self.steps: list[str] = []

    def say(self, text: str) -> None:
        self.ctx.shared.tell(text)

    def change(self, line: str) -> None:
        """A line of shell that changes a tree."""
        self.steps.append(line)
        self.say(f"$ {line}")
        self.ctx.must(["sh", "-c", line], cwd=self.folder)

    def run(self, program: str, *args: str, expect: int = 0) -> None:
        line = shlex.join([program, *args])
        self.steps.append(line)
        self.say(f"$ {line}")
        began = time.monotonic()
        done = self.ctx.run([os.path.join(self.tools, program), *args], cwd=self.folder)
        took = time.monotonic() - began
        lines = done.text.splitlines()
        for said in lines[:12]:
            self.say(f"  {said}")
        if len(lines) > 12:
            self.say(f"  ... and {len(lines) - 12} lines more")
        self.say(f"  [exit {done.code}, {took:.3f} s]")
        if done.code != expect:
            raise Broken([Finding(f"`{line}` was to exit with {expect}")])


def run(ctx: Context) -> int:
    began = time.monotonic()
    ctx.shared.provide(wheel.TOOLS)
    ctx.toolbox.check(wheel.TOOLS)
    ctx.shared.tell("building the wheel and installing it into a fresh environment")
    made, tools = wheel.built(ctx), wheel.installed(ctx)
    folder = ctx.path("build", "demo")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    with open(os.path.join(folder, "job.py"), "w", encoding="utf-8") as file:
        file.write(PYTHON)
    show = Show(ctx, tools, folder)
    show.say(f"\nThe wheel: {os.path.relpath(made, ctx.root)}, {os.path.getsize(made):,} bytes\n")
    show.run(policy.COMMAND, "--version")
    show.say("\n1. This repository's own files (a copy of them)")
    _copy_tree(ctx, os.path.join(folder, "repository"))
    _job(show, "repository", edited="VERSION", deleted="LICENSE")
    show.say(f"\n2. A generated tree of {policy.DEMO_FILES:,} files")
    _generate(os.path.join(folder, "many"))
    _job(show, "many", edited="d00/f000", deleted="d01/f001")
    _close(ctx, show, time.monotonic() - began)
    return 0


def _copy_tree(ctx: Context, target: str) -> None:
    for path in ctx.tree.paths():
        os.makedirs(os.path.dirname(os.path.join(target, path)), exist_ok=True)
        shutil.copy2(ctx.path(path), os.path.join(target, path))


def _generate(target: str) -> None:
    """100 files a folder, each of 4 KiB that no other has."""
    for i in range(policy.DEMO_FILES // 100):
        folder = os.path.join(target, f"d{i:02}")
        os.makedirs(folder)
        for j in range(100):
            with open(os.path.join(folder, f"f{j:03}"), "wb") as file:
                file.write(f"{i:03} {j:03} ".encode() * 512)


def _job(show: Show, name: str, edited: str, deleted: str) -> None:
    """Snapshot, change, diff, verify, by the command and then from Python."""
    before, after = f"{name}.before.json", f"{name}.after.json"
    show.run(policy.COMMAND, "snapshot", name, "-o", before)
    show.run(policy.COMMAND, "verify", before, name)
    show.change(f"echo changed >> {name}/{edited}; rm -f {name}/{deleted}; echo new > {name}/new.txt")
    show.run(policy.COMMAND, "diff", before, name, "--exit-code", expect=1)
    show.run(policy.COMMAND, "report", before, name, "-o", f"{name}.html")
    show.run(policy.COMMAND, "verify", before, name, expect=1)
    show.run(policy.COMMAND, "snapshot", name, "-o", after)
    show.say("# the same from Python")
    show.run("python", "job.py", name, before, after)


def _close(ctx: Context, show: Show, seconds: float) -> None:
    show.say(
        f"\nDone in {seconds:.1f} s: one wheel built and installed; two trees snapshotted, changed, compared and verified\n"
        "by the command and from Python, to the same bytes. To repeat it by hand (job.py is the Python part):\n"
    )
    tools, place = (os.path.relpath(path, ctx.root) for path in (show.tools, show.folder))
    show.say(f"  PATH=$PWD/{tools}:$PATH\n  cd {place}")
    for line in show.steps:
        show.say(f"  {line}")
    show.say(f"\nTo look at: {place}/many.html, which any browser opens")
