"""What is compared: samples of one quantity from a world and from real traces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

WINDOW_S: Final = 600.0
FEWEST: Final = 5
"""Requests in a window below which its gaps are not looked at."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Values of one quantity from one source."""

    source: str
    real: bool
    values: Floats


@dataclass(frozen=True, slots=True)
class Measure:
    """One quantity and whatever sources have it."""

    name: str
    title: str
    unit: str
    samples: tuple[Sample, ...]
    counterpart: str
    """The part of the world that is most like what the real traces are of."""
    logarithmic: bool
    """Whether distances are taken between logarithms."""

    @property
    def real(self) -> tuple[Sample, ...]:
        """Return the samples of real traces."""
        return tuple(s for s in self.samples if s.real)

    @property
    def made(self) -> tuple[Sample, ...]:
        """Return the samples of the world."""
        return tuple(s for s in self.samples if not s.real)


def window_gaps(at: Floats) -> list[Floats]:
    """Return one client's gaps inside ten-minute windows that hold five requests or more.

    `at` are seconds in order; the gaps are in units of their window's mean gap.
    """
    gaps = []
    window = np.floor_divide(at, WINDOW_S).astype(np.int64)
    edges = np.flatnonzero(np.diff(window)) + 1
    for inside in np.split(at, edges):
        if len(inside) < FEWEST:
            continue
        gap = np.diff(inside)
        mean = gap.mean()
        if mean > 0:
            gaps.append(gap / mean)
    return gaps
