"""Single draws have the distribution that they say."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from stillwatch.simulate.draws import Weighted, around, between, one_of, token, whole


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(4))


def test_weighted_options_keep_their_weights(rng: np.random.Generator) -> None:
    drawn = Counter(Weighted([("a", 6.0), ("b", 3.0), ("c", 1.0)]).draw(rng) for _ in range(20_000))
    assert [drawn[k] / 20_000 for k in "abc"] == pytest.approx([0.6, 0.3, 0.1], abs=0.015)


def test_one_option_is_always_drawn(rng: np.random.Generator) -> None:
    assert Weighted([("only", 0.2)]).draw(rng) == "only"


def test_whole_numbers_keep_their_bounds(rng: np.random.Generator) -> None:
    drawn = Counter(whole(rng, 3, 7) for _ in range(8_000))
    assert set(drawn) == {3, 4, 5, 6}
    assert max(drawn.values()) < 1.15 * min(drawn.values())
    assert {one_of(rng, "xy") for _ in range(100)} == {"x", "y"}


def test_numbers_lie_between_and_around(rng: np.random.Generator) -> None:
    inside = [between(rng, 2.0, 4.0) for _ in range(5_000)]
    assert 2.0 <= min(inside) < 2.01
    assert 3.99 < max(inside) < 4.0
    spread = [around(rng, 5.0, 0.5) for _ in range(20_000)]
    assert np.median(spread) == pytest.approx(5.0, rel=0.03)
    assert np.log(spread).std() == pytest.approx(0.5, rel=0.03)


def test_tokens_do_not_come_twice(rng: np.random.Generator) -> None:
    drawn = {token(rng) for _ in range(5_000)}
    assert len(drawn) == 5_000
    assert {len(t) for t in drawn} == {16}
