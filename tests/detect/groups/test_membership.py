"""Membership: terms that add up, and nobody made a member by what others do."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.detect import Parameters
from stillwatch.detect.groups.candidates import Candidate
from stillwatch.detect.groups.index import Index
from stillwatch.detect.groups.membership import Group, fit_group
from tests.detect.groups.small_index import Trait, claim, make_index, wording

PARAMETERS = Parameters()
NOBODY = np.empty(0, dtype=np.int64)
CARD = 4
"""The place of the card among the traits of `pool_world`."""


def fit(index: Index, core: list[int], traits: list[int], tied: list[int]) -> Group | None:
    candidate = Candidate(
        np.array(core, dtype=np.int64),
        np.array(traits, dtype=np.int64),
        np.array(tied, dtype=np.int64),
    )
    return fit_group(index, candidate, PARAMETERS)


def assert_adds_up(group: Group) -> None:
    total = np.sum(np.stack(list(group.terms.values())), axis=0)
    np.testing.assert_allclose(total, group.log_odds, rtol=0, atol=1e-9)
    np.testing.assert_allclose(group.probability, 1 / (1 + np.exp(-group.log_odds)), atol=1e-12)
    assert group.members.tolist() == np.nonzero(group.probability >= 0.5)[0].tolist()


@st.composite
def small_worlds(draw: st.DrawFn) -> tuple[Index, list[int], list[int], list[int]]:
    accounts = draw(st.integers(8, 40))
    core = draw(st.lists(st.integers(0, accounts - 1), min_size=5, max_size=20, unique=True))
    traits: list[Trait] = []
    some = st.sets(st.sampled_from(core), min_size=3)
    others = st.sets(st.integers(0, accounts - 1), max_size=4)
    for t in range(draw(st.integers(1, 4))):
        held = draw(some) | draw(others)
        per_account = draw(st.integers(1, 3))
        traits.append(
            wording({a: [100 * a + 10 * t + k for k in range(per_account)] for a in held})
        )
    for bundle, family in (("card", "identity"), ("client", "client"), ("address", "network")):
        if draw(st.booleans()):
            traits.append(claim(family, bundle, sorted(draw(some) | draw(others))))
    pair = st.tuples(
        st.integers(0, accounts - 1), st.integers(0, accounts - 1), st.integers(1, 4)
    ).filter(lambda tie: tie[0] != tie[1])
    ties = draw(st.lists(pair, max_size=12, unique_by=lambda tie: tie[:2]))
    exchanges = [draw(st.integers(12, 60)) for _ in range(accounts)]
    tied = draw(st.sets(st.sampled_from(core)))
    index = make_index(exchanges, traits, ties)
    return index, sorted(core), list(range(len(traits))), sorted(tied)


@settings(max_examples=60)
@given(small_worlds(), st.booleans())
def test_terms_sum_to_log_odds_and_nobody_is_framed(
    world: tuple[Index, list[int], list[int], list[int]], by_links: bool
) -> None:
    index, core, traits, tied = world
    group = fit(index, core, [] if by_links else traits, tied)
    if group is None:
        return
    assert_adds_up(group)
    assert group.members.size >= PARAMETERS.smallest_group
    anchors = np.array(tied, dtype=np.int64)
    acts = np.bincount(index.actor[np.isin(index.origin, anchors)], minlength=index.accounts)
    given = np.isin(np.arange(index.accounts), index.origin[np.isin(index.actor, anchors)])
    acted = (group.work >= 2) | (acts >= 2) & given
    assert not np.any(group.probability[~acted] >= 0.5)


MEMBERS = range(12)
ACCOUNTS = 80
REPLAYED, COPIED, BOTH, PASSER_BY, PLANTED = 40, 41, 42, 43, 44


def pool_world(work: int = 6) -> Index:
    """Return a pool of twelve with wordings, a card and ties, and five accounts beside it.

    One only had its answers replayed by the pool; one sent a copied prompt once; one both; one
    shares the card; and one went on with chats that the pool planted.
    """
    shown = {a: [1_000 * a + k for k in range(work)] for a in MEMBERS}
    traits = [
        wording({**{a: x[t::4] for a, x in shown.items()}, **extra})
        for t, extra in enumerate(
            [{COPIED: [1_000 * COPIED], BOTH: [1_000 * BOTH]}, {COPIED: [1_000 * COPIED]}, {}, {}]
        )
    ]
    traits = [
        Trait(t.kind, t.family, t.bundle, {a: x for a, x in t.held.items() if x}) for t in traits
    ]
    traits.append(claim("identity", "card", [*MEMBERS, PASSER_BY]))
    traits += [
        wording({a: [1_000 * a + 500 + i] for a in range(20 + i, ACCOUNTS, 5)}) for i in range(10)
    ]
    traits += [claim("client", f"agent{i}", list(range(20 + i, ACCOUNTS, 7))) for i in range(7)]
    ties = [(a, (a + step) % 12, 3) for a in MEMBERS for step in (1, 5)]
    ties += [(a, victim, 3) for a in MEMBERS for victim in (REPLAYED, BOTH)]
    ties += [(PLANTED, a, 1) for a in MEMBERS]
    return make_index([30] * ACCOUNTS, traits, ties)


@pytest.mark.parametrize("by_links", [True, False])
@pytest.mark.parametrize("accused", [REPLAYED, COPIED, BOTH, PASSER_BY, PLANTED])
def test_what_others_do_makes_nobody_a_member(by_links: bool, accused: int) -> None:
    core = [*MEMBERS, accused]
    group = fit(
        pool_world(), core, [] if by_links else [0, 1, 2, 3, CARD], core if by_links else []
    )
    assert group is not None
    assert set(MEMBERS) <= set(group.members.tolist())
    assert accused not in group.members.tolist()
    assert_adds_up(group)


def test_what_holds_an_account_back_is_said() -> None:
    core = [*MEMBERS, BOTH]
    group = fit(pool_world(), core, [], core)
    assert group is not None
    assert group.terms["own_acts"][BOTH] <= 0
    assert all(group.terms["own_acts"][a] == 0 for a in MEMBERS)


def test_busy_strangers_stay_out() -> None:
    index = pool_world()
    group = fit(index, [*MEMBERS], [0, 1, 2, 3, CARD], [])
    assert group is not None
    assert group.members.tolist() == [*MEMBERS]


def test_a_core_that_nothing_sets_apart_is_no_group() -> None:
    index = make_index([30] * ACCOUNTS, [claim("client", "agent", list(range(ACCOUNTS)))])
    assert fit(index, [*MEMBERS], [0], []) is None


def test_accounts_may_stand_in_any_order() -> None:
    index = pool_world()
    mirror = np.arange(ACCOUNTS)[::-1]
    straight = fit(index, [*MEMBERS], [0, 1, 2, 3, CARD], [])
    traits = []
    for t in range(index.traits):
        rows = index.holdings.of(np.array([t]))
        holders = index.holdings.account[rows]
        shown = index.postings
        posted = shown.of(np.array([t]))
        held: dict[int, list[int]] = {int(mirror[a]): [] for a in holders}
        for row in posted:
            held[int(mirror[shown.account[row]])].append(int(shown.other[row]))
        traits.append(Trait(index.kind[t], index.family[t], index.bundle[t], held))
    ties = [
        (int(mirror[a]), int(mirror[b]), int(n))
        for (a, b), n in Counter(zip(index.actor, index.origin, strict=True)).items()
    ]
    turned = fit(
        make_index([30] * ACCOUNTS, traits, ties),
        sorted(int(mirror[a]) for a in MEMBERS),
        [0, 1, 2, 3, CARD],
        [],
    )
    assert straight is not None and turned is not None
    np.testing.assert_allclose(turned.log_odds[mirror], straight.log_odds, atol=1e-9)


def test_a_pool_inside_a_tool_does_not_take_in_the_tools_users() -> None:
    # 20 accounts of a pool and 30 strangers use one tool, which brings instructions and a client;
    # only the pool hands its conversations on.
    pool, strangers = range(20), range(20, 50)
    everybody = [*pool, *strangers]
    instructions = [
        wording({a: [1_000 * a + 10 * t + k for k in range(8)] for a in everybody if a % 3 != t})
        for t in range(3)
    ]
    bundles = ("agent", "handshake", "headers")
    tool = [claim("client", name, everybody) for name in bundles]
    rest = [
        claim("client", name, list(range(50 + i, 2_000, 9))) for i in range(9) for name in bundles
    ]
    rest += [wording({a: [1_000 * a + 500] for a in range(50 + i, 2_000, 20)}) for i in range(20)]
    ties = [(a, (a + step) % 20, 2) for a in pool for step in (1, 3)]
    index = make_index([30] * 2_000, [*instructions, *tool, *rest], ties)
    group = fit(index, [*pool], [], [*pool])
    assert group is not None
    assert group.members.tolist() == [*pool]


@pytest.mark.parametrize("hidden", [0, 5, 8])
def test_a_phrase_of_a_few_does_not_hide_the_template_of_all(hidden: int) -> None:
    # 24 accounts of a pool and 40 strangers send one template; some of the pool add a phrase to it.
    pool, strangers = range(24), range(24, 64)
    shown = {a: [1_000 * a + k for k in range(18)] for a in pool}
    template = wording({**shown, **{a: [1_000 * a + k for k in range(3)] for a in strangers}})
    phrase = [wording({a: shown[a] for a in range(hidden)})] if hidden else []
    rest = [wording({a: [1_000 * a + 500] for a in range(64 + i, 1_000, 20)}) for i in range(20)]
    card = [claim("identity", "card", [*pool]), claim("client", "agent", [*pool])]
    card += [claim("identity", "card", list(range(64 + i, 1_000, 30))) for i in range(30)]
    card += [claim("client", "agent", list(range(64 + i, 1_000, 30))) for i in range(30)]
    index = make_index([20] * 1_000, [template, *phrase, *rest, *card])
    group = fit(index, [*pool], [0, 1] if hidden else [0], [])
    assert group is not None
    assert set(pool) <= set(group.members.tolist())
    assert group.work[list(pool)].min() == 18


def test_who_declares_an_organisation_with_others_is_no_member_of_a_pool_that_hides() -> None:
    shown = {a: [1_000 * a + k for k in range(12)] for a in range(40)}
    guest = {**shown, 40: [40_000 + k for k in range(12)]}
    rest = [wording({a: [1_000 * a + 500] for a in range(41 + i, 600, 20)}) for i in range(20)]
    core = [*range(40)]
    index = make_index([16] * 600, [wording(guest), *rest], declared=range(40, 120))
    group = fit(index, core, [0], [])
    assert group is not None and group.members.tolist() == core
    assert fit(make_index([16] * 600, [wording(guest), *rest]), core, [0], []) is not None
    assert group.terms["openness"][40] < -2.0
