"""./ci.sh hooks: writes guards into a maintainer's checkout, and puts back what was there."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shlex
import sys

from ci.runner.process import output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

USAGE = "usage: ./ci.sh hooks install|uninstall|status [--git] [--claude] [--codex]"
AGENTS = {"claude": ".claude/settings.local.json", "codex": ".codex/hooks.json"}
EVENTS = ("pre-commit", "commit-msg")
KINDS = ("git", *AGENTS)
HERE = os.path.dirname(os.path.abspath(__file__))


class Refused(Exception):
    """It cannot be done without losing something; says what."""


def read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def write(path: str, content: bytes, mode: int = 0o644) -> None:
    """All of it or nothing, under its name."""
    with open(f"{path}.new", "wb") as file:
        file.write(content)
    os.chmod(f"{path}.new", mode)
    os.replace(f"{path}.new", path)


def template(name: str, **words: str) -> str:
    with open(os.path.join(HERE, "templates", name), encoding="utf-8") as file:
        text = file.read()
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    return text


class Installer:
    """The hooks of one kind in one checkout, and the record of what they replaced."""

    def __init__(self, root: str, kind: str) -> None:
        self.root = root
        self.kind = kind
        which = "--git-common-dir" if kind == "git" else "--git-dir"  # git's hooks are shared by all work trees
        self.folder = os.path.join(self._git(which), "ci-hooks")
        self.record = os.path.join(self.folder, f"{kind}.json")

    def _git(self, *words: str) -> str:
        return os.path.join(self.root, output(["git", "rev-parse", *words], self.root).strip())

    def targets(self) -> dict[str, tuple[bytes, int]]:
        """Path -> what to write there."""
        if self.kind == "git":
            hooks = os.path.realpath(self._git("--git-path", "hooks"))
            if os.path.dirname(hooks) != os.path.realpath(os.path.dirname(self.folder)):
                raise Refused(f"core.hooksPath is {hooks}, which is not this repository's own folder")
            return {os.path.join(hooks, event): (self._script(event), 0o755) for event in EVENTS}
        path = os.path.join(self.root, AGENTS[self.kind])
        return {path: (self._merged(path, read(path)), 0o644)}

    def _script(self, event: str) -> bytes:
        before = shlex.quote(os.path.join(self.folder, f"{event}.before"))
        return template("git.sh", BEFORE=before, EVENT=event).encode()

    def _ours(self) -> dict[str, Any]:
        guard = shlex.quote(os.path.join(self.root, "ci", "hooks", "guard.py"))
        text = template("agent.json", GUARD=json.dumps(guard)[1:-1])
        hooks: dict[str, Any] = json.loads(text)["hooks"]
        return hooks

    def _merged(self, path: str, before: bytes | None) -> bytes:
        """Settings with our hooks behind those that are there."""
        try:
            settings = json.loads(before or b"{}")
            for event, entries in self._ours().items():
                there = settings.setdefault("hooks", {}).setdefault(event, [])
                there.extend(entry for entry in entries if entry not in there)
        except (ValueError, AttributeError) as error:
            raise Refused(f"{path} is not settings that can be added to: {error}") from None
        return f"{json.dumps(settings, indent=2, ensure_ascii=False)}\n".encode()

    def install(self) -> list[str]:
        if self.installed():
            self.uninstall()
        written = self.targets()
        os.makedirs(self.folder, exist_ok=True)
        record = {}
        for path, (content, _) in written.items():
            before = read(path)
            kept = None if before is None else base64.b64encode(before).decode()
            was = 0 if before is None else os.stat(path).st_mode & 0o7777
            folder = os.path.dirname(path)
            made = "" if os.path.isdir(folder) else folder
            record[path] = {"before": kept, "mode": was, "made": made, "after": hashlib.sha256(content).hexdigest()}
            if before is not None and was & 0o100:
                write(os.path.join(self.folder, f"{os.path.basename(path)}.before"), before, was)
        write(self.record, json.dumps(record, indent=1).encode())  # first, so that nothing is written unrecorded
        for path, (content, mode) in written.items():
            os.makedirs(os.path.dirname(path), exist_ok=True)
            write(path, content, mode)
        return list(written)

    def installed(self) -> bool:
        return os.path.exists(self.record)

    def uninstall(self) -> list[str]:
        record, refused = self._recorded(), []
        for path, kept in record.items():
            try:
                self._take_out(path, kept)
            except Refused as why:
                refused.append(str(why))
        if refused:
            raise Refused("\n".join(refused))
        if record:
            os.remove(self.record)
        if os.path.isdir(self.folder) and not os.listdir(self.folder):
            os.rmdir(self.folder)
        return list(record)

    def _recorded(self) -> dict[str, Any]:
        content = read(self.record)
        try:
            record: dict[str, Any] = {} if content is None else json.loads(content)
            for kept in record.values():
                _before(kept)
                _ = kept["mode"] + 0, kept["made"] + "", kept["after"] + ""
        except (ValueError, LookupError, TypeError, AttributeError):
            words = "put back what the hooks replaced, then delete this record of it"
            raise Refused(f"{self.record} is damaged: {words}") from None
        return record

    def _take_out(self, path: str, kept: dict[str, Any]) -> None:
        now = read(path)
        if now is not None and now != _before(kept) and hashlib.sha256(now).hexdigest() != kept["after"]:
            if self.kind == "git":
                raise Refused(f"{path} was changed since; take what you want to keep out of it and delete it")
            write(path, self._without(path, now))
            print(f"{path} was changed since: only the hooks were taken out")
        else:
            _restore(path, kept)
        aside = os.path.join(self.folder, f"{os.path.basename(path)}.before")
        if os.path.exists(aside):
            os.remove(aside)

    def _without(self, path: str, now: bytes) -> bytes:
        try:
            settings = json.loads(now)
            for event, entries in self._ours().items():
                settings["hooks"][event] = [entry for entry in settings["hooks"].get(event, []) if entry not in entries]
                if not settings["hooks"][event]:
                    del settings["hooks"][event]
            if not settings["hooks"]:
                del settings["hooks"]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Refused(f"{path} was changed since and cannot be read ({error!r}): take the hooks out") from None
        return f"{json.dumps(settings, indent=2, ensure_ascii=False)}\n".encode()


def _before(kept: dict[str, Any]) -> bytes | None:
    return None if kept["before"] is None else base64.b64decode(kept["before"])


def _restore(path: str, kept: dict[str, Any]) -> None:
    before = _before(kept)
    if before is not None:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write(path, before, kept["mode"])
        return
    if os.path.exists(path):
        os.remove(path)
    if kept["made"] and os.path.isdir(kept["made"]) and not os.listdir(kept["made"]):
        os.rmdir(kept["made"])


def main(root: str, argv: Sequence[str]) -> int:
    verb, kinds = (argv[0] if argv else ""), [word[2:] for word in argv[1:]]
    known = all(word.startswith("--") and word[2:] in KINDS for word in argv[1:])
    if verb not in ("install", "uninstall", "status") or not known or (verb == "install" and not kinds):
        print(f"ci.sh: {USAGE}", file=sys.stderr)
        return 2
    code = 0
    for kind in kinds or KINDS:
        installer = Installer(root, kind)
        try:
            if verb == "status":
                print(f"{kind:<8} {'installed' if installer.installed() else 'not installed'}")
            elif verb == "install" or installer.installed():
                done = installer.install() if verb == "install" else installer.uninstall()
                print("\n".join(f"{'written' if verb == 'install' else 'restored'}: {path}" for path in done))
        except Refused as refused:
            for line in str(refused).splitlines():
                print(f"ci.sh: {line}", file=sys.stderr)
            code = 1
    return code
