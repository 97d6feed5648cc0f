"""`./ci.sh doctor`: which tools are there, what each missing one is for and which command gets it; `--fix` runs those."""

from __future__ import annotations

import os
import platform
import shutil

from ci.runner import registry
from ci.tools import environment, system, toolbox

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ci.runner.context import Context

PURPOSE = {
    "aarch64-linux-gnu-gcc": "compiles for another machine",
    "abi3info": "which Python brought which function",
    "act": "runs workflows",
    "asan": "finds wrong uses of memory",
    "basedpyright": "checks types as editors do",
    "c++": "tries the public headers as C++",
    "cc": "compiles core, command and module",
    "check-jsonschema": "knows the form of workflows and actions",
    "chromium": "opens the page of `template-cli report`",
    "clang": "compiles as others do",
    "clang-format": "lays out C",
    "clang-tidy": "reads C for mistakes",
    "cmake": "builds",
    "cmocka": "what C tests are written with",
    "cyclonedx": "knows the form of a bill of materials",
    "fish": "a shell to complete in",
    "gcov": "counts which lines of C run",
    "gcovr": "makes a report of the lines that ran",
    "git": "lists the project's files",
    "go": "builds actionlint",
    "headers": "Python.h, for the module",
    "libfuzzer": "fuzzes (clang's)",
    "mandoc": "reads the manual page",
    "musl-gcc": "compiles for another C library",
    "mypy": "checks types",
    "ninja": "builds",
    "qemu-aarch64": "runs what is for another machine",
    "qemu-s390x": "runs what is for a big-endian machine",
    "ruff": "lays out Python and reads it for mistakes",
    "s390x-linux-gnu-gcc": "compiles for a big-endian machine",
    "scikit-build-core": "makes the wheel",
    "shellcheck": "reads shell for mistakes",
    "tsan": "finds races",
    "valgrind": "finds wrong uses of memory without a build of its own",
    "venv": "makes environments where uv cannot be had",
    "xxhash": "the header that core hashes with",
    "zizmor": "reads workflows for what others could misuse",
    "zsh": "a shell to complete in",
}
FIX = "./ci.sh doctor --fix"


def users() -> dict[str, list[str]]:
    """All that any gate asks for, and which gates do."""
    found: dict[str, list[str]] = {"git": []}
    for name in registry.names():
        for tool in registry.load(name).tools:
            found.setdefault(tool, []).append(name)
    return {tool: found[tool] for tool in sorted(found)}


def run(ctx: Context, fix: bool) -> int:
    asked = users()
    if fix:
        mend(ctx, list(asked))
    places = {tool: place(ctx.root, tool) for tool in asked}
    if not shutil.which("uv") and any(not places[tool] for tool in asked if tool in toolbox.FROM_INDEX):
        asked["venv"] = []
        places["venv"] = place(ctx.root, "venv")
    ctx.shared.tell(f"{'python':<18} {environment.interpreter()} ({platform.python_version()})")
    for tool, found in places.items():
        ctx.shared.tell(f"{tool:<18} {found}" if found else missing(tool, asked[tool]))
        for line in () if found else ways(tool, ctx.toolbox.lost.get(tool, "") if fix else ""):
            ctx.shared.tell(f"{'':<18} {line}")
    spared = {*system.FETCHED, *system.BY_HAND}
    lacking = [tool for tool in places if not places[tool] and tool not in spared]
    if lacking:
        rest = "the lines above say why" if fix else f"{FIX} runs these commands"
        ctx.shared.tell(f"missing: {', '.join(lacking)}; {rest}")
    return int(bool(lacking))


def mend(ctx: Context, tools: list[str]) -> None:
    """Gets all that is missing; an environment that says it is there and is not is made again."""
    for name in sorted(set(toolbox.FROM_INDEX.values())):
        if environment.is_current(ctx.root, name) and not whole(ctx.root, name):
            ctx.shared.tell(f"build/env/{name} is not whole: making it again")
            environment.forget(ctx.root, name)
    ctx.shared.provide(tools)


def whole(root: str, name: str) -> bool:
    """Whether an environment has its Python, and the programs that gates call in it."""
    programs = [tool for tool, of in toolbox.FROM_INDEX.items() if of == name and tool in toolbox.PROGRAMS]
    return all(os.access(environment.program(root, name, each), os.X_OK) for each in ["python", *programs])


def place(root: str, tool: str) -> str:
    """Where a tool is, in words; empty where it is not."""
    if tool in system.PACKAGES:
        return "found" if system.has(tool) else ""
    own = toolbox.own(tool)
    if own:
        return own
    name = toolbox.FROM_INDEX[tool]
    if environment.is_current(root, name) and whole(root, name):
        program = environment.program(root, name, tool if tool in toolbox.PROGRAMS else "python")
        return os.path.relpath(program, root)
    return ""


def missing(tool: str, gates: list[str]) -> str:
    of = (
        f" (for {', '.join(gates[:4])}{f' and {len(gates) - 4} more gates' if len(gates) > 4 else ''})" if gates else ""
    )
    return f"{tool:<18} missing: {PURPOSE.get(tool, 'a tool')}{of}"


def ways(tool: str, why: str) -> Iterator[str]:
    """What could not be done, and the command that gets a tool."""
    if tool in toolbox.FROM_INDEX:
        if why:
            yield why
        yield f"{FIX}    # from the package index into build/env/{toolbox.FROM_INDEX[tool]}"
        return
    line = system.command([tool])
    if line:
        before = "" if system.privilege() == [] else "sudo "
        yield before + " ".join(line)
    elif tool in system.BY_HAND:
        yield system.BY_HAND[tool]
    elif system.manager():
        yield f"{system.manager()} has no package that we know of for it"
    else:
        yield f"no package manager that we know ({', '.join(system.INSTALL)}): install it as this system does"
    if tool in system.FETCHED:
        yield "or nothing: CMake fetches it, pinned, when it builds"
