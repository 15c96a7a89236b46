"""Exact intervals, against published values and against what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, poisson

from stillwatch.statistics.intervals import clopper_pearson, poisson_exact, precision_at


def test_no_success_in_ten_is_the_textbook_interval() -> None:
    interval = clopper_pearson(0, 10)
    assert interval.low == 0.0
    assert interval.high == pytest.approx(0.3085, abs=5e-5)


def test_no_event_has_the_rule_of_three_as_its_upper_end() -> None:
    assert poisson_exact(0, 1.0, 0.90).high == pytest.approx(2.9957, abs=5e-5)
    assert poisson_exact(10, 2.0).low == pytest.approx(4.7954 / 2, abs=5e-5)


@given(st.integers(0, 300), st.integers(1, 300))
def test_the_ends_leave_exactly_the_tails(successes: int, trials: int) -> None:
    successes = min(successes, trials)
    interval = clopper_pearson(successes, trials)
    assert 0 <= interval.low <= successes / trials <= interval.high <= 1
    if successes:
        assert binom.sf(successes - 1, trials, interval.low) == pytest.approx(0.025, rel=1e-6)
    if successes < trials:
        assert binom.cdf(successes, trials, interval.high) == pytest.approx(0.025, rel=1e-6)


@given(st.integers(0, 500), st.floats(0.01, 100))
def test_the_ends_of_a_rate_leave_exactly_the_tails(count: int, exposure: float) -> None:
    interval = poisson_exact(count, exposure)
    assert interval.low <= count / exposure <= interval.high
    assert poisson.cdf(count, interval.high * exposure) == pytest.approx(0.025, rel=1e-6)


def test_coverage_is_at_least_what_is_claimed() -> None:
    rng = np.random.default_rng(5)
    for share in (0.02, 0.3, 0.9):
        hits = 0
        for successes in rng.binomial(40, share, 400):
            interval = clopper_pearson(int(successes), 40)
            hits += interval.low <= share <= interval.high
        assert hits >= 0.93 * 400


@pytest.mark.parametrize(("successes", "trials"), [(1, 0), (-1, 3), (4, 3)])
def test_what_is_no_proportion_is_refused(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match="not a proportion"):
        clopper_pearson(successes, trials)


@pytest.mark.parametrize(("count", "exposure"), [(-1, 1.0), (1, 0.0)])
def test_what_is_no_rate_is_refused(count: int, exposure: float) -> None:
    with pytest.raises(ValueError, match="not a rate"):
        poisson_exact(count, exposure)


def test_precision_at_a_prevalence_follows_bayes() -> None:
    assert precision_at(0.01, 0.5, 0.001) == pytest.approx(0.005 / (0.005 + 0.00099))
    assert precision_at(0.01, 0.0, 0.0) is None
    assert precision_at(0.5, 0.2, 0.2) == pytest.approx(0.5)
