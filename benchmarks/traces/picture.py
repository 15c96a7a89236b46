"""The comparison as one SVG: a panel a measure, a line a source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape

import numpy as np

from benchmarks.traces.samples import Floats, Measure, Sample

_WIDTH, _HEIGHT = 300, 190
_LEFT, _TOP = 16, 44
_COLUMNS: Final = 3
_CELL_W, _CELL_H = 326, 332
_POINTS: Final = 120
_STYLE: Final = """
    text { font: 12px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif;
           fill: #57606a; }
    .head { font-size: 14px; font-weight: 600; fill: #24292f; }
    .axis { stroke: #d0d7de; fill: none; }
    .line { fill: none; stroke-width: 1.6; }
    .real { stroke: #8c959f; } .real-1 { stroke-dasharray: 6 3; }
    .real-2 { stroke-dasharray: 2 2; } .real-3 { stroke-dasharray: 8 3 2 3; }
    .made { stroke: #0969da; stroke-width: 2.2; } .made-1 { stroke: #1a7f37; }
    .made-2 { stroke: #8250df; } .made-3 { stroke: #bf3989; }
    @media (prefers-color-scheme: dark) {
      text { fill: #9198a1; } .head { fill: #e6edf3; } .axis { stroke: #30363d; }
      .made { stroke: #58a6ff; } .made-1 { stroke: #3fb950; } .made-2 { stroke: #a371f7; }
      .made-3 { stroke: #f778ba; }
    }
"""


def picture(measures: Sequence[Measure]) -> str:
    """Return the picture: cumulative shares, the world in colour and real traces in grey."""
    rows = -(-len(measures) // _COLUMNS)
    width, height = _COLUMNS * _CELL_W, rows * _CELL_H
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'aria-labelledby="title description">',
        '  <title id="title">Simulated innocent traffic beside real traces</title>',
        '  <desc id="description">One panel for each quantity, with the cumulative share of the '
        "world in colour and of public traces in grey.</desc>",
        f"  <style>{_STYLE}  </style>",
    ]
    for number, measure in enumerate(measures):
        x, y = number % _COLUMNS * _CELL_W, number // _COLUMNS * _CELL_H
        parts.append(f'  <g transform="translate({x} {y})">')
        parts += _panel(measure)
        parts.append("  </g>")
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _panel(measure: Measure) -> list[str]:
    low, high = _span(measure)
    bottom, right = _TOP + _HEIGHT, _LEFT + _WIDTH
    parts = [
        f'    <text class="head" x="{_LEFT}" y="20">{escape(measure.title)}</text>',
        f'    <text x="{_LEFT}" y="36">{escape(measure.unit)}</text>',
        f'    <path class="axis" d="M{_LEFT} {_TOP}V{bottom}H{right}"/>',
    ]
    for value in _ticks(low, high, measure.logarithmic):
        x = _LEFT + _WIDTH * (value - low) / (high - low)
        shown = 10**value if measure.logarithmic else value
        anchor = "start" if x < _LEFT + 12 else "end" if x > right - 12 else "middle"
        parts.append(f'    <path class="axis" d="M{x:.1f} {bottom}v4"/>')
        parts.append(
            f'    <text x="{x:.1f}" y="{bottom + 17}" text-anchor="{anchor}">{shown:,g}</text>'
        )
    count = {True: 0, False: 0}
    for place, sample in enumerate(measure.samples):
        kind = "real" if sample.real else "made"
        style = f"line {kind} {kind}-{count[sample.real]}"
        count[sample.real] += 1
        parts.append(f'    <path class="{style}" d="{_curve(sample, measure, low, high)}"/>')
        x = _LEFT + place % 2 * 158
        y = bottom + 38 + place // 2 * 17
        parts.append(f'    <path class="{style}" d="M{x} {y - 4}h22"/>')
        parts.append(f'    <text x="{x + 27}" y="{y}">{escape(sample.source)}</text>')
    return parts


def _values(sample: Sample, measure: Measure) -> Floats:
    values = sample.values
    return np.log10(np.maximum(values, 1e-4)) if measure.logarithmic else values


def _span(measure: Measure) -> tuple[float, float]:
    ends = [np.quantile(_values(s, measure), [0.01, 0.995]) for s in measure.samples]
    low, high = min(e[0] for e in ends), max(e[1] for e in ends)
    return float(low), float(max(high, low + 1e-6))


def _ticks(low: float, high: float, logarithmic: bool) -> list[float]:
    if not logarithmic:
        return [float(v) for v in np.linspace(low, high, 5).round()]
    decades = range(int(np.floor(low)), int(np.ceil(high)) + 1)
    steps = (1, 2, 5) if high - low < 2.5 else (1,)
    ticks = [d + float(np.log10(k)) for d in decades for k in steps]
    inside = [v for v in ticks if low <= v <= high]
    return inside[:: len(inside) // 6 + 1]


def _curve(sample: Sample, measure: Measure, low: float, high: float) -> str:
    values = np.sort(_values(sample, measure))
    grid = np.linspace(low, high, _POINTS)
    share = np.searchsorted(values, grid, side="right") / len(values)
    x = _LEFT + _WIDTH * (grid - low) / (high - low)
    y = _TOP + _HEIGHT * (1 - share)
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True))
