"""What comes from the package index is pinned, by version and hash, as the `.in` files ask."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation, Skip
from ci.tools import pinning

ANY_PIN = "    --hash=sha256:" + 64 * "0" + "\n"


def edit(name: str, text: str) -> list[Edit]:
    return [Edit(f"ci/requirements/{name}", text=text)]


def uv(ctx: Context) -> str:
    found = ctx.toolbox.uv()
    if not found:
        raise Skip("uv, which pins, cannot be had")
    return found


def fix(ctx: Context) -> None:
    """Writes the `.txt` of each `.in` that is out of step anew, and all when uv is told more, such as --upgrade."""
    for path in pinning.asking(ctx.tree):
        if ctx.args or pinning.faults(ctx.tree, path):
            folder, words = pinning.command(path, ctx.tree.text(path), ctx.args)
            ctx.must([uv(ctx), *words], cwd=ctx.path(folder))


def check(ctx: Context) -> list[Finding]:
    found = [Finding("no .in file asks for this", path, 1) for path in pinning.alone(ctx.tree)]
    return found + [fault for path in pinning.asking(ctx.tree) for fault in pinning.faults(ctx.tree, path)]


GATE = Gate(
    "requirements are pinned by hash, as asked (--fix, and --fix -- --upgrade, pin anew)",
    check,
    fix=fix,
    inputs=[*pinning.ASKING, *pinning.PINNED],
    mutations=[
        Mutation("a requirement that nobody pinned", "does not pin left-pad", edit("uv.in", "left-pad\n")),
        Mutation(
            "a pin that is not asked for", "uv is pinned to", edit("uv.in", "uv<0\n"), at="ci/requirements/uv.txt"
        ),
        Mutation("a version without a hash", "right-pad has no hash", edit("uv.txt", "right-pad==1\n")),
        Mutation("another index", "hashes: --index", edit("uv.txt", "--index-url https://example.org\n")),
        Mutation(
            "a package from anywhere", "hashes: x @", edit("uv.txt", "x @ https://example.org/x.whl \\\n" + ANY_PIN)
        ),
        Mutation("pins that nobody asks for", "no .in file asks", edit("new.txt", "left-pad==1 \\\n" + ANY_PIN)),
    ],
)
