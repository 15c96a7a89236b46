"""How much an operator asks: requests a day for each account, and how unequal its accounts are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from stillwatch.simulate.records import DAY, Setting, Speaker
from stillwatch.simulate.stage import Stage

RELAY_SPREAD: Final = 0.7
"""Standard deviation of the log of what a relay allows its accounts, where no spread is asked."""

ATTEMPTS: Final = 1.012
"""Measured: rows in the log for each planned request, retries and what errors cut off included."""


@dataclass(frozen=True, slots=True)
class Volume:
    """Requests a day; the total over the window is accounts × requests × days, however spread."""

    requests: float = 26.0
    """Mean requests a day for each account, cover included (reports: 3 to 900)."""
    spread: float | None = None
    """Standard deviation of the log of the accounts' rates; none: a relay's own 0.7, or under a
    mimicking rhythm whatever the innocents' habits give."""


def shares(rng: np.random.Generator, count: int, spread: float) -> npt.NDArray[np.float64]:
    """Return log-normal shares of a volume, with mean 1."""
    drawn = np.exp(rng.normal(0, spread, count))
    mean_one: npt.NDArray[np.float64] = drawn / drawn.mean()
    return mean_one


def requests_a_conversation(stage: Stage, settings: list[Setting]) -> float:
    """Return the mean number of requests in one conversation of settings that are equally likely.

    Retries are not counted (`ATTEMPTS`).
    """
    turns = [1 + stage.arrivals.mean_further_turns(s.turns, s.agent_loop) for s in settings]
    return float(np.mean(turns))


def requests_of(stage: Stage, speaker: Speaker, settings: list[Setting]) -> float:
    """Return how many requests a speaker is expected to make over the world's whole window."""
    conversations = speaker.sittings * max(1.0, speaker.per_sitting)
    return (
        conversations * requests_a_conversation(stage, settings) * _ordinary_days(stage, speaker)
    )


def _ordinary_days(stage: Stage, speaker: Speaker) -> float:
    """Return a speaker's days inside the window, each weighted by its weekday's activity."""
    week = stage.arrivals.week(speaker.rhythm).mean(axis=1)
    begin = np.arange(stage.days) * DAY
    inside = np.minimum(begin + DAY, speaker.leaves) - np.maximum(begin, speaker.joins)
    weekday = (stage.first_weekday + np.arange(stage.days)) % 7
    return float((np.clip(inside, 0, DAY) / DAY * week[weekday]).sum())
