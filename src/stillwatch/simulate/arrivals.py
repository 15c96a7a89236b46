"""When requests come and how long things are: the laws that demand and answers draw from."""

from __future__ import annotations

from functools import cache
from math import gamma
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from stillwatch.simulate.records import Rhythm
from stillwatch.simulate.streams import Seeds, mix, unit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MOST_TURNS: Final = 60
"""No conversation has more turns than this."""


class Arrivals(Protocol):
    """The shape of traffic; populations choose the medians, this gives the spread around them."""

    def week(self, rhythm: Rhythm) -> Floats:
        """Return relative activity by weekday (Monday first) and local hour: 7 × 24, mean 1."""

    def further_turns(self, medians: Floats, loops: Flags, rng: np.random.Generator) -> Ints:
        """Return how many turns follow the first; `loops` marks agents' own loops."""

    def mean_further_turns(self, median: float, loop: bool) -> float:
        """Return the mean of what `further_turns` returns."""

    def spacings(self, gaps: Floats, rng: np.random.Generator) -> Floats:
        """Return seconds between the starts of two conversations of one sitting."""

    def pauses(self, medians: Floats, loops: Flags, rng: np.random.Generator) -> Floats:
        """Return seconds between two turns of one conversation, long absences left out."""

    def answer_factors(self, names: Seeds) -> Floats:
        """Return the length of each answer as a multiple of its setting's median."""

    def context_factors(self, names: Seeds) -> Floats:
        """Return what comes along with each conversation as a multiple of its setting's median."""


_HOURS: Final[dict[Rhythm, str]] = {
    "day": "4 2 1 1 1 1 3 6 10 12 13 13 12 12 13 13 12 11 11 12 13 13 11 7",
    "office": "2 1 1 1 1 2 8 30 80 99 99 99 60 85 99 99 90 60 30 15 12 10 8 4",
    "evening": "8 5 2 1 1 1 2 4 5 5 6 6 7 7 7 7 8 10 13 17 20 21 19 14",
    "always": "1 " * 24,
    "school": "20 8 3 1 1 1 6 20 30 40 45 40 30 40 45 50 55 55 60 80 99 99 70 40",
}
_WEEK: Final[dict[Rhythm, str]] = {
    "day": "1.05 1.05 1.05 1 1 .85 .9",
    "office": "1.2 1.3 1.3 1.2 1 .15 .12",
    "evening": ".9 .9 .9 .9 1 1.25 1.3",
    "always": "1 1 1 1 1 1 1",
    "school": ".7 .7 .8 1 .6 .8 2.4",
}
_TURN_SPREAD: Final = 0.8
_ROUNDING: Final = 0.25
_GAP_SPREAD: Final = 0.8
_BURST_SHAPE: Final = 0.6
"""Of a Weibull law: ServeGen's windows have median gaps of 0.36 to 0.46 of their mean."""
_ANSWER_SPREAD: Final = 0.9
"""Azure's 2023 traces: standard deviation of log tokens 0.85 (code) and 0.86 (chat)."""
_CONTEXT_SPREAD: Final = 1.2
"""The same traces: 1.36 (code) and 0.99 (chat) for tokens in."""


_WEIBULL_MEAN: Final = gamma(1 + 1 / _BURST_SHAPE)
MEAN_SPACING: Final = 1.5
"""Mean of `spacings` in units of a speaker's `gap`."""


class ParametricArrivals:
    """Log-normal laws; parameters were set with the public traces in view (see the constants)."""

    def week(self, rhythm: Rhythm) -> Floats:
        """Return relative activity by weekday (Monday first) and local hour: 7 × 24, mean 1."""
        days = np.array([float(x) for x in _WEEK[rhythm].split()])
        hours = np.array([float(x) for x in _HOURS[rhythm].split()])
        curve: Floats = np.outer(days / days.mean(), hours / hours.mean())
        return curve

    def further_turns(self, medians: Floats, loops: Flags, rng: np.random.Generator) -> Ints:
        """Return how many turns follow the first: log-normal, none where the median is 0."""
        del loops
        spread = np.exp(rng.normal(0, _TURN_SPREAD, len(medians)))
        return turns_from(spread, medians)

    def mean_further_turns(self, median: float, loop: bool) -> float:
        """Return the mean of what `further_turns` returns."""
        del loop
        return _mean_turns(median)

    def spacings(self, gaps: Floats, rng: np.random.Generator) -> Floats:
        """Return seconds between the starts of two conversations of one sitting: mostly bursts."""
        spread = rng.weibull(_BURST_SHAPE, len(gaps)) / _WEIBULL_MEAN
        seconds: Floats = MEAN_SPACING * gaps * spread
        return seconds

    def pauses(self, medians: Floats, loops: Flags, rng: np.random.Generator) -> Floats:
        """Return seconds between two turns of one conversation, long absences left out."""
        del loops
        seconds: Floats = medians * np.exp(rng.normal(0, _GAP_SPREAD, len(medians)))
        return seconds

    def answer_factors(self, names: Seeds) -> Floats:
        """Return the length of each answer as a multiple of its setting's median."""
        factors: Floats = np.exp(_ANSWER_SPREAD * normal(names))
        return factors

    def context_factors(self, names: Seeds) -> Floats:
        """Return what comes along with each conversation as a multiple of its setting's median."""
        factors: Floats = np.exp(_CONTEXT_SPREAD * normal(names))
        return factors


def normal(names: Seeds) -> Floats:
    """Return one standard normal draw for each name (Box and Muller, 1958)."""
    radius = np.sqrt(-2 * np.log(1 - unit(mix(names, 1))))
    draw: Floats = radius * np.cos(2 * np.pi * unit(mix(names, 2)))
    return draw


def turns_from(spread: Floats, medians: Floats) -> Ints:
    """Return whole numbers of further turns, none where the median is 0."""
    more = np.minimum(np.floor(spread * medians + _ROUNDING), MOST_TURNS - 1)
    turns: Ints = np.where(medians > 0, more, 0).astype(np.int64)
    return turns


@cache
def _mean_turns(median: float) -> float:
    """Integrate the law of further turns over 4,001 quantiles of the normal distribution."""
    z = np.linspace(-6, 6, 4001)
    weight = np.exp(-(z**2) / 2)
    turns = turns_from(np.exp(_TURN_SPREAD * z), np.full(len(z), median))
    return float((turns * weight).sum() / weight.sum())
