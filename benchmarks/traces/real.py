"""The quantities as real traces have them."""

from __future__ import annotations

from typing import Final

import numpy as np

from benchmarks.traces.samples import FEWEST, WINDOW_S, Floats, Ints, Sample
from stillwatch.simulate.trace_arrivals import unit_gaps
from stillwatch.simulate.traces import ClientTrace, Traces

_DRAWS: Final = 100
"""Windows for each client."""


def samples(traces: Traces, sizes: Ints) -> dict[str, list[Sample]]:
    """Return the samples of each measure, by the measure's name.

    Windows drawn from a client's fitted laws get as many gaps as the world's windows have (`sizes`),
    because a few gaps cannot vary as much as many.
    """
    found: dict[str, list[Sample]] = {}

    def put(measure: str, source: str, values: Floats) -> None:
        if len(values):
            found.setdefault(measure, []).append(Sample(source, True, values))

    for service in traces.services:
        put("tokens_in", service.name, service.tokens_in)
        put("tokens_out", service.name, service.tokens_out)
    for kind in sorted({session.name for session in traces.sessions}):
        mine = [s for s in traces.sessions if s.name == kind]
        put("tokens_in", kind, _positive(np.concatenate([s.tokens_in for s in mine])))
        put("tokens_out", kind, _positive(np.concatenate([s.tokens_out for s in mine])))
        put("calls", kind, np.array([len(s.at) for s in mine], float))
        put("pauses", kind, _positive(np.concatenate([np.diff(s.at) for s in mine])))
    for service_name in sorted({c.name.rpartition(" ")[0] for c in traces.clients}):
        clients = [c for c in traces.clients if c.name.rpartition(" ")[0] == service_name]
        gaps, spreads = _gaps(clients, sizes)
        put("gaps", service_name, gaps)
        put("burstiness", service_name, spreads)
        put("rates", service_name, _rates(np.array([c.rate.mean() for c in clients])))
        put("hours", service_name, _hours(clients))
    return found


def _gaps(clients: list[ClientTrace], sizes: Ints) -> tuple[Floats, Floats]:
    """Return windows drawn from the fitted laws: gaps in units of their mean, and their spread.

    Every client counts as much as any other, as do the accounts of a world.
    """
    rng = np.random.Generator(np.random.PCG64(11))
    gaps, spreads = [], []
    for client in clients:
        fitted = np.array([family != "" for family in client.family])
        busy = np.flatnonzero(fitted & (client.rate * WINDOW_S >= FEWEST) & (client.shape > 0))
        if len(busy):
            picked = busy[rng.integers(0, len(busy), _DRAWS)]
            count = rng.choice(sizes, _DRAWS)
            drawn = unit_gaps(client, np.repeat(picked, count), rng.random(count.sum()))
            for gap in np.split(drawn, np.cumsum(count)[:-1]):
                if gap.mean() > 0:
                    gaps.append(gap / gap.mean())
                    spreads.append(float(gap.std() / gap.mean()))
    return np.concatenate(gaps), np.array(spreads)


def _rates(rates: Floats) -> Floats:
    return _positive(rates / rates.mean())


def _hours(clients: list[ClientTrace]) -> Floats:
    """Return the hour of the day of 2,400 requests spread as the clients' together."""
    total = np.zeros(24)
    for client in clients:
        hour = (client.start % 86_400 // 3600).astype(np.int64)
        total += np.bincount(hour, client.rate, minlength=24)
    shares = np.cumsum(total / total.sum())
    return np.searchsorted(shares, (np.arange(2400) + 0.5) / 2400).astype(float)


def _positive(values: Floats) -> Floats:
    kept: Floats = values[values > 0]
    return kept
