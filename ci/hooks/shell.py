"""Finds the commands in a line of shell: enough of the language to see what would be run, not what it does."""

from __future__ import annotations

import os
import re
import shlex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# What stands before a program without changing what it does: the options of it that take a word, short ones by their
# letters, and how many words it takes before the program.
PREFIXES = {
    "command": ("", 0),
    "doas": ("uC", 0),
    "env": ("uC --unset --chdir", 0),
    "exec": ("a", 0),
    "ionice": ("cn --class --classdata", 0),
    "nice": ("n --adjustment", 0),
    "nohup": ("", 0),
    "setsid": ("", 0),
    "stdbuf": ("ioe --input --output --error", 0),
    "sudo": ("ugphCDRTUrt --user --group --prompt --host --chdir --chroot --command-timeout --other-user", 0),
    "time": ("fo --format --output", 0),
    "timeout": ("ks --kill-after --signal", 1),
    "xargs": ("InPLdEsa --max-args --max-procs --max-lines --delimiter --max-chars --arg-file", 0),
}
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
_HERE = re.compile(r"(?<!<)<<-?[ \t]*(['\"]?)([\w.]+)\1([^\n]*\n)(.*?\n)??[ \t]*\2[ \t]*(?=\n|$)", re.S)
# What is quoted is kept, and so is a # within a word; what is left of a # begins a comment.
_COMMENT = re.compile(r"""('[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s#'"\\;|&()]#*)|(?<!\S)#[^\n]*|(?<=[;|&()])#[^\n]*""", re.S)
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
_INNER = re.compile(r"\$\((.*)\)|`([^`]*)`", re.S)
PUNCTUATION = "();<>|&`\n"
AS_IT_IS, EXPANDED = "<<", "<<<"  # before a text that a command reads


class Unreadable(Exception):
    """Quotes that do not close, or the like."""


def commands(text: str) -> Iterator[list[str]]:
    """Each command as its words, the program first, without what stands before it."""
    words: list[str] = []
    given: list[str] = []  # what the command reads
    here = ""
    for token in [*_tokens(text), "\n"]:
        if token in (AS_IT_IS, EXPANDED):
            here = token
        elif token.strip(PUNCTUATION) or not token:
            (given if here else words).append(token)
            if here == EXPANDED:
                yield from _within(token)
            here = ""
        elif re.search(r"[;|&\n()`]", re.sub(r"[<>]&|&>", "", token)):
            rest = _bare(words)
            yield from _known(words, rest, given)
            given = _said(rest, given) if re.match(r"\|(?!\|)", token) else []
            words = []


def _tokens(text: str) -> list[str]:
    bare = _HERE.sub(_here, text.replace("\\\n", " "))
    lexer = shlex.shlex(_COMMENT.sub(lambda match: match[1] or "", bare), posix=True, punctuation_chars=PUNCTUATION)
    lexer.whitespace = " \t\r"
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return list(lexer)
    except ValueError as error:
        raise Unreadable(str(error)) from None


def _here(found: re.Match[str]) -> str:
    """A text of lines as one word, which the rest of its first line follows."""
    return f" {AS_IT_IS if found[1] else EXPANDED} {shlex.quote(found[4] or '')} {found[3]}"


def _within(word: str) -> Iterator[list[str]]:
    for inner in _INNER.findall(word):
        yield from commands(inner[0] or inner[1])


def _bare(words: list[str]) -> list[str]:
    """The program and its words."""
    rest = list(words)
    while rest and (rest[0] in KEYWORDS or _ASSIGNMENT.match(rest[0])):
        rest.pop(0)
    while rest and os.path.basename(rest[0]) in PREFIXES:
        prefix = os.path.basename(rest.pop(0))
        options, count = PREFIXES[prefix]
        while rest and (rest[0].startswith("-") or _ASSIGNMENT.match(rest[0])):
            option = rest.pop(0)
            if prefix == "env" and option in ("-S", "--split-string"):
                rest[:1] = rest[0].split() if rest else []
            elif _takes_a_word(option, *options.split(" ")):
                del rest[:1]
        del rest[:count]
    return rest


def _takes_a_word(option: str, letters: str, *names: str) -> bool:
    if option.startswith("--"):
        return option in names
    first = next((at for at, letter in enumerate(option) if at and letter in letters), 0)
    return first > 0 and first == len(option) - 1  # what follows it in the same word is its own


def _known(words: list[str], rest: list[str], given: list[str]) -> Iterator[list[str]]:
    for word in words:
        yield from _within(word)
    if not rest:
        return
    yield rest
    program, operands = os.path.basename(rest[0]), [word for word in rest[1:] if not word.startswith("-")]
    if program == "eval":
        yield from commands(" ".join(rest[1:]))
    if program in SHELLS:
        for option, script in zip(rest[1:], rest[2:]):
            if re.fullmatch(r"-[a-z]*c[a-z]*", option):
                yield from commands(script)
        for script in given if not operands or "-s" in rest else ():
            yield from commands(script)


def _said(rest: list[str], given: list[str]) -> list[str]:
    """What a command writes, as far as its words tell: each could be lines of shell."""
    program = os.path.basename(rest[0]) if rest else ""
    if program in ("echo", "printf"):
        return [" ".join(rest[1:]), *rest[1:]]
    return given if program == "cat" else []
