"""What a run found, as a Markdown table and as one self-contained SVG chart."""

from __future__ import annotations

import math
from typing import Any
from xml.sax.saxutils import escape

ROW, LEFT, PLOT, RIGHT, TOP = 20, 430, 460, 160, 56
DECADES = (-4, 1)  # ratios from 0.0001 to 10

_STYLE = """\
:root { color-scheme: light dark; --ink: #1f2328; --faint: #d0d7de; --met: #1a7f37; --missed: #cf222e; --back: #ffffff }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --faint: #3d444d; --met: #3fb950; --missed: #f85149; --back: #0d1117 }
}
svg { background: var(--back); font: 12px system-ui, sans-serif }
text { fill: var(--ink) } .title { font-weight: 600 } .end { text-anchor: end } .middle { text-anchor: middle }
.grid { stroke: var(--faint) } .limit { stroke: var(--ink); stroke-width: 2 }
.met { stroke: var(--met); fill: var(--met) } .missed { stroke: var(--missed); fill: var(--missed) }
.range { stroke-width: 4; stroke-opacity: 0.35; stroke-linecap: round }"""


def verdict(outcome: dict[str, Any]) -> str:
    """Whether it is met, else by how much not, and what the floor program of the same run says of why."""
    if outcome["met"] is not False:
        return "met" if outcome["met"] else "not measured"
    return f"MISSED by {outcome['median'] - outcome['limit']:.3f}: {why(outcome)}"


def why(outcome: dict[str, Any]) -> str:
    """Whether anybody could have met it here, and how far from there we are."""
    floor = outcome["floor"]
    if floor is None:
        return "no floor program runs in this row"
    can = (
        f"not even the floor, at {floor:.3f}, meets it" if floor > outcome["limit"] else f"the floor is at {floor:.3f}"
    )
    return f"{can}, ours at {outcome['median'] / floor:.2f} times that" if floor > 0 else can


def table(outcomes: list[dict[str, Any]]) -> str:
    """A Markdown table of one row's targets."""
    lines = ["| target | peer | ratio (median) | min..max | CPU ratio | limit | |", "|---|---|---|---|---|---|---|"]
    for o in outcomes:
        if o["met"] is None:
            lines.append(f"| {o['target']} | - | - | - | - | {o['limit']} | not measured |")
            continue
        lines.append(
            f"| {o['target']} | {o['peer']} | {o['median']:.3f} | {o['min']:.3f}..{o['max']:.3f} "
            f"| {o['cpu']:.3f} | {o['limit']} | {verdict(o)} |"
        )
    return "\n".join(lines)


def markdown(facts: dict[str, object], rows: list[dict[str, Any]]) -> str:
    """All rows, with the machine they were measured on."""
    parts = ["# Benchmarks", "", ", ".join(f"{key} {value}" for key, value in facts.items())]
    for row in rows:
        parts += ["", f"## {row['row']}. {row['title']}", "", table(row["outcomes"]), ""]
        parts += [
            "| program | seconds (median) | CPU seconds | peak MiB | system calls a file |",
            "|---|---|---|---|---|",
        ]
        for name, p in row["programs"].items():
            calls = "-" if p["calls"] is None else f"{p['calls']:.2f}"
            parts.append(f"| {name} | {p['wall']:.4f} | {p['cpu']:.4f} | {p['peak']} | {calls} |")
        parts += ["", *(f"Left out: {missing(each)}" for each in row["left_out"])]
    return "\n".join(parts) + "\n"


def missing(peer: dict[str, Any]) -> str:
    """What a row goes without, and why."""
    return f"{peer['name']}: {peer['why']}" if peer["name"] else str(peer["why"])


def _x(ratio: float) -> float:
    low, high = DECADES
    place = (math.log10(max(ratio, 1e-12)) - low) / (high - low)
    return LEFT + PLOT * min(1.0, max(0.0, place))


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'


def _outcome(outcome: dict[str, Any], y: float) -> list[str]:
    """The limit as a mark, the rounds as a bar, their median as a dot."""
    middle = y - 4
    limit = _x(outcome["limit"])
    parts = [_text(20, y, outcome["target"]), _line("limit", limit, middle - 7, limit, middle + 7)]
    if outcome["met"] is None:
        return [*parts, _text(LEFT + PLOT + 10, y, "not measured")]
    kind = "met" if outcome["met"] else "missed"
    parts.append(_line(f"{kind} range", _x(outcome["min"]), middle, _x(outcome["max"]), middle))
    parts.append(f'<circle class="{kind}" cx="{_x(outcome["median"]):.1f}" cy="{middle:.1f}" r="4"/>')
    words = f"{outcome['median']:.3g} of {outcome['limit']:g}"
    return [*parts, _text(LEFT + PLOT + 10, y, words if outcome["met"] else f"{words}, missed")]


def chart(facts: dict[str, object], rows: list[dict[str, Any]]) -> str:
    """Every target on one logarithmic scale: ours divided by the peer, a mark where the limit is."""
    body: list[str] = []
    y = TOP + ROW
    for row in rows:
        body.append(_text(8, y, f"{row['row']}. {row['title']}", "title"))
        y += ROW
        for outcome in row["outcomes"]:
            body += _outcome(outcome, y)
            y += ROW
        y += ROW // 2
    grid: list[str] = []
    for decade in range(DECADES[0], DECADES[1] + 1):
        x = _x(10.0**decade)
        grid += [_line("grid", x, TOP, x, y), _text(x, TOP - 8, f"{10.0**decade:g}", "middle")]
    head = [
        _text(8, 18, "Ours divided by the peer: a dot is the median, the bar all rounds, the mark the limit", "title"),
        _text(8, 34, ", ".join(f"{key} {value}" for key, value in facts.items())),
    ]
    width = LEFT + PLOT + RIGHT
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" width="{width}" height="{y}" '
        'role="img" aria-label="Benchmark ratios and their limits">'
    )
    return "\n".join([opening, f"<style>{_STYLE}</style>", *head, *grid, *body, "</svg>"]) + "\n"
