"""The way to the workflow's runner: lines that are commands, files that hold outputs. Whatever comes from elsewhere is
data on it: it can neither end a value nor begin a command."""

from __future__ import annotations

import secrets
import sys

from ci import policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

TITLE = policy.PACKAGE.replace("_", "-")


class Failure(Exception):
    """Ends the step with one line for the user and an exit code."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code


def data(text: str) -> str:
    """Text as the message of a command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def value(text: str) -> str:
    """Text as a property of a command."""
    return data(text).replace(":", "%3A").replace(",", "%2C")


def plain(text: str, limit: int = 300) -> str:
    """Text of others for one line: printable, of bounded length."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[: limit + 1])
    return shown if len(shown) <= limit else shown[:limit] + "..."


class Channel:
    """One step's side of it."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def _print(self, line: str) -> None:
        sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")
        sys.stdout.buffer.flush()

    def command(self, name: str, message: str, **properties: str | int) -> None:
        told = ",".join(f"{key}={value(str(text))}" for key, text in properties.items())
        self._print(f"::{name} {told}::{data(message)}")

    def failed(self, message: str) -> None:
        self.command("error", plain(message, policy.ACTION_MESSAGE), title=TITLE)

    def quote(self, text: str) -> None:
        """Shows what others wrote; the runner takes no command from it."""
        if text.strip():
            token = secrets.token_hex(16)
            self._print(f"::stop-commands::{token}\n{text.rstrip()}\n::{token}::")

    def _append(self, variable: str, text: str) -> None:
        path = self.environ.get(variable)
        if not path:
            raise Failure(f"{variable} is not set: this is no step of a workflow", 3)
        with open(path, "ab") as file:
            file.write(text.encode("utf-8", "surrogateescape"))

    def output(self, name: str, text: str) -> None:
        end = f"end-{secrets.token_hex(16)}"
        self._append("GITHUB_OUTPUT", f"{name}<<{end}\n{text}\n{end}\n")

    def path(self, folder: str) -> None:
        if "\n" in folder or "\r" in folder:
            raise Failure("the runner's temporary folder has a line break in its name", 3)
        self._append("GITHUB_PATH", folder + "\n")

    def summary(self, text: str) -> None:
        self._append("GITHUB_STEP_SUMMARY", text)
