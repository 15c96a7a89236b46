"""The rhythm: hours of the day down, days across; schedulers and office hours show at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from stillwatch.respond.report.charts.svg import add, canvas, markup
from stillwatch.respond.report.result import Hour

_CELL: Final = 10.0
_INSET: Final = 0.8
_SHADES: Final = 5
_FEWEST_DAYS: Final = 3
_MOST_DAYS: Final = 120


def rhythm(hours: Sequence[Hour]) -> str:
    """Return the chart, or nothing for a span too short or too long to show a rhythm.

    One path a shade keeps a long campaign's chart small.
    """
    if not hours:
        return ""
    first = hours[0].start.date()
    days = (hours[-1].start.date() - first).days + 1
    if not _FEWEST_DAYS <= days <= _MOST_DAYS:
        return ""
    counts: Counter[tuple[int, int]] = Counter()
    for hour in hours:
        counts[(hour.start.date() - first) // timedelta(1), hour.start.hour] += hour.exchanges
    most = max(counts.values())
    shades: list[list[str]] = [[] for _ in range(_SHADES)]
    side = _CELL - 2 * _INSET
    for (day, hour_of_day), count in sorted(counts.items()):
        if count > 0:
            x, y = day * _CELL + _INSET, hour_of_day * _CELL + _INSET
            shade = min(_SHADES - 1, int(_SHADES * count / most))
            shades[shade].append(f"M{x:.1f} {y:.1f}h{side:.1f}v{side:.1f}h-{side:.1f}z")
    label = f"Exchanges by hour of the day over {days} days; the busiest hour saw {most:,}"
    root = canvas(days * _CELL, 24 * _CELL, label, "rhythm", stretch=True)
    for shade, cells in enumerate(shades):
        if cells:
            add(root, "path", {"class": f"shade-{shade}", "d": "".join(cells)})
    return markup(root)
