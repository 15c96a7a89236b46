"""The evidence waterfall: each term's log-odds as a bar that begins where the last one ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stillwatch.respond.report.charts.svg import add, canvas, markup

_WIDTH = 1000.0
_HEIGHT = 20.0
_THINNEST = 3.0


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of a waterfall and the running sums that it joins."""

    before: float
    after: float
    bar: str
    """The SVG."""


@dataclass(frozen=True, slots=True)
class Range:
    """The part of the log-odds scale that several waterfalls share, zero included."""

    low: float
    high: float

    @classmethod
    def over(cls, series: Sequence[Sequence[float]]) -> Range:
        """Return the range of every running sum of several series."""
        sums = [0.0]
        for values in series:
            total = 0.0
            for value in values:
                total += value
                sums.append(total)
        low, high = min(sums), max(sums)
        return cls(low, high if high > low else low + 1.0)

    def place(self, value: float) -> float:
        """Return the horizontal place of a value on a bar's canvas."""
        return _WIDTH * (value - self.low) / (self.high - self.low)


def waterfall(values: Sequence[float], scale: Range) -> tuple[Step, ...]:
    """Return one bar a value, each from the sum before it to the sum after it."""
    steps = []
    total = 0.0
    for value in values:
        steps.append(Step(total, total + value, _bar(total, total + value, scale, "term")))
        total += value
    return tuple(steps)


def total_bar(total: float, scale: Range) -> str:
    """Return the bar of a score: from zero to the sum of its terms."""
    return _bar(0.0, total, scale, "total")


def _bar(start: float, end: float, scale: Range, kind: str) -> str:
    left, right = sorted((scale.place(start), scale.place(end)))
    if right - left < _THINNEST:
        left = min(left, _WIDTH - _THINNEST)
        right = left + _THINNEST
    root = canvas(_WIDTH, _HEIGHT, "", "bar", stretch=True)
    zero = scale.place(0.0)
    add(root, "path", {"class": "zero", "d": f"M{zero:.1f} 0V{_HEIGHT:.0f}"})
    sign = "for" if end >= start else "against"
    add(
        root,
        "rect",
        {"class": f"{kind} {sign}", "x": left, "y": 3, "width": right - left, "height": 14},
    )
    return markup(root)
