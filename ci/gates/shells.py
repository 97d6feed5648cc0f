"""Completion in bash, zsh and fish, and the manual page under a checker."""

from __future__ import annotations

from ci.runner.context import Context
from ci.runner.model import Edit, Finding, Gate, Mutation
from ci.tools import pytests


def check(ctx: Context) -> list[Finding]:
    return pytests.run(ctx, ["tests/test_completions.py", "-m", "shells or not shells", *ctx.args])


GATE = Gate(
    "completions work in bash, zsh and fish; the manual page is well-formed",
    check,
    needs=["build"],
    tools=[*pytests.TOOLS, "zsh", "fish", "mandoc"],
    inputs=pytests.INPUTS,
    seconds=25,
    mutations=[
        Mutation(
            "fish is not told which word is an option's value",
            "test_fish_offers",
            [Edit("libs/cli/src/completions_fish.c", 'cli_put(out, " -r");', 'cli_put(out, "");')],
            args=["-k", "fish"],
            at="tests/test_completions.py",
        ),
        Mutation(
            "a bracket in a summary ends zsh's description",
            "test_zsh_offers",
            [
                Edit(
                    "libs/cli/src/completions_zsh.c",
                    'cli_put_format(out, "\'%s--%s%s[", list',
                    'cli_put_format(out, "\'%s%s%s[", list',
                )
            ],
            args=["-k", "zsh"],
            at="tests/test_completions.py",
        ),
        Mutation(
            "the manual page has a request that is none",
            "test_the_manual_page_is_in_its_language",
            [Edit("libs/cli/src/man.c", '".SH COMMANDS\\n"', '".XY COMMANDS\\n"')],
            args=["-k", "language"],
            at="tests/test_completions.py",
        ),
    ],
)
