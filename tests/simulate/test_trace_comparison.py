"""The comparison with real traces measures what it says, on a world and on made-up traces."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from benchmarks.traces.distances import distance, to_the_world, yardstick
from benchmarks.traces.made import InnocentTraffic
from benchmarks.traces.picture import picture
from benchmarks.traces.samples import Floats, Measure, Sample, window_gaps
from benchmarks.traces.tables import section, summary
from tests.simulate.conftest import World


def _measure(*values: tuple[str, bool, Floats]) -> Measure:
    samples = tuple(Sample(*value) for value in values)
    return Measure("tokens", "Tokens", "tokens", samples, "world", logarithmic=True)


def test_windows_are_ten_minutes_with_five_requests() -> None:
    busy = np.array([0.0, 1, 2, 3, 7])
    assert window_gaps(np.array([0.0, 1, 2, 3, 599.9, 600.1])) != []
    assert window_gaps(busy[:4]) == []
    (gaps,) = window_gaps(np.concatenate([busy, busy[:4] + 1200]))
    assert gaps == pytest.approx(np.array([1, 1, 1, 4]) / 1.75)


def test_distances_are_none_to_itself_and_known_to_a_multiple() -> None:
    values = np.exp(np.random.Generator(np.random.PCG64(1)).normal(0, 1, 5000))
    same = distance(Sample("a", True, values), Sample("b", True, values), logarithmic=True)
    assert (same.ks, same.wasserstein) == (0.0, 0.0)
    tenfold = distance(Sample("a", True, values), Sample("b", True, 10 * values), logarithmic=True)
    assert tenfold.wasserstein == pytest.approx(1.0, abs=0.01)
    assert tenfold.ks > 0.7


def test_the_yardstick_is_between_real_traces_alone() -> None:
    rng = np.random.Generator(np.random.PCG64(1))
    first, second, third = (rng.exponential(k, 300) for k in (1.0, 2.0, 9.0))
    measure = _measure(("world", False, first), ("x", True, second), ("y", True, third))
    assert [(d.first, d.second) for d in yardstick(measure)] == [("x", "y")]
    assert [(d.first, d.second) for d in to_the_world(measure)] == [("world", "x"), ("world", "y")]
    assert "| Tokens | world |" in summary([measure])
    assert "| *x* | *y* |" in section(measure)
    root = ET.fromstring(picture([measure]))  # noqa: S314  # made three lines above
    lines = [
        e for e in root.iter("{http://www.w3.org/2000/svg}path") if "line" in e.attrib["class"]
    ]
    assert len(lines) == 2 * len(measure.samples)


def test_a_world_gives_samples_of_its_innocents_alone(demo: World) -> None:
    traffic = InnocentTraffic(demo.folder)
    innocents = demo.summary.exchanges - demo.summary.campaign_exchanges
    assert 0 < len(traffic.at) <= innocents
    assert "campaign" not in set(traffic.population.tolist())
    samples = traffic.samples()
    assert set(samples) == {
        "gaps", "burstiness", "rates", "calls", "pauses", "tokens_in", "tokens_out", "hours",
    }  # fmt: skip
    for found in samples.values():
        for sample in found:
            assert not sample.real
            assert np.isfinite(sample.values).all()
            assert (sample.values >= 0).all()
    rates = samples["rates"][0].values
    assert rates.mean() == pytest.approx(1.0)
    assert (traffic.window_sizes() >= 4).all()
