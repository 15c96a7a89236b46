"""How much an operator asks: requests a day for each account, and how unequal its accounts are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from stillwatch.simulate.records import DAY, Rhythm, Setting, Speaker
from stillwatch.simulate.stage import Stage

RELAY_SPREAD: Final = 0.7
"""Standard deviation of the log of what a relay allows its accounts, where no spread is asked."""

_ATTEMPTS: Final = 1.018
"""Measured: attempts at each turn that a conversation reaches."""
_LOST: Final = 0.0037
"""Measured: chance that a turn never succeeds, which ends its conversation."""
_DRAWS: Final = 20_000


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
    """Return the mean number of requests, retries included, in one conversation.

    The settings are equally likely. The law of turns is drawn from, since long conversations are
    likelier to be cut off by an error.
    """
    laws = Counter((s.turns, s.agent_loop) for s in settings)
    arrivals: Any = stage.arrivals
    means = [_mean(arrivals, *law) * n for law, n in laws.items()]
    return float(sum(means) / len(settings))


@cache
def _mean(arrivals: Any, median: float, loop: bool) -> float:
    rng = np.random.Generator(np.random.PCG64(0))
    law = np.full(_DRAWS, median), np.full(_DRAWS, loop)
    turns = 1 + arrivals.further_turns(*law, rng)
    # The draws give the shape; the exact mean takes out their noise.
    turns = turns * ((1 + arrivals.mean_further_turns(median, loop)) / turns.mean())
    return float(_ATTEMPTS * ((1 - (1 - _LOST) ** turns) / _LOST).mean())


def requests_of(stage: Stage, speaker: Speaker, settings: list[Setting]) -> float:
    """Return how many requests a speaker is expected to make over the world's whole window."""
    conversations = speaker.sittings * max(1.0, speaker.per_sitting)
    return conversations * requests_a_conversation(stage, settings) * _ordinary_days(stage, speaker)


def _ordinary_days(stage: Stage, speaker: Speaker) -> float:
    """Return a speaker's days inside the window, each weighted by its weekday's activity."""
    arrivals: Any = stage.arrivals
    weights = _activity(arrivals, speaker.rhythm, stage.first_weekday, stage.days)
    if speaker.joins <= 0 and speaker.leaves >= stage.end:
        return float(weights.sum())
    begin = np.arange(stage.days) * DAY
    inside = np.minimum(begin + DAY, speaker.leaves) - np.maximum(begin, speaker.joins)
    return float((np.clip(inside, 0, DAY) / DAY * weights).sum())


@cache
def _activity(
    arrivals: Any, rhythm: Rhythm, first_weekday: int, days: int
) -> npt.NDArray[np.float64]:
    week: npt.NDArray[np.float64] = arrivals.week(rhythm).mean(axis=1)
    return week[(first_weekday + np.arange(days)) % 7]
