"""Keyed draws inside compiled loops: the same functions as `streams`, one value at a time."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from stillwatch.simulate.jit import part

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_ONE: Final = np.uint64(1)
_11: Final = np.uint64(11)
_27: Final = np.uint64(27)
_30: Final = np.uint64(30)
_31: Final = np.uint64(31)
_SHARE: Final = 1.0 / float(1 << 53)


@part
def hashed(name: Any, salt: Any) -> Any:
    """Return a new 64-bit name from a name and a salt; equals `streams.mix`."""
    x = np.uint64(name) + (np.uint64(salt) + _ONE) * _GOLDEN
    x = (x ^ (x >> _30)) * _FIRST
    x = (x ^ (x >> _27)) * _SECOND
    return x ^ (x >> _31)


@part
def share(name: Any) -> Any:
    """Return the number in [0, 1) that belongs to a name; equals `streams.unit`."""
    return float(np.uint64(name) >> _11) * _SHARE


@part
def number_below(name: Any, bound: Any) -> Any:
    """Return the whole number in [0, bound) that belongs to a name; equals `streams.below`."""
    return np.int64((np.uint64(name) >> _11) % np.uint64(bound))


@part
def normal(name: Any) -> Any:
    """Return the standard normal draw that belongs to a name (Box and Muller, 1958)."""
    radius = math.sqrt(-2.0 * math.log(1.0 - share(hashed(name, 1))))
    return radius * math.cos(2.0 * math.pi * share(hashed(name, 2)))


@part
def poisson(name: Any, mean: Any) -> Any:
    """Return the Poisson count that belongs to a name.

    Above a mean of 60 the normal approximation is used; its error is below a count's own noise.
    """
    if mean <= 0.0:
        return 0
    if mean > 60.0:
        return max(0, int(mean + math.sqrt(mean) * normal(name) + 0.5))
    # One uniform number against the distribution function (inversion).
    target = share(name)
    chance = math.exp(-mean)
    total = chance
    count = 0
    while target >= total and count < 400:
        count += 1
        chance *= mean / count
        total += chance
    return count


@part
def quantile(table: npt.NDArray[np.float64], position: Any) -> Any:
    """Return the value at a share of a table of equally spaced quantiles, interpolated."""
    place = position * (len(table) - 1)
    lower = min(int(place), len(table) - 2)
    within = place - lower
    return table[lower] * (1.0 - within) + table[lower + 1] * within
