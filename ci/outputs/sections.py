"""The parts of the page that ./ci.sh report writes. Every value goes through svg.text before it is markup."""

from __future__ import annotations

from ci.outputs import svg
from ci.outputs.svg import duration, kind, text
from ci.runner.model import FAILED, PASSED, SKIPPED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ci.outputs.document import Document

SHOWN_RUNS = 30
STATUSES = (FAILED, SKIPPED, PASSED, "not needed")


def head(run: Document) -> str:
    """What came of the run, in a line and in tiles."""
    counts = {status: sum(gate["status"] == status for gate in run["gates"]) for status in STATUSES}
    if run["interrupted"]:
        words, status = "interrupted", FAILED
    elif counts[FAILED]:
        words, status = f"{counts[FAILED]} failed", FAILED
    else:
        words, status = ("all passed", PASSED) if counts[PASSED] else ("nothing new to ask", "not needed")
        words, status = (f"{counts[SKIPPED]} skipped", SKIPPED) if counts[SKIPPED] else (words, status)
    work = sum(gate["seconds"] for gate in run["gates"] if gate["start"] is not None)
    facts = [f"<code>{text(run['command'])}</code>", f'<time datetime="{text(run["started"])}">{_when(run)}</time>']
    facts += [f"commit <code>{text(run['commit'][:12])}</code>"] if run["commit"] else []
    tiles = [(status, str(count), status) for status, count in counts.items()]
    tiles += [("", duration(run["seconds"]), "from start to end"), ("", duration(work), "of work in the gates")]
    shown = "".join(
        f'<li class="{kind(s) if s else "plain"}"><b>{text(n)}</b> {text(what)}</li>' for s, n, what in tiles
    )
    return (
        f'<header><h1>Gates <span class="pill {kind(status)}">{words}</span></h1>'
        f"<p>{' &middot; '.join(facts)}</p><ul class=tiles>{shown}</ul></header>"
    )


def _when(run: Document) -> str:
    return text(run["started"].replace("T", " ").replace("Z", " UTC"))


def gates(run: Document) -> str:
    """A row per gate, in the order of their start, each with its lane in time."""
    ends = [gate["start"] + gate["seconds"] for gate in run["gates"] if gate["start"] is not None]
    span = max([run["seconds"], *ends, 0.001])
    rows = sorted(run["gates"], key=lambda gate: (gate["start"] is None, gate["start"] or 0, gate["name"]))
    body = "".join(_gate(gate, span) for gate in rows)
    choices = "".join(
        f'<label><input type=radio name=show id="show-{kind(s)}"> {text(s)}</label>'
        for s in STATUSES
        if any(gate["status"] == s for gate in rows)
    )
    return (
        '<section id=gates tabindex="-1"><h2>Gates and time</h2>'
        "<fieldset><legend>Show</legend><label><input type=radio name=show id=show-all checked> all</label>"
        f"{choices}</fieldset><div class=wide tabindex=0 role=region aria-label='Gates and time'><table class=gantt>"
        "<thead><tr><th scope=col>gate</th><th scope=col>status</th><th scope=col class=number>took</th>"
        f"<th scope=col class=lanes><span class=hidden>when</span>{svg.axis(span)}</th></tr></thead>"
        f"<tbody>{body}</tbody></table></div></section>"
    )


def _gate(gate: Mapping[str, Any], span: float) -> str:
    name, status = gate["name"], gate["status"]
    label = f'<a href="#f-{text(name)}">{text(name)}</a>' if gate["findings"] else text(name)
    ran = gate["start"] is not None
    lane = svg.lane(gate["start"], gate["seconds"], span, status) if ran else ""
    reason = f"<small>{text(gate['reason'])}</small>" if gate["reason"] else ""
    return (
        f'<tr class="{kind(status)}"><th scope=row title="{text(gate["summary"])}">{label}{reason}</th>'
        f'<td><span class="pill {kind(status)}">{text(status)}</span></td>'
        f"<td class=number>{duration(gate['seconds']) if ran else ''}</td><td class=lanes>{lane}</td></tr>"
    )


def findings(run: Document) -> str:
    failed = [gate for gate in run["gates"] if gate["findings"]]
    if not failed:
        return ""
    return "<section id=findings><h2>Findings</h2>" + "".join(_findings(gate) for gate in failed) + "</section>"


def _findings(gate: Mapping[str, Any]) -> str:
    items = "".join(f"<li>{_finding(finding)}</li>" for finding in gate["findings"])
    return (
        f'<article id="f-{text(gate["name"])}"><h3>{text(gate["name"])} <small>{text(gate["summary"])}</small></h3>'
        f"<ul>{items}</ul><p>reproduce: <code>{text(gate['reproduce'])}</code></p></article>"
    )


