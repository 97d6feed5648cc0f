"""Which lines and branches of our C the tests run: the C tests, the command's and Python's, merged."""

from __future__ import annotations

import json
import os
import re

from ci import policy
from ci.runner.model import Finding
from ci.tools import csource, ctest, native, pytests

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from ci.runner.context import Context

_MARKER = re.compile(r"\b(?:GCOVR?|LCOV)_EXCL_(?!STOP\b|BR_STOP\b)\w+(?:: (?P<reason>[^*]*\w \w[^*]*))?")


class Share:
    """How much of something ran."""

    def __init__(self, covered: int = 0, total: int = 0) -> None:
        self.covered = covered
        self.total = total

    def add(self, covered: int, total: int) -> None:
        self.covered += covered
        self.total += total

    @property
    def percent(self) -> float:
        """Cut, not rounded: 100 is all of it."""
        return self.covered * 10000 // self.total / 100 if self.total else 100.0


def source(ctx: Context, folder: str, path: str) -> str:
    """Of what a compiler's notes in a build are; CMake writes `__` for a parent."""
    of_target = os.path.relpath(path, folder)[: -len(".gcno")].replace("__/", "../")
    return ctx.path(os.path.normpath(re.sub(r"CMakeFiles/[^/]+\.dir/", "", of_target)))


def uncounted(ctx: Context, folder: str) -> Iterator[Finding]:
    """Sources that no target compiles with counters: nobody would miss their lines."""
    compiled = {source(ctx, folder, path) for path in made(folder, ".gcno")}
    for path in ctx.tree.glob(*(f"{area}/**/*.c" for area in policy.COVERED), but=policy.OF_SOME_MACHINES):
        if ctx.path(path) not in compiled:
            yield Finding("no target compiles this: nothing of it is counted", path, 1)


def made(folder: str, suffix: str) -> list[str]:
    """The files with that suffix in a build."""
    found = (os.path.join(place, name) for place, _, names in os.walk(folder) for name in names)
    return [path for path in found if path.endswith(suffix)]


def run(ctx: Context, unit: str = "") -> list[Finding]:
    """Runs the tests with counters from zero: all, or the C tests of one unit; findings of failed tests."""
    folder = native.built(ctx, "coverage")
    old = [path for path in made(folder, ".gcno") if not os.path.exists(source(ctx, folder, path))]
    for path in [*made(folder, ".gcda"), *old]:
        os.remove(path)
    lost = list(uncounted(ctx, folder))
    if lost:
        return lost
    if unit:
        return ctest.run(ctx, "coverage", ["-R", f"^{unit}$"])
    command = os.path.join(folder, "libs", "cli", policy.COMMAND)
    env = {"PYTHONPATH": os.path.join(folder, "python"), "TEMPLATE_CLI": command}
    env["GCOV_ERROR_FILE"] = os.devnull  # some may not write at all
    found = ctest.run(ctx, "coverage")
    return found or pytests.run(ctx, pytests.COUNTED, env)


def report(ctx: Context, unit: str = "") -> dict[str, Any]:
    """gcovr's answer, line by line; as a page and a summary, too."""
    target = ctx.scratch("coverage", unit) if unit else ctx.scratch("coverage")
    for name in os.listdir(target):
        if os.path.isfile(os.path.join(target, name)):
            os.remove(os.path.join(target, name))
    raw = os.path.join(target, "lines.json")
    argv = [ctx.tool("gcovr"), "--root", ctx.root, ctx.path("build", "coverage"), "-j", str(ctx.jobs), "--json", raw]
    argv += ["--filter", rf"libs/{tested(ctx, unit)}/src/{unit}[.]c$" if unit else r"libs/\w+/src/.*[.][ch]$"]
    argv += ["--exclude-branches-by-pattern", policy.NO_BRANCH, "--exclude-unreachable-branches"]
    argv += ["--html-details", os.path.join(target, "index.html")]
    ctx.must([*argv, "--html-self-contained", "--html-title", "What the tests run"], cwd=ctx.root)
    with open(raw, encoding="utf-8") as file:
        data: dict[str, Any] = json.load(file)
    with open(os.path.join(target, "summary.json"), "w", encoding="utf-8") as file:
        json.dump(summary(data), file, indent=1)
    return data


