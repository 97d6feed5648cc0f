"""The options that commands of this project take, against what documents say of them."""

from __future__ import annotations

import re

from ci import policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

_OPTION = re.compile(r"--[a-z][\w-]*|-[a-zA-Z]\b")
_PASSED_ON = re.compile(r"(?<![\w-])-- .*")


class Options:
    """What `template-cli surface` and the usage of ./ci.sh list: per program, option -> its choices."""

    def __init__(self, surface: Mapping[str, Any], usage: str) -> None:
        self.program = _table(surface["options"])
        self.commands = {command["name"]: _table(command["options"]) for command in surface["commands"]}
        self.ci: dict[str, tuple[str, ...]] = dict.fromkeys(_OPTION.findall(_PASSED_ON.sub("", usage)), ())
        self.all = dict(self.ci)
        for table in (self.program, *self.commands.values()):
            for name, choices in table.items():
                self.all[name] = (*self.all.get(name, ()), *choices)

    def fault(self, words: Sequence[str]) -> str:
        """What is wrong with the options of a command; empty when nothing is, or when it is not ours."""
        if words and _OPTION.match(words[0]):
            return "" if words[0] in policy.OPTIONS_OF_OTHERS else _fault("", words, self.all)
        if words[:1] == ["./ci.sh"]:
            return _fault("./ci.sh", words[1:], self.ci)
        if words[:1] != [policy.COMMAND]:
            return ""
        command = words[1] if words[1:] and words[1] in self.commands else ""
        table = self.commands[command] if command else {**self.program, "-h": (), "--help": ()}
        return _fault(f"{policy.COMMAND} {command}".strip(), words[1:], table)


def _table(options: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(option["choices"] or ()) for option in options for name in option["names"]}


def _fault(program: str, words: Sequence[str], table: Mapping[str, tuple[str, ...]]) -> str:
    of = f"{program}: " if program else ""
    own = words[: words.index("--")] if "--" in words else words
    for word, following in zip(own, [*own[1:], ""]):
        name, equals, value = word.partition("=")
        if not _OPTION.match(name):
            continue
        if not name.startswith("--"):
            name, value = name[:2], name[2:]
        if name not in table:
            return f"{of}no option {name}"
        value = value if equals else following
        if table[name] and re.fullmatch(r"[a-z][\w-]*", value) and value not in table[name]:
            return f"{of}{name} does not take {value}"
    return ""
