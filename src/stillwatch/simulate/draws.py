"""Cheap single draws: `Generator.choice` and `integers` cost ten times as much as one uniform."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import exp
from typing import Final, Generic, TypeVar

import numpy as np

T = TypeVar("T")
_TOP: Final = 1 << 62


class Weighted(Generic[T]):
    """Options with weights, drawn one at a time."""

    def __init__(self, options: Iterable[tuple[T, float]]) -> None:
        pairs = list(options)
        total = sum(weight for _, weight in pairs)
        self._options = [option for option, _ in pairs]
        self._edges = [edge / total for edge in accumulate(weight for _, weight in pairs)][:-1]

    def draw(self, rng: np.random.Generator) -> T:
        """Return one option, drawn by its weight."""
        return self._options[bisect_right(self._edges, rng.random())]


def whole(rng: np.random.Generator, low: int, high: int) -> int:
    """Return a whole number in [low, high)."""
    return low + int((high - low) * rng.random())


def one_of(rng: np.random.Generator, options: Sequence[T]) -> T:
    """Return one of the options, all equally likely."""
    return options[int(len(options) * rng.random())]


def between(rng: np.random.Generator, low: float, high: float) -> float:
    """Return a number between two, both equally likely and all in between."""
    return low + (high - low) * rng.random()


def around(rng: np.random.Generator, median: float, spread: float) -> float:
    """Return a log-normal number: its median, and the standard deviation of its logarithm."""
    return median * exp(spread * rng.standard_normal())


def token(rng: np.random.Generator) -> str:
    """Return 16 hexadecimal digits of an id."""
    return f"{rng.bit_generator.random_raw() % _TOP:016x}"
