"""Small charts as SVG, for light and dark pages: an axis of shares upright, lines and dots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

WIDTH: Final = 420
HEIGHT: Final = 260
_LEFT: Final = 58
_TOP: Final = 54
_STYLE: Final = """
    text { font: 12px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif;
           fill: #57606a; }
    .head { font-size: 14px; font-weight: 600; fill: #24292f; }
    .axis { stroke: #d0d7de; fill: none; }
    .ideal { stroke: #8c959f; stroke-dasharray: 4 4; fill: none; }
    .line { fill: none; stroke-width: 2.2; stroke: #0969da; }
    .line-1 { stroke: #bc4c00; stroke-dasharray: 7 3; }
    .line-2 { stroke: #8250df; stroke-dasharray: 2 3; }
    .dot { fill: #0969da; fill-opacity: .75; } .dot-1 { fill: #bc4c00; } .dot-2 { fill: #8250df; }
    .reach { stroke: #0969da; stroke-opacity: .5; stroke-width: 1.4; }
    .reach-1 { stroke: #bc4c00; } .reach-2 { stroke: #8250df; }
    @media (prefers-color-scheme: dark) {
      text { fill: #9198a1; } .head { fill: #e6edf3; } .axis { stroke: #30363d; }
      .line { stroke: #58a6ff; } .line-1 { stroke: #f0883e; } .line-2 { stroke: #a371f7; }
      .dot { fill: #58a6ff; } .dot-1 { fill: #f0883e; } .dot-2 { fill: #a371f7; }
      .reach { stroke: #58a6ff; } .reach-1 { stroke: #f0883e; } .reach-2 { stroke: #a371f7; }
    }
"""


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its places along the chart and its values, with single results as dots."""

    name: str
    line: tuple[tuple[float, float], ...]
    """Points from 0 to 1 on both axes, in order."""
    dots: tuple[tuple[float, float], ...] = ()
    reaches: tuple[tuple[float, float, float], ...] = ()
    """Intervals: place, low end, high end."""


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart says; `ticks` are places from 0 to 1 along the bottom with their words."""

    title: str
    description: str
    along: str
    upright: str
    ticks: tuple[tuple[float, str], ...]
    series: tuple[Series, ...]
    ideal: bool = False
    """Whether the line on which both axes agree is drawn."""


def draw(chart: Chart) -> str:
    """Return the chart as one SVG."""
    legend = len(chart.series) if len(chart.series) > 1 else 0
    width, height = _LEFT + WIDTH + 24, _TOP + HEIGHT + 56 + 18 * legend
    bottom, right = _TOP + HEIGHT, _LEFT + WIDTH
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'aria-labelledby="title description">',
        f'  <title id="title">{escape(chart.title)}</title>',
        f'  <desc id="description">{escape(chart.description)}</desc>',
        f"  <style>{_STYLE}  </style>",
        f'  <text class="head" x="{_LEFT}" y="22">{escape(chart.title)}</text>',
        f'  <text x="{_LEFT}" y="40">{escape(chart.upright)}</text>',
        f'  <path class="axis" d="M{_LEFT} {_TOP}V{bottom}H{right}"/>',
    ]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _y(share)
        parts.append(f'  <path class="axis" d="M{_LEFT - 4} {y:.1f}h4"/>')
        parts.append(f'  <text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{share:g}</text>')
    for place, words in chart.ticks:
        x = _x(place)
        parts.append(f'  <path class="axis" d="M{x:.1f} {bottom}v4"/>')
        parts.append(
            f'  <text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{escape(words)}</text>'
        )
    parts.append(
        f'  <text x="{(_LEFT + right) / 2:.1f}" y="{bottom + 38}" text-anchor="middle">'
        f"{escape(chart.along)}</text>"
    )
    if chart.ideal:
        parts.append(f'  <path class="ideal" d="M{_LEFT} {bottom}L{right} {_TOP}"/>')
    for number, series in enumerate(chart.series):
        parts += _drawn(series, number)
        if legend:
            y = bottom + 60 + 18 * number
            parts.append(f'  <path class="line line-{number}" d="M{_LEFT} {y - 4}h26"/>')
            parts.append(f'  <text x="{_LEFT + 34}" y="{y}">{escape(series.name)}</text>')
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def evenly(count: int) -> list[float]:
    """Return so many places along a chart, evenly apart and off both ends."""
    return [(number + 0.5) / count for number in range(count)]


def _drawn(series: Series, number: int) -> list[str]:
    parts = [
        f'  <path class="reach reach-{number}" d="M{_x(place):.1f} {_y(low):.1f}V{_y(high):.1f}"/>'
        for place, low, high in series.reaches
    ]
    path = "L".join(f"{_x(place):.1f} {_y(value):.1f}" for place, value in series.line)
    if path:
        parts.append(f'  <path class="line line-{number}" d="M{path}"/>')
    parts += _dots(series.dots, number)
    return parts


def _dots(dots: Sequence[tuple[float, float]], number: int) -> list[str]:
    return [
        f'  <circle class="dot dot-{number}" cx="{_x(place):.1f}" cy="{_y(value):.1f}" r="3.2"/>'
        for place, value in dots
    ]


def _x(place: float) -> float:
    return _LEFT + WIDTH * place


def _y(share: float) -> float:
    return _TOP + HEIGHT * (1.0 - share)
