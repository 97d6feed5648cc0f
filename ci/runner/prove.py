"""Shows that gates can turn red: each mutation, in a scratch copy, must give the expected finding."""

from __future__ import annotations

import contextlib
import os
import sys
import time

from ci import policy
from ci.runner import registry
from ci.runner.changed import allowed
from ci.runner.context import Context
from ci.runner.model import FAILED, NOT_NEEDED, PASSED, Broken, Finding, Result
from ci.runner.places import Spot, fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from ci.runner.context import Shared
    from ci.runner.model import Edit, Gate, Mutation
    from ci.runner.report import Report


class Misfit(Exception):
    """A mutation does not fit the sources any more."""


class Copy:
    """A checkout of its own under build/prove, kept between proofs so that builds stay incremental."""

    def __init__(self, ctx: Context, root: str = "") -> None:
        self.ctx = ctx
        self.root = root or ctx.path("build", "prove", "tree")
        self.dirty = f"{self.root}.dirty"  # there while a mutation that is no edit is in the copy

    def refresh(self) -> None:
        """Makes the copy equal to the project's files, touching only what differs."""
        from ci.runner.process import output
        from ci.runner.tree import Tree

        if os.path.exists(self.dirty):  # nobody was left to take it back
            import shutil

            shutil.rmtree(self.root)
            os.remove(self.dirty)
        os.makedirs(os.path.join(self.root, "build"), exist_ok=True)
        if not os.path.isdir(os.path.join(self.root, ".git")):
            output(["git", "init", "-q"], self.root)
        for name in policy.SHARED:
            shared = os.path.join(self.root, "build", name)
            if not os.path.islink(shared):
                os.makedirs(self.ctx.path("build", name), exist_ok=True)
                os.symlink(self.ctx.path("build", name), shared)
        wanted = self.ctx.shared.tree.paths()  # a copy is of all, whoever asks for it
        for path in set(Tree(self.root).paths()) - set(wanted):
            os.remove(os.path.join(self.root, path))
        for path in wanted:
            self._copy(path)

    def _copy(self, path: str) -> None:
        target = os.path.join(self.root, path)
        source = self.ctx.path(path)
        content, mode = read(source), os.stat(source).st_mode
        if content != read(target):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "wb") as file:
                file.write(content or b"")
        if os.stat(target).st_mode != mode:
            os.chmod(target, mode)

    def run(self, names: Sequence[str], args: Sequence[str] = ()) -> dict[str, Any]:
        """Runs gates in the copy, with the copy's own runner; the results by name."""
        import json

        argv = [sys.executable, "-I", "-S", "-X", "utf8", "ci.py", *names, "--fresh", "--json"]
        done = self.ctx.run([*argv, *(["--", *args] if args else [])], cwd=self.root)
        last = done.text.rstrip().rpartition("\n")[2]
        if not last.startswith("{"):
            raise Broken([self.ctx.failure(done)])
        return {gate["name"]: gate for gate in json.loads(last)["gates"]}

    @contextlib.contextmanager
    def mutated(self, mutation: Mutation) -> Iterator[list[Spot]]:
        """The copy with a fault in it, and the lines that the fault is in."""
        before = {edit.path: read(os.path.join(self.root, edit.path)) for edit in mutation.edits}
        undo = None
        try:
            spots = [self.apply(edit) for edit in mutation.edits]
            if mutation.act:
                open(self.dirty, "w").close()
                undo = mutation.act(self.root)
            yield spots
        finally:
            if undo:
                undo()
                os.remove(self.dirty)
            for path, content in before.items():
                self._restore(os.path.join(self.root, path), content)

    @contextlib.contextmanager
    def narrowed(self, patterns: Sequence[str]) -> Iterator[int]:
        """Takes away all files but those that match; how many that are. Moved, so that they come back as they were."""
        from ci.runner.tree import Tree, matcher

        kept, aside = matcher(patterns), os.path.join(os.path.dirname(self.root), "aside")
        away = [path for path in Tree(self.root).paths() if not kept.fullmatch(path)]
        try:
            for path in away:
                move(os.path.join(self.root, path), os.path.join(aside, path))
            yield len(away)
        finally:
            for path in away:
                move(os.path.join(aside, path), os.path.join(self.root, path))

    def apply(self, edit: Edit) -> Spot:
        path = os.path.join(self.root, edit.path)
        text = (read(path) or b"").decode()
        if edit.find and text.count(edit.find) != 1:
            raise Misfit(f"{edit.path} holds {text.count(edit.find)} times, not once: {edit.find}")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text.replace(edit.find, edit.text) if edit.find else text + edit.text)
        return Spot(edit, text)

    def _restore(self, path: str, content: bytes | None) -> None:
        if content is None:
            os.remove(path)
            return
        with open(path, "wb") as file:
            file.write(content)