def _finding(finding: Mapping[str, Any]) -> str:
    path, line = finding["path"], finding["line"]
    place = f"<code class=place>{text(f'{path}:{line}' if line else path)}</code> " if path else ""
    said = f"{place}{text(finding['message'])}"
    if not finding["details"]:
        return said
    return f"{said}<details><summary>what the tool said</summary><pre tabindex=0>{text(finding['details'])}</pre></details>"


def coverage(data: Mapping[str, Any] | None) -> str:
    """Shares of lines and branches that the tests run; `data` is what the gate coverage left."""
    if data is None:
        return ""
    rows = [("all", data, "total")]
    rows += [(area["path"], area, "area") for area in data["areas"]]
    rows += [(file["path"], file, "file") for file in sorted(data["files"], key=lambda file: file["path"])]
    body = "".join(_covered(*row) for row in rows)
    return (
        "<section id=coverage><h2>Coverage</h2><div class=wide tabindex=0 role=region aria-label=Coverage>"
        "<table class=coverage><thead><tr><th scope=col>what</th><th scope=col colspan=2>lines</th>"
        f"<th scope=col colspan=2>branches</th></tr></thead><tbody>{body}</tbody></table></div></section>"
    )


def _covered(name: str, share: Mapping[str, float], level: str) -> str:
    cells = "".join(
        f"<td class=number>{share[what]:.1f} %</td><td class=meters>{svg.meter(share[what])}</td>"
        for what in ("line", "branch")
    )
    return f'<tr class="{level}"><th scope=row>{text(name)}</th>{cells}</tr>'


def trends(runs: Sequence[Document]) -> str:
    """A row per gate, a column per run: how it ended, and how long it took."""
    plain = [run for run in runs if not any("mutations" in gate for gate in run["gates"])][-SHOWN_RUNS:]
    if len(plain) < 2:
        return ""
    names = sorted({gate["name"] for run in plain for gate in run["gates"]})
    tables = [{gate["name"]: gate for gate in run["gates"]} for run in plain]
    body = "".join(_trend(name, [table.get(name) for table in tables], plain) for name in names)
    return (
        f"<section id=trends><h2>The last {len(plain)} runs</h2><p>A column per run, the newest on the right: its height is"
        " the time that the gate took, its colour how it ended.</p><div class=wide tabindex=0 role=region aria-label=Trends>"
        "<table class=trends><thead><tr><th scope=col>gate</th><th scope=col>runs</th><th scope=col class=number>last</th>"
        "<th scope=col class=number>median</th><th scope=col class=number>longest</th><th scope=col class=number>failed</th>"
        f"</tr></thead><tbody>{body}</tbody></table></div></section>"
    )


def _trend(name: str, gates: Sequence[Mapping[str, Any] | None], runs: Sequence[Document]) -> str:
    values = [
        (gate["status"], gate["seconds"], f"{_when(run)}: {gate['status']}, {duration(gate['seconds'])}")
        if gate
        else None
        for gate, run in zip(gates, runs)
    ]
    took = [gate["seconds"] for gate in gates if gate and gate["status"] in (PASSED, FAILED)]
    times = (took[-1], sorted(took)[len(took) // 2], max(took)) if took else ()
    failed = sum(gate["status"] == FAILED for gate in gates if gate)
    cells = "".join(f"<td class=number>{duration(seconds)}</td>" for seconds in times) or "<td></td>" * 3
    chart = svg.columns(values)
    return f"<tr><th scope=row>{text(name)}</th><td class=strip>{chart}</td>{cells}<td class=number>{failed}</td></tr>"


def history(runs: Sequence[Document]) -> str:
    body = "".join(_run(run) for run in reversed(runs[-SHOWN_RUNS:]))
    return (
        "<section id=runs><h2>Runs</h2><div class=wide tabindex=0 role=region aria-label=Runs><table><thead><tr>"
        "<th scope=col>when</th><th scope=col>command</th><th scope=col>commit</th><th scope=col class=number>took</th>"
        f"<th scope=col>result</th></tr></thead><tbody>{body}</tbody></table></div></section>"
    )


def _run(run: Document) -> str:
    status = PASSED if run["ok"] else FAILED
    words = text(run["totals"].partition(": ")[2]) + (", interrupted" if run["interrupted"] else "")
    return (
        f"<tr><td>{_when(run)}</td><td><code>{text(run['command'])}</code></td><td><code>{text(run['commit'][:12])}</code></td>"
        f'<td class=number>{duration(run["seconds"])}</td><td><span class="dot {kind(status)}"></span>{words}</td></tr>'
    )
