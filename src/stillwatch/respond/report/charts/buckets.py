"""A group's hours gathered into the hours, days or weeks that a timeline can show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from stillwatch.respond.report.result import Hour

_MOST_HOURS: Final = 72
_MOST_DAYS: Final = 120
_MOST_BARS: Final = 400


@dataclass(frozen=True, slots=True)
class Buckets:
    """Equal spans of time without a gap between the first exchange and the last."""

    unit: str
    """`hour`, `day` or `week`."""
    starts: tuple[datetime, ...]
    exchanges: tuple[int, ...]
    campaign_exchanges: tuple[int, ...]

    @property
    def shown(self) -> str:
        """Return the `strftime` pattern that names one bucket."""
        return "%Y-%m-%d %H:00" if self.unit == "hour" else "%Y-%m-%d"


def gather(hours: Sequence[Hour]) -> Buckets | None:
    """Return hours gathered by the unit that fits their span; None when there are none.

    A record with a stray clock may lie decades away: past 400 weeks only the latest are kept.
    """
    if not hours:
        return None
    span = hours[-1].start - hours[0].start
    if span < timedelta(hours=_MOST_HOURS):
        unit, step, first = "hour", timedelta(hours=1), hours[0].start
    else:
        unit, step = (
            ("day", timedelta(1)) if span <= timedelta(_MOST_DAYS) else ("week", timedelta(7))
        )
        first = hours[0].start.replace(hour=0)
    length = (hours[-1].start - first) // step + 1
    skipped = max(0, length - _MOST_BARS)
    exchanges = [0] * (length - skipped)
    campaign = [0] * (length - skipped)
    for hour in hours:
        at = (hour.start - first) // step - skipped
        if at >= 0:
            exchanges[at] += hour.exchanges
            campaign[at] += hour.campaign_exchanges
    starts = tuple(first + step * (skipped + at) for at in range(len(exchanges)))
    return Buckets(unit, starts, tuple(exchanges), tuple(campaign))
