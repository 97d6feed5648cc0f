"""Where the results of one run go, besides the text on the screen."""

from __future__ import annotations

import os
import sys

from ci.outputs import document, files
from ci.outputs.plain import as_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ci.outputs.document import Document
    from ci.runner.model import Gate, Result
    from ci.runner.report import Report


def on_github() -> bool:
    """Whether this is a step on GitHub, and not a run within another run."""
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return False
    from ci.runner.process import MARK

    return MARK not in os.environ


def _done(what: str, job: Callable[..., None], *arguments: object) -> bool:
    try:
        job(*arguments)
    except OSError as error:
        print(f"ci.sh: {what}: not written: {error.strerror or error}", file=sys.stderr)
        return False
    return True


class Outlets:
    """Files that were asked for, GitHub if it listens, and the results that are kept."""

    def __init__(self, root: str, argv: Sequence[str], paths: Mapping[str, str], annotate: bool, stdout: bool) -> None:
        self.root = root
        self.argv = list(argv)
        self.paths = dict(paths)  # form -> file
        self.annotate = annotate or on_github()
        self.stdout = stdout  # JSON goes there, too
        self.resume = ""
        self.clock = document.Clock()
        self.timings: dict[str, object] = {}  # of a run that came to its end

    def open(self, report: Report) -> None:
        """Before the run: raises OSError for a file that could not be written after it."""
        for path in self.paths.values():
            files.ready(path)
        if self.annotate:
            token = os.urandom(16).hex()  # until it is said again, GitHub takes no line of the log for a command
            report.say(f"::stop-commands::{token}")
            self.resume = f"::{token}::"

    def close(self, report: Report, results: Sequence[Result], gates: Mapping[str, Gate], interrupted: bool) -> bool:
        """After the run, however it ended; whether all could be written."""
        run = document.build(results, gates, self.clock, self.root, self.argv, interrupted)
        if self.timings:
            run["timings"] = self.timings
        if self.annotate:
            from ci.outputs import github

            for line in (self.resume, *github.notes(run, self.root)):
                report.say(line)
        good = True
        for form, path in self.paths.items():
            good = _done(path, self._write, form, path, run) and good
        good = _done("the step's summary", self._summary, run) and good
        _done("the kept results", self._keep, run)
        report.close(results)
        if self.stdout:
            print(as_json(run), flush=True)
        return good

    def _write(self, form: str, path: str, run: Document) -> None:
        if form == "junit":
            from ci.outputs.junit import as_junit

            text = as_junit(run)
        elif form == "sarif":
            from ci.outputs.sarif import as_sarif

            text = as_sarif(run, self.root)
        else:
            text = as_json(run) + "\n"
        files.write(path, text)

    def _summary(self, run: Document) -> None:
        path = os.environ.get("GITHUB_STEP_SUMMARY")
        if not self.annotate or not path:
            return
        from ci import policy
        from ci.outputs import github

        there = os.path.getsize(path) if os.path.exists(path) else 0
        with open(path, "a", encoding="utf-8") as file:
            file.write(github.summary(run, policy.SUMMARY_BYTES - there))

    def _keep(self, run: Document) -> None:
        from ci.outputs import history

        history.keep(self.root, run)
