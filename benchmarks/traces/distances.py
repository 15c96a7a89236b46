"""How far two samples are from each other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from typing import Final

import numpy as np
from scipy import stats

from benchmarks.traces.samples import Floats, Measure, Sample

_POINTS: Final = 2000


@dataclass(frozen=True, slots=True)
class Distance:
    """Kolmogorov-Smirnov (0 to 1) and Wasserstein, the latter in decades where logarithmic."""

    first: str
    second: str
    ks: float
    wasserstein: float


def distance(first: Sample, second: Sample, logarithmic: bool) -> Distance:
    """Return how far two samples are apart; big samples are thinned to 2,000 quantiles."""
    a, b = _thin(first.values), _thin(second.values)
    ks = float(stats.ks_2samp(a, b, method="asymp").statistic)
    if logarithmic:
        a, b = np.log10(np.maximum(a, 1e-4)), np.log10(np.maximum(b, 1e-4))
    return Distance(first.source, second.source, ks, float(stats.wasserstein_distance(a, b)))


def yardstick(measure: Measure) -> list[Distance]:
    """Return the distances of all pairs of real traces."""
    return [distance(a, b, measure.logarithmic) for a, b in combinations(measure.real, 2)]


def to_the_world(measure: Measure) -> list[Distance]:
    """Return the distances of each of the world's samples to each real trace."""
    return [distance(a, b, measure.logarithmic) for a, b in product(measure.made, measure.real)]


def _thin(values: Floats) -> Floats:
    if len(values) <= _POINTS:
        return values
    thinned: Floats = np.quantile(values, (np.arange(_POINTS) + 0.5) / _POINTS)
    return thinned
