"""The words that gates and runner share."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ci.runner.context import Context

PASSED = "passed"
FAILED = "failed"
SKIPPED = "skipped"
NOT_NEEDED = "not needed"


class Finding:
    """One thing that is wrong, where it is, and, if that helps, what a tool said about it."""

    def __init__(self, message: str, path: str = "", line: int = 0, details: str = "") -> None:
        self.message = message
        self.path = path
        self.line = line
        self.details = details

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}: " if self.line else f"{self.path}: " if self.path else ""
        return place + self.message

    def as_dict(self) -> dict[str, object]:
        return {
            "path": self.path,
            "line": self.line,
            "message": self.message,
            "details": self.details,
        }


class Skip(Exception):
    """The gate cannot answer here; says what is missing and how to get it."""


class NotNeeded(Exception):
    """The gate has nothing to ask of this tree; says why."""


class Broken(Exception):
    """A step that the gate builds on failed; carries the findings that say how."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        super().__init__("step failed")
        self.findings = list(findings)


class Edit:
    """A change to one file of a scratch copy: replace text once, append it, or (new) create the file."""

    def __init__(self, path: str, find: str = "", text: str = "") -> None:
        self.path = path
        self.find = find
        self.text = text


class Mutation:
    """A fault that must turn its gate red with a finding that contains `expect`."""

    def __init__(
        self,
        what: str,
        expect: str,
        edits: Iterable[Edit] = (),
        *,
        act: Callable[[str], Callable[[], None]] | None = None,
        args: Iterable[str] = (),
        at: str = "",
    ) -> None:
        self.what = what
        self.expect = expect
        self.edits = tuple(edits)
        self.act = act  # for a fault that is no edit: root -> how to undo it
        self.at = at  # where the finding points (a glob), when that is not where the edits are
        self.args = tuple(args)  # passed through to the gate, mutated or not, to narrow what it runs


class Gate:
    """What a gate is: metadata, and one function from context to findings."""

    def __init__(
        self,
        summary: str,
        check: Callable[[Context], Iterable[Finding]],
        *,
        inputs: Iterable[str],
        mutations: Iterable[Mutation],
        needs: Iterable[str] = (),
        tools: Iterable[str] = (),
        fix: Callable[[Context], None] | None = None,
        deep: bool = False,
        seconds: float = 1,
        timeout: float = 600,
        always: str = "",
        alone: bool = False,
        builds: bool = False,
    ) -> None:
        self.name = ""  # the registry sets it from the file's name
        self.summary = summary
        self.check = check
        self.inputs = tuple(inputs)
        self.mutations = tuple(mutations)
        self.needs = tuple(needs)
        self.tools = tuple(tools)
        self.fix = fix
        self.deep = deep
        self.seconds = seconds  # roughly how long it takes: what takes long starts early
        self.timeout = timeout
        self.always = always  # what its answer hangs on beside files and tools: a pass is not kept then
        self.alone = alone  # it measures times: no other gate runs beside it
        self.builds = builds  # in folders that runs share; so does what needs it: one such run at a time


class Result:
    """How a gate ended."""

    def __init__(
        self,
        name: str,
        status: str,
        *,
        reason: str = "",
        seconds: float = 0.0,
        findings: Iterable[Finding] = (),
    ) -> None:
        self.name = name
        self.status = status
        self.reason = reason
        self.seconds = seconds
        self.findings = list(findings)
        self.began: float | None = None  # by time.monotonic(); None if it never did
        self.proof: list[tuple[str, str]] | None = None  # mutations and what they gave; None in a plain run
        self.words = ""  # what else the command line needs to give this again

    @property
    def reproduce(self) -> str:
        prove = "" if self.proof is None else "prove "
        return f"./ci.sh {prove}{self.name} {self.words}".rstrip()

    def as_dict(self) -> dict[str, object]:
        proof = [{"what": what, "finding": finding} for what, finding in self.proof or ()]
        return {
            **({} if self.proof is None else {"mutations": proof}),
            "name": self.name,
            "status": self.status,
            "reason": self.reason,
            "seconds": round(self.seconds, 3),
            "findings": [finding.as_dict() for finding in self.findings],
            "reproduce": self.reproduce,
        }