def tested(ctx: Context, unit: str) -> str:
    """The subproject whose C tests have one of this unit."""
    return next(iter(ctx.tree.glob(f"libs/*/tests/test_{unit}.c")), "//").split("/")[1]


def summary(data: Mapping[str, Any]) -> dict[str, Any]:
    """Percentages: of all, per area, per file."""
    total = (Share(), Share())
    areas: dict[str, tuple[Share, Share]] = {}
    files = []
    for entry in data["files"]:
        one = shares(entry)
        area = areas.setdefault(area_of(entry["file"]), (Share(), Share()))
        for which in range(2):
            total[which].add(one[which].covered, one[which].total)
            area[which].add(one[which].covered, one[which].total)
        files.append({"path": entry["file"], **_percents(one)})
    named = [{"path": name, **_percents(area)} for name, area in sorted(areas.items())]
    return {**_percents(total), "areas": named, "files": files}


def _percents(pair: tuple[Share, Share]) -> dict[str, float]:
    return {"line": pair[0].percent, "branch": pair[1].percent}


def area_of(path: str) -> str:
    return next((area for area in policy.COVERED if path.startswith(area + "/")), "")


def shares(entry: Mapping[str, Any]) -> tuple[Share, Share]:
    """A file's lines and branches."""
    lines = list(_counted(entry))
    branches = [branch for line in lines for branch in _branches(line)]
    ran = sum(line["count"] > 0 for line in lines)
    return Share(ran, len(lines)), Share(sum(branch["count"] > 0 for branch in branches), len(branches))


def _counted(entry: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (line for line in entry["lines"] if not line.get("gcovr/excluded") and not line.get("gcovr/noncode"))


def _branches(line: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [branch for branch in line.get("branches", []) if not branch.get("gcovr/excluded")]


def lacking(data: Mapping[str, Any], alone: bool = False) -> Iterator[Finding]:
    """What never runs in the areas that are below their share, and areas without a line; `alone`: of a unit by its test."""
    areas = summary(data)["areas"]
    there = {area["path"] for area in areas}
    for path in policy.COVERED if not alone else ():
        if path not in there:
            yield Finding("no line of it is counted: was it built (preset coverage)?", path)
    if alone and not areas:
        yield Finding("no line is counted: is there such a unit, with a test of its own?")
    for area in areas:
        least = policy.COVERED_ALONE if alone else policy.COVERED.get(area["path"])
        if least is None:
            continue
        entries = [entry for entry in data["files"] if area_of(entry["file"]) == area["path"]]
        for kind, percent, limit in (("line", area["line"], least[0]), ("branch", area["branch"], least[1])):
            if percent < limit:
                what = "lines" if kind == "line" else "branches"
                yield Finding(f"{percent:.2f} % of the {what} run, at least {limit:g} % must", area["path"])
                for entry in entries:
                    yield from _missed(entry, kind)


def _missed(entry: Mapping[str, Any], kind: str) -> Iterator[Finding]:
    for line in _counted(entry):
        if kind == "line" and line["count"] == 0:
            yield Finding("never runs", entry["file"], line["line_number"])
        elif kind == "branch" and line["count"]:
            branches = _branches(line)
            never = sum(branch["count"] == 0 for branch in branches)
            if never:
                yield Finding(
                    f"{never} of {len(branches)} branches are never taken", entry["file"], line["line_number"]
                )


def unexplained(path: str, text: str) -> Iterator[Finding]:
    """Markers that take lines out of the count and do not say why: `GCOVR_EXCL_LINE: in words`."""
    for match in _MARKER.finditer(text):
        if not match["reason"]:
            yield Finding(f"{match[0].partition(':')[0]} says no reason", path, csource.line_of(text, match.start()))
