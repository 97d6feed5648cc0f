"""The command line of ./ci.sh."""

from __future__ import annotations

import os
import signal
import sys
import time

from ci.runner import registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

USAGE = """\
usage: ./ci.sh GATE... [OPTION...] [-- ARGUMENT...]    run these gates and what they need
       ./ci.sh all | deep                              what a pull request needs | the slow ones too
       ./ci.sh prove [GATE...]                         show that each gate can turn red
       ./ci.sh demo | dev | doctor [--fix]             see it work | edit it live | what is missing

options:
  --fix            mend what the gate can mend, then check
  --no-skips       a skipped gate is a failed one
  --fail-fast      stop at the first failure
  --jobs N, -j N   gates at once (default: the machine's cores)
  --timeout S      seconds a gate may take (default: each gate's own limit)
  --json           one JSON document on stdout, everything else on stderr
  --list           what this prints below
Arguments after -- go to the gate (./ci.sh pytest -- -k name).
"""
COMMANDS = ("demo", "dev", "doctor", "prove")
GROUPS = ("all", "deep")
ENVIRONMENT, USAGE_ERROR, INTERRUPTED = 3, 2, 130


class Usage(Exception):
    """The command line makes no sense; says why in a line."""


class Request:
    """A parsed command line."""

    def __init__(self, argv: Sequence[str]) -> None:
        self.names: list[str] = []
        self.rest: list[str] = []
        self.flags = dict.fromkeys(
            ("fix", "no-skips", "fail-fast", "json", "list", "help"), False
        )
        self.numbers = {"jobs": 0.0, "timeout": 0.0}
        words = list(argv)
        while words:
            word = words.pop(0)
            if word == "--":
                self.rest = words
                return
            if word.startswith("-"):
                self._option(word, words)
            else:
                self.names.append(word)

    def _option(self, word: str, words: list[str]) -> None:
        name, equals, value = word.partition("=")
        if name.startswith("-j") and not name.startswith("--"):
            value = name[2:] or (words.pop(0) if words else "")
            name, equals = "--jobs", "="
        key = "help" if name == "-h" else name[2:]
        if key in self.flags and not equals:
            self.flags[key] = True
        elif key in self.numbers:
            value = value if equals else (words.pop(0) if words else "")
            try:
                self.numbers[key] = float(value)
            except ValueError:
                raise Usage(f"{name} takes a number, not {value!r}") from None
            if not 0 < self.numbers[key] < 1e6:
                raise Usage(f"{name} takes a number above 0, not {value}")
        else:
            raise Usage(f"no option {name!r}")


def catalogue() -> str:
    from ci.runner.report import catalogue as lines

    return USAGE + "\ngates:\n" + lines([registry.load(name) for name in registry.names()])


def gate_names(names: Sequence[str]) -> list[str]:
    chosen: list[str] = []
    for name in names:
        if name in GROUPS:
            gates = [registry.load(each) for each in registry.names()]
            chosen += [gate.name for gate in gates if name == "deep" or not gate.deep]
        else:
            registry.load(name)
            chosen.append(name)
    return chosen


def run_gates(root: str, request: Request) -> int:
    from ci.runner import report as reports
    from ci.runner.context import Shared
    from ci.runner.schedule import Options, Run
    from ci.runner.tree import Tree

    asked = gate_names(request.names)
    if request.rest and len(asked) != 1:
        raise Usage("arguments after -- need exactly one gate")
    gates = registry.with_needs(asked)
    options = Options(
        jobs=int(request.numbers["jobs"]),
        timeout=request.numbers["timeout"],
        no_skips=request.flags["no-skips"],
        fail_fast=request.flags["fail-fast"],
        fix=request.flags["fix"],
    )
    began = time.monotonic()
    out = reports.stderr_or_stdout(request.flags["json"])
    report = reports.Report(out, max(len(name) for name in gates))
    shared = Shared(Tree(root), options.jobs, report.say)
    results = Run(gates, shared, options, report, {asked[0]: request.rest}).go()
    report.close(results)
    if request.flags["json"]:
        print(reports.as_json(results, time.monotonic() - began))
    return int(any(result.status == "failed" for result in results))


def dispatch(root: str, argv: Sequence[str]) -> int:
    request = Request(argv)
    if request.flags["help"] or request.flags["list"] or not request.names:
        print(catalogue())
        return 0
    return run_gates(root, request)


def _terminated(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)
    raise SystemExit(128 + number)


def main(root: str, argv: Sequence[str]) -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _terminated)
    try:
        code = dispatch(root, argv)
    except (Usage, registry.Unknown) as error:
        print(f"ci.sh: {error}", file=sys.stderr)
        code = USAGE_ERROR
    except KeyboardInterrupt:
        print("ci.sh: interrupted", file=sys.stderr)
        code = INTERRUPTED
    except OSError as error:
        print(f"ci.sh: {error}", file=sys.stderr)
        code = ENVIRONMENT
    return code
