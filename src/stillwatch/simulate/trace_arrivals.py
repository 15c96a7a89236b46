"""Arrivals that follow real traces where these say something, and the usual laws elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from scipy import special

from stillwatch.simulate.arrivals import (
    MEAN_SPACING,
    Flags,
    Floats,
    Ints,
    ParametricArrivals,
    turns_from,
)
from stillwatch.simulate.records import Rhythm
from stillwatch.simulate.streams import Seeds, mix, unit
from stillwatch.simulate.traces import ClientTrace, Traces, read_traces

_POINTS: Final = 1001
_WEEK_S: Final = 7 * 86_400
_LONGEST_FACTOR: Final = 60.0
_FEWEST: Final = 5.0
"""Requests in a window below which its gaps say little."""


class TraceArrivals(ParametricArrivals):
    """Programs' hours and gaps from ServeGen, tokens from Azure, agents' turns from LMCache.

    People keep the usual hours: no public trace tells persons apart. A source that is absent
    leaves its law as it is.
    """

    def __init__(self, traces: Traces) -> None:
        self.name = f"traces sha256:{traces.digest}"
        self._hours = _week(traces.clients)
        self._spacing = _gap_table(traces.clients)
        answers = [s.tokens_out / np.median(s.tokens_out) for s in traces.services]
        self._answer = _table(answers)
        self._context = _table([s.tokens_in / np.median(s.tokens_in) for s in traces.services])
        sessions = [s for s in traces.sessions if len(s.at) > 1]
        calls = np.array([len(s.at) - 1 for s in sessions], float)
        gaps = [np.diff(s.at) for s in sessions]
        self._turns = _table([calls / np.median(calls)] if sessions else [])
        self._pause = _table(
            [np.concatenate(gaps) / np.median(np.concatenate(gaps))] if gaps else []
        )

    @classmethod
    def from_folder(cls, folder: Path) -> TraceArrivals:
        """Read the traces below a folder; UsageError as `read_traces`."""
        return cls(read_traces(folder))

    def week(self, rhythm: Rhythm) -> Floats:
        """Return the clients' mean week for programs, and people's usual weeks."""
        if rhythm == "always" and self._hours is not None:
            return self._hours
        return super().week(rhythm)

    def further_turns(self, medians: Floats, loops: Flags, rng: np.random.Generator) -> Ints:
        """Return how many turns follow the first, in agents' loops as in the sessions."""
        usual = super().further_turns(medians, loops, rng)
        if self._turns is None:
            return usual
        spread = _drawn(self._turns, rng.random(len(medians)))
        return np.where(loops, turns_from(spread, medians), usual)

    def mean_further_turns(self, median: float, loop: bool) -> float:
        """Return the mean of what `further_turns` returns."""
        if not loop or self._turns is None:
            return super().mean_further_turns(median, loop)
        return float(turns_from(self._turns, np.full(_POINTS, median)).mean())

    def spacings(self, gaps: Floats, rng: np.random.Generator) -> Floats:
        """Return seconds between two conversations of one sitting, as bursty as the clients'."""
        if self._spacing is None:
            return super().spacings(gaps, rng)
        return MEAN_SPACING * gaps * _drawn(self._spacing, rng.random(len(gaps)))

    def pauses(self, medians: Floats, loops: Flags, rng: np.random.Generator) -> Floats:
        """Return seconds between two turns, in agents' loops as in the sessions."""
        usual = super().pauses(medians, loops, rng)
        if self._pause is None:
            return usual
        paused: Floats = np.where(
            loops, medians * _drawn(self._pause, rng.random(len(medians))), usual
        )
        return paused

    def answer_factors(self, names: Seeds) -> Floats:
        """Return answers' lengths spread as the services' tokens out."""
        if self._answer is None:
            return super().answer_factors(names)
        return _drawn(self._answer, unit(mix(names, 1)))

    def context_factors(self, names: Seeds) -> Floats:
        """Return what comes along spread as the services' tokens in."""
        if self._context is None:
            return super().context_factors(names)
        return _drawn(self._context, unit(mix(names, 1)))


def _table(samples: list[Floats]) -> Floats | None:
    """Return equally spaced quantiles of several samples, each sample counting as much."""
    if not samples:
        return None
    shares = np.linspace(0, 1, _POINTS)
    each = np.stack([np.quantile(sample, shares) for sample in samples])
    table: Floats = np.clip(np.quantile(each.ravel(), shares), 0, _LONGEST_FACTOR)
    return table


def _drawn(table: Floats, shares: Floats) -> Floats:
    drawn: Floats = np.interp(shares * (_POINTS - 1), np.arange(_POINTS), table)
    return drawn


def _week(clients: tuple[ClientTrace, ...]) -> Floats | None:
    """Return the mean over clients of each one's relative rate by hour of the week.

    ServeGen's traces begin at an unknown hour, which is taken for a Monday's midnight.
    """
    curves = []
    for client in clients:
        if client.start[-1] + 600 < _WEEK_S or not client.rate.any():
            continue
        hour = (client.start % _WEEK_S // 3600).astype(np.int64)
        total = np.bincount(hour, client.rate, minlength=168)
        curves.append(total / total.mean())
    if not curves:
        return None
    mean = np.mean(curves, axis=0).reshape(7, 24)
    week: Floats = mean / mean.mean()
    return week


def _gap_table(clients: tuple[ClientTrace, ...]) -> Floats | None:
    """Return quantiles of gaps in units of their window's mean, from the fitted distributions.

    Every client counts as much as any other, every window as much as it holds requests.
    """
    shares = (np.arange(_POINTS) + 0.5) / _POINTS
    samples = []
    for client in clients:
        fitted = np.array([family != "" for family in client.family])
        busy = np.flatnonzero(fitted & (client.rate * 600 >= _FEWEST) & (client.shape > 0))
        if not len(busy):
            continue
        picked = busy[
            np.searchsorted(np.cumsum(client.rate[busy]) / client.rate[busy].sum(), shares)
        ]
        # A keyed shuffle pairs windows with quantiles; the same for every run.
        order = np.random.Generator(np.random.PCG64(7)).permutation(_POINTS)
        samples.append(unit_gaps(client, picked, shares[order]))
    return None if not samples else _mean_one(_table(samples))


def unit_gaps(client: ClientTrace, windows: Ints, shares: Floats) -> Floats:
    """Return the gap at a quantile of each window's fitted law, in units of the law's mean."""
    shape = client.shape[windows]
    gamma = special.gammaincinv(shape, shares) / shape
    weibull = (-np.log1p(-shares)) ** (1 / shape) / special.gamma(1 + 1 / shape)
    gaps: Floats = np.where(np.array(client.family)[windows] == "Gamma", gamma, weibull)
    return gaps


def _mean_one(table: Floats | None) -> Floats | None:
    return None if table is None else table / table.mean()
