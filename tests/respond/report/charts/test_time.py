"""Timeline and rhythm: nothing lost, nothing out of place, whatever the span."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.respond.report.charts.buckets import gather
from stillwatch.respond.report.charts.rhythm import rhythm
from stillwatch.respond.report.charts.svg import ceiling
from stillwatch.respond.report.charts.timeline import timeline
from stillwatch.respond.report.result import Hour

START = datetime(2026, 3, 2, 7, tzinfo=UTC)


def hours_at(*offsets: int, count: int = 5) -> list[Hour]:
    return [Hour(START + timedelta(hours=at), count, count // 2) for at in sorted(offsets)]


@given(st.sets(st.integers(0, 24 * 7 * 390), min_size=1, max_size=60))
def test_every_exchange_is_in_one_bucket(offsets: set[int]) -> None:
    hours = hours_at(*offsets)
    buckets = gather(hours)
    assert buckets is not None
    assert sum(buckets.exchanges) == 5 * len(offsets)
    assert sum(buckets.campaign_exchanges) == 2 * len(offsets)
    assert len(buckets.starts) <= 400
    steps = {b - a for a, b in zip(buckets.starts, buckets.starts[1:], strict=False)}
    assert len(steps) <= 1


@pytest.mark.parametrize(
    ("last", "unit"), [(0, "hour"), (71, "hour"), (72, "day"), (24 * 120, "day"), (2881, "week")]
)
def test_the_unit_fits_the_span(last: int, unit: str) -> None:
    buckets = gather(hours_at(0, last))
    assert buckets is not None
    assert buckets.unit == unit


def test_no_hours_no_chart() -> None:
    assert gather([]) is None
    assert rhythm([]) == ""


def test_a_stray_clock_keeps_the_latest_weeks() -> None:
    buckets = gather(hours_at(0, 24 * 7 * 5000))
    assert buckets is not None
    assert len(buckets.starts) == 400
    assert buckets.exchanges[-1] == 5
    assert sum(buckets.exchanges) == 5


def test_bars_are_as_high_as_their_counts() -> None:
    buckets = gather([Hour(START, 100, 100), Hour(START + timedelta(hours=1), 50, 20)])
    assert buckets is not None
    chart, top = timeline(buckets)
    assert top == 100
    heights = re.findall(r'class="(\w+)" x="[^"]+" y="[^"]+" width="[^"]+" height="([^"]+)"', chart)
    assert heights == [("campaign", "100"), ("rest", "30"), ("campaign", "20")]
    assert "2026-03-02 07:00: 100 exchanges, 100 of the campaign" in chart


def test_rhythm_draws_one_cell_an_hour_that_saw_an_exchange() -> None:
    chart = rhythm(hours_at(0, 1, 24, 100))
    assert chart.count("h8.4v8.4") == 4
    assert rhythm(hours_at(0, 1)) == ""
    assert rhythm(hours_at(0, 24 * 500)) == ""


@given(st.integers(1, 10**9))
def test_an_axis_ends_at_a_round_number_close_above(value: int) -> None:
    top = ceiling(value)
    assert value <= top <= 2 * value
    assert top == int(top)
