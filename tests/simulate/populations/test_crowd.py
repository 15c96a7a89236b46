"""A crowd has every population in its share, and the rate that it was asked for."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from stillwatch.simulate.populations import crowd
from stillwatch.simulate.populations.crowd import SHARES
from stillwatch.simulate.stage import Stage
from tests.simulate.populations.conftest import REQUESTS, Lived, staged


def test_shares_are_whole_and_fall() -> None:
    shares = [share for _, share in SHARES]
    assert sum(shares) == pytest.approx(1.0)
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize("accounts", [1, 10, 15, 16, 333, 250_000])
def test_a_crowd_has_the_accounts_and_the_mean_rate_that_were_asked(accounts: int) -> None:
    casts = crowd(accounts, 2.67)
    assert sum(cast.accounts for cast in casts) == accounts
    asked = sum(cast.accounts * cast.requests for cast in casts)  # type: ignore[attr-defined]
    assert asked == pytest.approx(2.67 * accounts)
    assert len(casts) == min(accounts, len(SHARES))


@pytest.mark.parametrize(("accounts", "requests"), [(0, 1.0), (5, 0.0)])
def test_a_crowd_of_nobody_is_refused(accounts: int, requests: float) -> None:
    with pytest.raises(ValueError, match="at least one account"):
        crowd(accounts, requests)


def test_large_crowds_keep_the_shares() -> None:
    for cast, (_, share) in zip(crowd(250_000, 2.67), SHARES, strict=True):
        assert cast.accounts / 250_000 == pytest.approx(share, abs=0.001)


@pytest.mark.parametrize("accounts", [10, 15, 60])
def test_no_population_is_empty_at_small_scale(accounts: int) -> None:
    stage = staged(accounts)
    wanted = {cast.population: cast.accounts for cast in crowd(accounts, REQUESTS)}
    assert Counter(a.population for a in stage.accounts) == wanted
    assert _with_a_voice(stage) == set(range(len(stage.accounts)))


def _with_a_voice(stage: Stage) -> set[int]:
    """Return the accounts that somebody speaks on, directly or through a pool."""
    direct = {s.account for s in stage.speakers if s.account is not None}
    asked = {s.pool for s in stage.speakers if s.pool is not None}
    return direct | {m.account for number in asked for m in stage.pools[number].accounts}


def test_the_rate_is_what_was_asked(lived: Lived) -> None:
    days = lived.stage.days * len(lived.stage.accounts)
    assert lived.exchanges.num_rows / days == pytest.approx(REQUESTS, rel=0.05)


def test_every_population_asks_about_as_much_as_its_knob_says(lived: Lived) -> None:
    size = Counter(a.population for a in lived.stage.accounts)
    asked = Counter(lived.population.tolist())
    ratios = {
        cast.population: asked[cast.population] / size[cast.population] / lived.stage.days / knob
        for cast in crowd(1200, REQUESTS)
        for knob in (cast.requests,)  # type: ignore[attr-defined]
    }
    assert {p: r for p, r in ratios.items() if not 0.6 < r < 1.5} == {}
    assert np.median(list(ratios.values())) == pytest.approx(1.0, abs=0.07)


def test_equal_seeds_give_equal_stages_and_others_do_not() -> None:
    first, again, other = staged(200), staged(200), staged(200, seed=2)
    for part in ("accounts", "addresses", "speakers", "pools", "control", "events", "leases"):
        assert getattr(first, part) == getattr(again, part), part
        assert getattr(first, part) != getattr(other, part), part


def test_numbers_of_groups_grow_with_the_crowd() -> None:
    small, large = staged(300), staged(12_000)
    for field in ("organization_id", "payment_fingerprint"):
        shared = [
            len([v for v, n in Counter(a.fields[field] for a in s.accounts).items() if v and n > 1])
            for s in (small, large)
        ]
        assert shared[1] > 5 * shared[0] > 0
    assert len(large.pools) > len(small.pools) >= 1
    assert len(large.decks) > len(small.decks) > 2
