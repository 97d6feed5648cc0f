"""The command line of ./ci.sh."""

from __future__ import annotations

import os
import sys

from ci.runner import registry
from ci.runner.model import FAILED, Broken
from ci.runner.signals import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import FrameType

    from ci.runner.kept import Kept
    from ci.runner.model import Gate, Result

USAGE = """\
usage: ./ci.sh GATE... [OPTION...] [-- ARGUMENT...]
                                  run these gates and what they need
       ./ci.sh all | deep         what a pull request needs | the slow ones too
       ./ci.sh prove [GATE...]    show that each gate can turn red
       ./ci.sh report [-o FILE]   a page about the last runs
       ./ci.sh new-gate NAME      write a gate with a proof and tests
       ./ci.sh demo | dev         see it work | edit it live
       ./ci.sh doctor [--fix]     what is missing | get it
       ./ci.sh hooks install | uninstall | status [--git] [--claude] [--codex]
                                  guards in this checkout

options:
  --fix            mend what the gate can mend, then check
  --no-skips       a skipped gate is a failed one; no earlier pass counts
  --fresh          ask again what has passed and is unchanged since
  --fail-fast      stop at the first failure
  --jobs N, -j N   gates at once (default: the machine's cores)
  --timeout S      seconds a gate may take (default: each gate's own limit)
  --timings        at the end, where the time went, and the longest chain
  --changed[=REF]  leave out gates that read nothing which differs from REF
                   (default: HEAD)
  --json[=FILE]    the results as JSON (no FILE: on stdout, all else on stderr)
  --junit=FILE     the results as JUnit XML
  --sarif=FILE     the results as SARIF 2.1.0
  --annotations    annotations for GitHub (default: when it runs this)
  --list           what this prints below
Arguments after -- go to the gate (./ci.sh pytest -- -k name).
"""
COMMANDS = ("demo", "dev", "doctor", "hooks", "new-gate", "prove", "report")
WORDS_OF = {"hooks": ("install", "uninstall", "status")}  # what a command takes that is no gate
GROUPS = ("all", "deep")
ASK_ANEW = ("fresh", "fix", "no-skips")  # options with which no kept pass answers
FORMS = ("json", "junit", "sarif")  # of --FORM=FILE
ENVIRONMENT, USAGE_ERROR, INTERRUPTED = 3, 2, 130


class Usage(Exception):
    """The command line makes no sense; says why in a line."""


class Request:
    """A parsed command line."""

    def __init__(self, argv: Sequence[str]) -> None:
        self.names: list[str] = []
        self.rest: list[str] = []
        flags = ("fix", "fresh", "no-skips", "fail-fast", "json", "annotations", "timings", "list", "help")
        self.flags = dict.fromkeys(flags, False)
        self.numbers = {"jobs": 0.0, "timeout": 0.0}
        self.since = ""  # of --changed
        self.files: dict[str, str] = {}  # form -> where to
        self.argv = list(argv)
        self.line = " ".join(["./ci.sh", *argv])
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
        key = "help" if name == "-h" else name[2:] if name.startswith("--") else ""
        if key == "changed":
            self.since = value or "HEAD"
        elif key in FORMS and (value or key not in self.flags):
            if not value:
                raise Usage(f"{name} takes a file: {name}=FILE")
            self.files[key] = os.path.abspath(value)  # seen from where the caller is
        elif key in self.flags and not equals:
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


class Session:
    """What running gates and proving them have in common."""

    def __init__(self, root: str, request: Request, gates: Mapping[str, Gate]) -> None:
        from ci.outputs.outlets import Outlets
        from ci.runner.context import Shared
        from ci.runner.report import Report
        from ci.runner.schedule import Options
        from ci.runner.streams import private
        from ci.runner.tree import Tree

        os.chdir(root)
        self.gates = gates
        self.outlets = Outlets(root, request.argv, request.files, request.flags["annotations"], request.flags["json"])
        self.options = Options(
            jobs=int(request.numbers["jobs"]),
            timeout=request.numbers["timeout"],
            no_skips=request.flags["no-skips"],
            fail_fast=request.flags["fail-fast"],
            fix=request.flags["fix"],
            timings=request.flags["timings"],
        )
        width = max((len(name) for name in gates), default=0)
        self.report = Report(private(sys.stderr if request.flags["json"] else sys.stdout), width)
        self.shared = Shared(Tree(root), self.options.jobs, self.report.say, self.options.no_skips)
        self.shared.alone = True
        self.shared.supervisor.open()  # it gets ready while we look around

    def go(self, run: Callable[[], Sequence[Result]], known: Callable[[], list[Result]]) -> int:
        """Runs, and says what came of it, also when the run is interrupted: then, what is `known`."""
        try:
            self.outlets.open(self.report)
        except OSError as error:
            raise Usage(f"{error.filename or error}: {error.strerror}" if error.strerror else str(error)) from None
        try:
            results = run()
        except BaseException as error:
            lost = error.findings if isinstance(error, Broken) else None
            for finding in lost or ():
                self.report.finding(finding)
            self.outlets.close(self.report, known(), self.gates, interrupted=True)
            if lost is None:
                raise
            return 1
        good = self.outlets.close(self.report, results, self.gates, interrupted=False)
        return 1 if any(result.status == FAILED for result in results) else 0 if good else ENVIRONMENT


