"""Exact intervals for proportions and rates, and what Bayes' rule makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scipy.special import betaincinv, gammaincinv

CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval; both ends belong to it."""

    low: float
    high: float


def clopper_pearson(successes: int, trials: int, confidence: float = CONFIDENCE) -> Interval:
    """Return the exact interval of a proportion (Clopper and Pearson, 1934).

    It assumes independent trials. Raises ValueError unless 0 <= successes <= trials and trials > 0.
    """
    if trials <= 0 or not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is not a proportion")
    tail = (1 - confidence) / 2
    low = betaincinv(successes, trials - successes + 1, tail) if successes else 0.0
    high = betaincinv(successes + 1, trials - successes, 1 - tail) if successes < trials else 1.0
    return Interval(float(low), float(high))


def poisson_exact(count: int, exposure: float, confidence: float = CONFIDENCE) -> Interval:
    """Return the exact interval of a rate, in events per unit of exposure (Garwood, 1936).

    Raises ValueError for a negative count or an exposure that is not positive.
    """
    if count < 0 or exposure <= 0:
        raise ValueError(f"{count} events over {exposure} is not a rate")
    tail = (1 - confidence) / 2
    low = gammaincinv(count, tail) if count else 0.0
    return Interval(float(low) / exposure, float(gammaincinv(count + 1, 1 - tail)) / exposure)


def precision_at(prevalence: float, sensitivity: float, false_positive_rate: float) -> float | None:
    """Return the precision of these two rates at a prevalence; none if nothing is flagged."""
    found = prevalence * sensitivity
    flagged = found + (1 - prevalence) * false_positive_rate
    return found / flagged if flagged > 0 else None
