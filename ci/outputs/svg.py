"""Charts as inline SVG: sizes in per cent and colours by class, so that no style attribute is needed."""

from __future__ import annotations

import html
import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
TICKS = 6  # at most
PERCENT = 100.0


def text(value: object) -> str:
    """For between tags and in attributes: nothing in it is markup, nothing is invisible."""
    shown = "".join(char if char.isprintable() or char in "\n\t" else "\ufffd" for char in str(value))
    return html.escape(shown, quote=True)


def duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02} min"


def ticks(span: float) -> list[float]:
    """Round moments within a span of seconds, not more than can be read."""
    step = next((step for step in STEPS if span / step <= TICKS), 3600.0 * math.ceil(span / 3600 / TICKS))
    return [n * step for n in range(1, int(span / step) + 1)]


def short(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:g} s"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"


def _grid(span: float) -> str:
    return "".join(
        f'<line class="grid" x1="{x:.2f}%" x2="{x:.2f}%" y1="0" y2="100%"/>'
        for x in (PERCENT * tick / span for tick in ticks(span))
    )


def axis(span: float) -> str:
    """The scale of the lanes below it."""
    marks = ""
    for tick in ticks(span):
        x = PERCENT * tick / span
        anchor = "end" if x > 95 else "middle"
        marks += f'<text class="tick" x="{x:.2f}%" y="12" text-anchor="{anchor}">{short(tick)}</text>'
    return f'<svg class="axis" width="100%" height="16" aria-hidden="true"><text class="tick" x="0" y="12">0</text>{marks}</svg>'


def lane(start: float, seconds: float, span: float, status: str) -> str:
    """When a gate ran, within the whole run."""
    x, width = PERCENT * start / span, max(PERCENT * seconds / span, 0.4)
    x = min(x, PERCENT - width)
    said = f"{status}: from {duration(start)} to {duration(start + seconds)}"
    return (
        f'<svg class="lane" width="100%" height="20" role="img" aria-label="{text(said)}"><title>{text(said)}</title>'
        f'{_grid(span)}<rect class="bar {kind(status)}" x="{x:.2f}%" y="4" width="{width:.2f}%" height="12" rx="2"/></svg>'
    )


def kind(status: str) -> str:
    """A status as a class."""
    return {"passed": "passed", "failed": "failed", "skipped": "skipped"}.get(status, "unneeded")


def meter(percent: float) -> str:
    """A share of a whole."""
    width = min(max(percent, 0.0), PERCENT)
    return (
        f'<svg class="meter" width="100%" height="10" role="img" aria-label="{percent:.1f} %">'
        '<rect class="rest" x="0" y="0" width="100%" height="10" rx="3"/>'
        f'<rect class="share" x="0" y="0" width="{width:.2f}%" height="10" rx="3"/></svg>'
    )


def columns(values: Sequence[tuple[str, float, str] | None], height: int = 26) -> str:
    """A column per run: status, seconds, words. None: the gate was not in that run."""
    top = max((value[1] for value in values if value), default=0.0) or 1.0
    width, marks = PERCENT / max(len(values), 1), ""
    for place, value in enumerate(values):
        if value is None:
            continue
        status, seconds, words = value
        tall = max(height * seconds / top, 3.0)
        marks += (
            f'<rect class="bar {kind(status)}" x="{place * width + width * 0.12:.2f}%" y="{height - tall:.1f}"'
            f' width="{width * 0.76:.2f}%" height="{tall:.1f}" rx="1"><title>{text(words)}</title></rect>'
        )
    count = sum(value is not None for value in values)
    return f'<svg class="columns" width="100%" height="{height}" role="img" aria-label="{count} runs">{marks}</svg>'