def run_gates(root: str, request: Request) -> int:
    from ci.runner.changed import unneeded
    from ci.runner.schedule import Run

    asked = gate_names(request.names)
    if request.rest and len(asked) != 1:
        raise Usage("arguments after -- need exactly one gate")
    gates = registry.with_needs(asked)
    session = Session(root, request, gates)
    args = {asked[0]: request.rest}

    def look() -> tuple[Kept | None, dict[str, str]]:
        kept = kept_passes(root, gates, args)
        reasons = kept.reasons() if kept and not any(request.flags[name] for name in ASK_ANEW) else {}
        if request.since:
            reasons.update(unconcerned(root, request.since, gates))
        return kept, unneeded(gates, asked, reasons)

    kept, left_out = look()
    run = Run(gates, session.shared, session.options, session.report, args, left_out)

    def go() -> list[Result]:
        nonlocal kept
        session.shared.builds = not registry.building(gates) <= left_out.keys()
        if session.shared.builds and session.shared.claim(request.line):
            kept, run.unneeded = look()  # much may be different by now
        results = run.go()
        session.outlets.timings = run.timings.as_dict() if run.timings else {}
        if kept:
            kept.keep(results)
        return results

    return session.go(go, run.known)


def kept_passes(root: str, gates: Mapping[str, Gate], args: Mapping[str, Sequence[str]]) -> Kept | None:
    """None where no gate's answer hangs on files alone."""
    if all(gate.always for gate in gates.values()):
        return None
    from ci.runner.kept import Kept

    return Kept(root, gates, args)


def unconcerned(root: str, since: str, gates: Mapping[str, Gate]) -> dict[str, str]:
    from ci.runner import changed

    try:
        return changed.unconcerned(gates, changed.paths(root, since), since)
    except OSError as error:
        raise Usage(f"--changed={since}: {error}") from None


def prove(root: str, request: Request) -> int:
    from ci.runner.prove import prove as prove_gates
    from ci.runner.schedule import refuse_skips, unfinished
    from ci.tools.lock import locked

    gates = {name: registry.load(name) for name in gate_names(request.names[1:] or ["deep"])}
    session = Session(root, request, gates)
    results: list[Result] = []

    def go() -> list[Result]:
        with locked(root, "prove", lambda: session.report.say("waits for another proof in this checkout")):
            try:
                prove_gates(list(gates.values()), session.shared, session.report, results)
            finally:
                session.shared.close()
        return [refuse_skips(result) for result in results] if session.options.no_skips else results

    return session.go(go, lambda: unfinished(gates, results))


def task(root: str, request: Request, command: str) -> int:
    """demo, dev, doctor: not gates, but made of what gates are made of."""
    from ci.runner.context import Context
    from ci.runner.model import Skip

    session = Session(root, request, {})
    ctx = Context(session.shared, command)
    try:
        if command == "doctor":
            from ci.tools import doctor

            return doctor.run(ctx, session.options.fix)
        if command == "demo":
            from ci.tools import demo

            session.shared.claim(request.line)
            return demo.run(ctx)
        from ci.tools import dev

        session.shared.claim(request.line)

        return dev.run(ctx)
    except Broken as broken:
        for finding in broken.findings:
            session.report.finding(finding)
        return 1
    except Skip as skip:
        session.report.say(f"ci.sh: {skip}")
        return ENVIRONMENT
    finally:
        session.shared.close()


def dispatch(root: str, argv: Sequence[str]) -> int:
    if argv[:1] == ["hooks"]:
        from ci.hooks.install import main as hooks

        return hooks(root, argv[1:])
    if argv[:1] == ["report"]:
        from ci.outputs.page import main as report

        return report(root, argv[1:])
    if argv[:1] == ["new-gate"]:
        from ci.tools.scaffold import main as new_gate

        return new_gate(root, argv[1:], (*COMMANDS, *GROUPS))
    request = Request(argv)
    if request.flags["help"] or request.flags["list"] or not request.names:
        print(catalogue())
        return 0
    command = request.names[0]
    if command not in COMMANDS:
        return run_gates(root, request)
    if request.rest:
        raise Usage(f"{command} takes no arguments after --")
    if command == "prove":
        return prove(root, request)
    if request.names[1:]:
        raise Usage(f"{command} takes no names")
    return task(root, request, command)


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
