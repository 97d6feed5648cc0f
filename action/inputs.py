"""Reads the inputs. Each arrives as a variable of the environment, and any value may arrive."""

from __future__ import annotations

import os

from action.channel import Failure, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Inputs:
    """The inputs of one step, by their names in action.yml."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.workspace = environ.get("GITHUB_WORKSPACE") or os.getcwd()

    def _raw(self, name: str) -> str:
        return self.environ.get("IN_" + name.upper().replace("-", "_"), "")

    def text(self, name: str) -> str:
        """A value of one line; a line break at its end is the YAML's, not the value's."""
        text = self._raw(name).rstrip("\r\n")
        bad = next((c for c in text if ord(c) < 0x20 or ord(c) == 0x7F), "")
        if bad:
            raise Failure(f"input {name} holds the character U+{ord(bad):04X}, which has no place in it")
        return text

    def lines(self, name: str) -> list[str]:
        """One value a line, blank lines aside."""
        return [line for line in (line.rstrip("\r") for line in self._raw(name).split("\n")) if line.strip()]

    def choice(self, name: str, choices: Mapping[str, object]) -> str:
        text = self.text(name)
        if text not in choices:
            raise Failure(f"input {name} is {plain(repr(text), 60)}, not one of {', '.join(choices)}")
        return text

    def flag(self, name: str, default: bool = False) -> bool:
        text = self.text(name)
        if text not in ("true", "false", ""):
            raise Failure(f"input {name} is {plain(repr(text), 60)}, neither true nor false")
        return text == "true" if text else default

    def place(self, path: str) -> str:
        """A path as the command gets it: absolute, so that it is never an option or a stream."""
        return os.path.join(self.workspace, path)

    def path(self, name: str) -> str:
        """The place that an input names; empty when the input is."""
        text = self.text(name)
        return self.place(text) if text else ""
