"""The timeline: a group's exchanges over time, those of the campaign set apart."""

from __future__ import annotations

from stillwatch.respond.report.charts.buckets import Buckets
from stillwatch.respond.report.charts.svg import add, canvas, ceiling, markup

_HEIGHT = 100.0
_SLOT = 10.0
_GAP = 1.5


def timeline(buckets: Buckets) -> tuple[str, int]:
    """Return the chart, and the number of exchanges that its full height stands for."""
    top = ceiling(max(*buckets.exchanges, 1))
    width = _SLOT * len(buckets.starts)
    busiest = max(range(len(buckets.starts)), key=lambda at: buckets.exchanges[at])
    root = canvas(
        width,
        _HEIGHT,
        f"Exchanges by {buckets.unit}: {sum(buckets.exchanges):,} in all, "
        f"{sum(buckets.campaign_exchanges):,} of the campaign; most in the {buckets.unit} of "
        f"{buckets.starts[busiest].strftime(buckets.shown)}",
        "timeline",
        stretch=True,
    )
    for line in (0.0, 0.5, 1.0):
        add(root, "path", {"class": "grid", "d": f"M0 {_HEIGHT * line:.0f}H{width:.0f}"})
    for at, start in enumerate(buckets.starts):
        total, campaign = buckets.exchanges[at], buckets.campaign_exchanges[at]
        if not total:
            continue
        title = (
            f"{start.strftime(buckets.shown)}: {total:,} exchanges, {campaign:,} of the campaign"
        )
        bar = add(root, "g", {}, title)
        x = at * _SLOT + _GAP
        high, low = _HEIGHT * total / top, _HEIGHT * min(campaign, total) / top
        for kind, upper, lower in (("rest", high, low), ("campaign", low, 0.0)):
            if upper > lower:
                add(
                    bar,
                    "rect",
                    {
                        "class": kind,
                        "x": x,
                        "y": _HEIGHT - upper,
                        "width": _SLOT - 2 * _GAP,
                        "height": upper - lower,
                    },
                )
    return markup(root), int(top)
