"""A figure with its interval and what the interval is over; and rows for a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stillwatch.statistics.intervals import Interval, clopper_pearson


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of an evaluation; `reason` says why it, or its interval, is missing."""

    value: float | None
    interval: Interval | None = None
    successes: int | None = None
    trials: int | None = None
    over: str | None = None
    """What the interval treats as independent draws."""
    reason: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the figure as plain data, without what does not apply."""
        facts: dict[str, Any] = {"value": self.value}
        if self.interval is not None:
            facts["interval_95"] = [self.interval.low, self.interval.high]
        for name in ("successes", "trials", "over", "reason"):
            if getattr(self, name) is not None:
                facts[name] = getattr(self, name)
        return facts


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table that a person reads."""

    section: str
    name: str
    value: str
    interval: str
    note: str


def proportion(successes: int, trials: int, over: str, nothing: str) -> Figure:
    """Return successes of trials with its exact interval; `nothing` says why there is none."""
    if trials == 0:
        return Figure(None, successes=successes, trials=0, reason=nothing)
    return Figure(successes / trials, clopper_pearson(successes, trials), successes, trials, over)


def row(section: str, name: str, figure: Figure, *, percent: bool = True) -> Row:
    """Return the figure as a line of the table."""

    def shown(number: float) -> str:
        return f"{100 * number:.1f} %" if percent else f"{number:.2f}"

    value = "–" if figure.value is None else shown(figure.value)
    interval = ""
    if figure.interval is not None:
        interval = f"{shown(figure.interval.low)} to {shown(figure.interval.high)}"
    counts = f"{figure.successes} of {figure.trials}" if figure.trials is not None else ""
    note = counts if figure.value is not None else figure.reason or ""
    return Row(section, name, value, interval, note)
