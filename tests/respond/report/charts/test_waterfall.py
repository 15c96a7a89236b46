"""Bars must begin where the last one ended, and end at the score."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.respond.report.charts.waterfall import Range, total_bar, waterfall

VALUES = st.lists(st.floats(-50, 50), max_size=20)


@given(VALUES, VALUES)
def test_bars_join_and_end_at_the_sum(values: list[float], others: list[float]) -> None:
    scale = Range.over([values, others])
    steps = waterfall(values, scale)
    assert [step.before for step in steps[1:]] == [step.after for step in steps[:-1]]
    if steps:
        assert steps[0].before == 0
        assert steps[-1].after == pytest.approx(sum(values), abs=1e-9)
    for step in steps:
        left, width = place(step.bar)
        assert left >= -0.1
        assert left + width <= 1000.1
        assert width >= 2.9


@given(st.floats(0.5, 50), st.floats(0.5, 50))
def test_a_bar_is_as_long_as_its_value(first: float, second: float) -> None:
    scale = Range.over([[first, second, -second]])
    bars = [place(step.bar) for step in waterfall([first, second, -second], scale)]
    assert bars[0][0] == 0
    assert bars[1][0] == pytest.approx(bars[0][1], abs=0.2)
    if min(first, second) / (first + second) > 0.01:
        assert bars[0][1] / bars[1][1] == pytest.approx(first / second, rel=0.05)
    assert bars[2] == bars[1]


def test_the_side_of_zero_shows() -> None:
    scale = Range.over([[4.0, -6.0]])
    rising, falling = waterfall([4.0, -6.0], scale)
    assert 'class="term for"' in rising.bar
    assert 'class="term against"' in falling.bar
    assert 'class="total against"' in total_bar(-2.0, scale)


def place(bar: str) -> tuple[float, float]:
    found = re.search(r'<rect class="[^"]+" x="([^"]+)" y="3" width="([^"]+)"', bar)
    assert found
    return float(found[1]), float(found[2])
