"""Finds the commands in a line of shell: enough of the language to see what would be run, not what it does."""

from __future__ import annotations

import os
import re
import shlex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# What stands before a program without changing what it does; their options and numbers go with them.
PREFIXES = ("sudo", "env", "command", "exec", "nohup", "time", "nice", "timeout", "stdbuf", "setsid", "xargs")
KEYWORDS = (
    "if",
    "then",
    "elif",
    "else",
    "while",
    "until",
    "do",
    "for",
    "!",
    "{",
    "}",
    "fi",
    "done",
    "in",
    "case",
    "esac",
)
SHELLS = ("sh", "bash", "dash", "zsh", "ksh")
_HERE = re.compile(r"<<-?[ \t]*(['\"]?)([\w.]+)\1([^\n]*\n)(?:.*?\n)??[ \t]*\2[ \t]*(?=\n|$)", re.S)
# What is quoted is kept, and so is a # within a word; what is left of a # begins a comment.
_COMMENT = re.compile(r"""('[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s#'"\\;|&()]#*)|(?<!\S)#[^\n]*|(?<=[;|&()])#[^\n]*""", re.S)
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
_INNER = re.compile(r"\$\((.*)\)|`([^`]*)`", re.S)
PUNCTUATION = "();<>|&`\n"


class Unreadable(Exception):
    """Quotes that do not close, or the like."""


def commands(text: str) -> Iterator[list[str]]:
    """Each command as its words, the program first, without what stands before it."""
    words: list[str] = []
    for token in [*_tokens(text), "\n"]:
        if token.strip(PUNCTUATION) or not token:
            words.append(token)
        elif re.search(r"[;|&\n()`]", re.sub(r"[<>]&|&>", "", token)):
            yield from _known(words)
            words = []


def _tokens(text: str) -> list[str]:
    bare = _HERE.sub(r"\3", text.replace("\\\n", " "))
    lexer = shlex.shlex(_COMMENT.sub(lambda match: match[1] or "", bare), posix=True, punctuation_chars=PUNCTUATION)
    lexer.whitespace = " \t\r"
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return list(lexer)
    except ValueError as error:
        raise Unreadable(str(error)) from None


def _known(words: list[str]) -> Iterator[list[str]]:
    for word in words:
        for inner in _INNER.findall(word):
            yield from commands(inner[0] or inner[1])
    rest = list(words)
    while rest and (rest[0] in KEYWORDS or _ASSIGNMENT.match(rest[0])):
        rest.pop(0)
    while rest and os.path.basename(rest[0]) in PREFIXES:
        rest.pop(0)
        while rest and (rest[0].startswith("-") or rest[0][:1].isdigit() or _ASSIGNMENT.match(rest[0])):
            rest.pop(0)
    if not rest:
        return
    yield rest
    program = os.path.basename(rest[0])
    if program == "eval":
        yield from commands(" ".join(rest[1:]))
    if program in SHELLS:
        for option, script in zip(rest[1:], rest[2:]):
            if re.fullmatch(r"-[a-z]*c[a-z]*", option):
                yield from commands(script)