def move(path: str, target: str) -> None:
    if os.path.lexists(path):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.replace(path, target)


def read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def revive(answer: Mapping[str, Any]) -> list[Finding]:
    """The findings in a gate's answer."""
    return [Finding(**finding) for finding in answer["findings"]]


def caught(answer: Mapping[str, Any], expect: str) -> list[Finding]:
    """The findings that a mutation was to give, of those that the gate gave."""
    findings = revive(answer) if answer["status"] == FAILED else []
    return [finding for finding in findings if expect in str(finding) or expect in finding.details]


def missed(answer: Mapping[str, Any], mutation: Mutation) -> Finding:
    said = [finding["message"] for finding in answer["findings"]] or [answer["reason"]]
    message = f"not caught: {mutation.what}: {answer['status']}, expected {mutation.expect!r}"
    return Finding(message, details="\n".join(said))


def undeclared(gate: Gate, gates: Mapping[str, Gate], copy: Copy, report: Report) -> list[Finding]:
    """A gate that cannot do without a file that it does not declare would be left out when that file changes."""
    if gate.always:
        return []
    report.started(gate.name, [f"{gate.name}: its inputs alone"])
    with copy.narrowed(allowed(gates, gate.name)) as away:
        answer = copy.run([gate.name], gate.mutations[0].args)[gate.name] if away else None
    if answer is None or answer["status"] != FAILED:
        return []
    return [Finding("red where its inputs are alone: it reads more than it says"), *revive(answer)]


def prove_gate(gate: Gate, copy: Copy, report: Report, proof: list[tuple[str, str]]) -> list[Finding]:
    """The mutations that the gate let through; `proof` gets those that it caught."""
    if not gate.mutations:
        return [Finding("has no mutation: nothing shows that it can turn red")]
    findings = undeclared(gate, registry.with_needs([gate.name]), copy, report)
    for mutation in gate.mutations:
        report.started(gate.name, [f"{gate.name}: {mutation.what}"])
        try:
            with copy.mutated(mutation) as spots:
                answer = copy.run([gate.name], mutation.args)[gate.name]
                found = {str(f): fault(f, mutation, spots, copy.root) for f in caught(answer, mutation.expect)}
        except Misfit as misfit:
            findings.append(Finding(f"does not apply: {mutation.what}: {misfit}"))
            continue
        finding = next((each for each, misplaced in found.items() if not misplaced), "")
        if finding:
            proof.append((mutation.what, finding))
            report.say(f"red        {gate.name}: {mutation.what} -> {finding}")
        elif found:
            each, misplaced = next(iter(found.items()))
            findings.append(Finding(f"caught elsewhere: {mutation.what}: {misplaced}: {each}"))
        else:
            findings.append(missed(answer, mutation))
    return findings


def unmutated(gates: Sequence[Gate], copy: Copy) -> dict[str, Any]:
    """Each gate's answer without a mutation, with the same arguments as with one."""
    plain = [gate.name for gate in gates if not any(mutation.args for mutation in gate.mutations)]
    answers = copy.run(plain) if plain else {}
    for gate in gates:
        for args in dict.fromkeys(mutation.args for mutation in gate.mutations if gate.name not in plain):
            answer = copy.run([gate.name], args)[gate.name]
            if answers.setdefault(gate.name, answer)["status"] == PASSED:  # the worst of them counts
                answers[gate.name] = answer
    return answers


def prove(gates: Sequence[Gate], shared: Shared, report: Report, results: list[Result]) -> None:
    """Green, red at each mutation, green again. Each gate's result goes into `results` as soon as it is there."""
    copy = Copy(Context(shared, "prove"))
    copy.refresh()
    report.started("prove", ["all gates, as a baseline"])
    before = unmutated(gates, copy)
    for gate in gates:
        began = time.monotonic()
        status, reason, findings = before[gate.name]["status"], before[gate.name]["reason"], []
        proof: list[tuple[str, str]] = []
        if status in (PASSED, NOT_NEEDED):
            findings = prove_gate(gate, copy, report, proof)
        elif status == FAILED:
            findings = [Finding("red before any mutation"), *revive(before[gate.name])]
        status = FAILED if findings else PASSED if status == NOT_NEEDED else status
        result = Result(gate.name, status, reason=reason, findings=findings, seconds=time.monotonic() - began)
        result.began, result.proof = began, proof
        results.append(result)
    report.started("prove", ["all gates, once more"])
    passed = {result.name for result in results if result.status == PASSED}
    after = unmutated([gate for gate in gates if gate.name in passed], copy)
    for result in results:
        if result.status == PASSED and after[result.name]["status"] != before[result.name]["status"]:
            result.status = FAILED
            result.findings.append(Finding("still red after its mutations were taken back"))
        report.ended(result, [])
