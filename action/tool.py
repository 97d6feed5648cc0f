"""Calls template-cli: arguments in, its JSON document out."""

from __future__ import annotations

import json
import os
import subprocess

from action.channel import Channel, Failure
from ci import policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


class Refusal(Failure):
    """The command answered with an error; `status` is its name for it."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.status = str(document.get("status"))
        place, hint = document.get("path"), document.get("hint")
        message = ": ".join(part for part in (place, str(document.get("message"))) if part)
        code = document.get("exitCode")
        super().__init__(message + (f" ({hint})" if hint else ""), code if isinstance(code, int) else 70)


class Tool:
    """The command in a directory that the step `get` made."""

    def __init__(self, directory: str, channel: Channel) -> None:
        self.path = os.path.join(directory, "bin", policy.COMMAND)
        self.channel = channel

    def ask(self, command: str, options: Iterable[str] = (), places: Iterable[str] = ()) -> dict[str, Any]:
        """Runs a command; places stand behind the options, whatever they begin with. Exit 1 is an answer."""
        argv = [self.path, command, "--json", *options, "--", *places]
        return self._run(argv, b"")

    def hash_text(self, text: str) -> str:
        argv = [self.path, "hash", "--json", "--", "-"]
        return str(self._run(argv, text.encode("utf-8", "surrogateescape"))["files"][0]["hash"])

    def _run(self, argv: list[str], text: bytes) -> dict[str, Any]:
        try:
            done = subprocess.run(argv, input=text, capture_output=True, check=False)
        except OSError as error:
            raise Failure(f"template-cli cannot be started: {error.strerror}", 3) from None
        try:
            document = json.loads(done.stdout)
        except ValueError:
            self.channel.quote(done.stderr.decode("utf-8", "replace"))
            raise Failure(f"template-cli {argv[1]} gave no answer, exit {done.returncode}", 70) from None
        if done.returncode > 1 or done.returncode < 0:
            raise Refusal(document)
        self.channel.quote(done.stderr.decode("utf-8", "replace"))
        return dict(document)
