"""The trait network: pairs counted exactly, λ by its definition, and nothing found in chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.detect import Parameters
from stillwatch.detect.network.cluster import cluster_traits
from stillwatch.detect.network.null import Validated, _benjamini_hochberg, validate_pairs
from stillwatch.detect.network.pairs import TraitPairs, count_pairs
from tests.detect.network.holdings import Held, expected_together, laid_out, together

PARAMETERS = Parameters()
EVERYTHING = 1e300
"""A rate at which every pair passes."""


def validated(held: Held, rate: float, order: int | None = None) -> Validated:
    rng = None if order is None else np.random.default_rng(order)
    with laid_out(held, rng) as engine:
        return validate_pairs(engine, count_pairs(engine, PARAMETERS), false_discovery_rate=rate)


@st.composite
def small_holdings(draw: st.DrawFn) -> Held:
    accounts = draw(st.integers(4, 14))
    bundles = draw(st.lists(st.sampled_from(["wording", "card", "client"]), min_size=2, max_size=6))
    pairs = st.tuples(st.integers(0, len(bundles) - 1), st.integers(0, accounts - 1))
    holdings = draw(st.sets(pairs, min_size=3 * len(bundles), max_size=len(bundles) * accounts))
    posted = [
        (t, draw(st.integers(0, 2)) + 10 * a, a)
        for t, a in sorted(holdings)
        if bundles[t] == "wording"
    ]
    strata = draw(st.lists(st.integers(0, 2), min_size=accounts, max_size=accounts))
    return Held(bundles, strata, holdings, posted)


@settings(max_examples=40)
@given(small_holdings())
def test_pairs_and_their_expectation_are_those_of_the_definition(held: Held) -> None:
    found = validated(held, EVERYTHING)
    counted = {
        (int(a), int(b)): int(n)
        for a, b, n in zip(found.pairs.first, found.pairs.second, found.pairs.together, strict=True)
    }
    assert counted == together(held)
    for (first, second), value in zip(counted, found.expected, strict=True):
        assert value == pytest.approx(expected_together(held, first, second), rel=1e-9)
    held_at_all = len({t for t, _ in held.holdings})
    assert found.tested == max(1, held_at_all * (held_at_all - 1) // 2)


def test_common_traits_are_no_part_of_the_network() -> None:
    held = Held(
        ["card", "client", "wording"], [0] * 6, {(t, a) for t in range(3) for a in range(6)}
    )
    both = Held(held.bundles, held.strata, held.holdings, common=frozenset({0}))
    assert [(int(a), int(b)) for a, b in _ends(validated(held, EVERYTHING))] == [
        (0, 1), (0, 2), (1, 2)
    ]  # fmt: skip
    assert [(int(a), int(b)) for a, b in _ends(validated(both, EVERYTHING))] == [(1, 2)]


def _ends(found: Validated) -> list[tuple[int, int]]:
    return list(zip(found.pairs.first.tolist(), found.pairs.second.tolist(), strict=True))


BUNDLES = ["wording", "card", "client", "network", "mail"]


def by_chance(seed: int, accounts: int = 1_500, kinds: int = 50) -> Held:
    """Return holdings of people with nothing to do with one another.

    Activity is heavy-tailed, and each of three strata has its own popular traits, so that busy
    people and people of one stratum meet often, by chance alone.
    """
    rng = np.random.default_rng(seed)
    strata = rng.integers(0, 3, accounts)
    activity = np.minimum(rng.lognormal(0.0, 1.1, accounts), 30.0)
    holdings = set()
    for b in range(len(BUNDLES)):
        popularity = rng.dirichlet(np.full(kinds, 0.4), size=3)
        for account in range(accounts):
            drawn = rng.choice(kinds, rng.poisson(activity[account]), p=popularity[strata[account]])
            holdings |= {(b * kinds + int(t), account) for t in drawn}
    bundles = [bundle for bundle in BUNDLES for _ in range(kinds)]
    return Held(bundles, [int(s) for s in strata], holdings)


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_found_in_chance(seed: int) -> None:
    held = by_chance(seed)
    everything = validated(held, EVERYTHING)
    assert everything.pairs.first.size > 2_000, "there must be something to be wrong about"
    assert validated(held, PARAMETERS.pair_false_discovery_rate).pairs.first.size <= 1


def test_without_strata_what_strata_share_would_look_like_coordination() -> None:
    held = by_chance(0, accounts=3_000, kinds=20)
    assert validated(held, PARAMETERS.pair_false_discovery_rate).pairs.first.size <= 1
    blind = Held(held.bundles, [0] * len(held.strata), held.holdings)
    assert validated(blind, PARAMETERS.pair_false_discovery_rate).pairs.first.size > 20


@pytest.mark.parametrize("seed", range(3))
def test_a_planted_group_is_found_among_chance(seed: int) -> None:
    chance = by_chance(seed)
    rng = np.random.default_rng(100 + seed)
    members = rng.choice(len(chance.strata), 60, replace=False)
    planted = range(len(chance.bundles), len(chance.bundles) + 3)
    extra = {(t, int(a)) for t in planted for a in members if rng.random() < 0.6}
    held = Held(
        [*chance.bundles, "wording", "card", "client"], chance.strata, chance.holdings | extra
    )
    found = validated(held, PARAMETERS.pair_false_discovery_rate)
    inside = [pair for pair in _ends(found) if set(pair) <= set(planted)]
    assert len(inside) == 3
    clusters = cluster_traits(found, PARAMETERS)
    assert any(set(planted) <= set(cluster.tolist()) for cluster in clusters)


def test_clusters_are_the_same_twice_and_cover_the_network() -> None:
    chance = by_chance(1, accounts=3_000, kinds=20)
    blind = Held(chance.bundles, [0] * len(chance.strata), chance.holdings)
    found = validated(blind, PARAMETERS.pair_false_discovery_rate)
    assert found.pairs.first.size > 20
    one, two = cluster_traits(found, PARAMETERS), cluster_traits(found, PARAMETERS)
    assert [c.tolist() for c in one] == [c.tolist() for c in two]
    together_once = sorted(t for cluster in one for t in cluster.tolist())
    assert together_once == sorted({t for pair in _ends(found) for t in pair})


def test_no_pairs_make_no_clusters() -> None:
    nothing = np.empty(0, dtype=np.int64)
    empty = Validated(TraitPairs(nothing, nothing, nothing), np.empty(0), np.empty(0), 1)
    assert cluster_traits(empty, PARAMETERS) == []


def stuffed(accounts: int = 5, values: int = 60) -> Held:
    """Return accounts that hold far more values of one kind than are counted."""
    holdings = {(t, a) for t in range(values) for a in range(accounts)}
    return Held(["card"] * values, [0] * accounts, holdings)


def counted(held: Held, order: int, parameters: Parameters = PARAMETERS) -> set[tuple[int, int]]:
    with laid_out(held, np.random.default_rng(order)) as engine:
        count_pairs(engine, parameters)
        rows = engine.arrow("SELECT trait, account FROM counted").to_pylist()
    return {(row["trait"], row["account"]) for row in rows}


def test_what_is_dropped_beyond_the_cap_depends_on_the_salt_alone() -> None:
    held = stuffed()
    kept = counted(held, 1)
    assert counted(held, 2) == kept
    per_account = {a: {t for t, b in kept if b == a} for a in range(5)}
    assert {len(traits) for traits in per_account.values()} == {PARAMETERS.values_per_account}
    assert counted(held, 1, Parameters(sampling_salt=2_000_000_000)) != kept


def test_stuffing_does_not_push_out_rare_values_first() -> None:
    # Were the commonest (or the first) kept, the sample would be one end of the numbers.
    kept = {t for t, _ in counted(stuffed(accounts=40), 1)}
    assert len(kept & set(range(30))) > 5 and len(kept & set(range(30, 60))) > 5


def test_an_account_below_the_cap_keeps_everything() -> None:
    held = stuffed(values=PARAMETERS.values_per_account)
    assert counted(held, 3) == held.holdings


@given(
    st.lists(st.floats(1e-12, 1.0), min_size=0, max_size=40),
    st.integers(0, 60),
    st.sampled_from([1e-3, 0.05, 0.5]),
)
def test_benjamini_and_hochberg(p: list[float], untested: int, rate: float) -> None:
    tested = len(p) + untested
    passing = [
        k for k in range(1, len(p) + 1) if sum(q <= k * rate / tested * (1 - 1e-9) for q in p) >= k
    ]
    limit = max(passing, default=0) * rate / max(1, tested)
    kept = _benjamini_hochberg(np.log(np.array(p)), max(1, tested), rate).tolist()
    assert kept == [i for i, q in enumerate(p) if q <= limit]


def cliques(*sizes: int, weight: float = 10.0) -> Validated:
    """Return a network of groups of traits in which all pairs of a group are tied, and no others."""
    pairs, start = [], 0
    for size in sizes:
        pairs += [(start + i, start + j) for i in range(size) for j in range(i + 1, size)]
        start += size
    first, second = (np.array([p[side] for p in pairs], dtype=np.int64) for side in (0, 1))
    several = np.full(first.size, 9, dtype=np.int64)
    log_p = np.full(first.size, -weight * np.log(10.0))
    return Validated(TraitPairs(first, second, several), np.ones(first.size), log_p, 1_000)


@pytest.mark.parametrize("size", [3, 6, 20, 60])
@pytest.mark.parametrize("others", [0, 1, 5, 40])
def test_traits_that_are_all_tied_are_one_cluster_whatever_else_there_is(
    size: int, others: int
) -> None:
    clusters = cluster_traits(cliques(size, *[4] * others), PARAMETERS)
    assert list(range(size)) in [cluster.tolist() for cluster in clusters]
