"""Groups that own the same wordings are one; what others hold as well joins nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pytest

from stillwatch.detect import Parameters
from stillwatch.detect.groups.candidates import candidates_from_common_traits
from stillwatch.detect.groups.join import joined_groups
from tests.detect.groups.small_index import Trait, claim, make_index, wording

FIRST = np.arange(10)
SECOND = np.arange(10, 20)
ACCOUNTS = 60


def held_by(accounts: Iterable[int], item: int) -> Trait:
    return wording({int(a): [1000 * item + int(a)] for a in accounts})


def joined(traits: Sequence[Trait]) -> list[list[int]]:
    index = make_index([30] * ACCOUNTS, traits)
    return [j.places.tolist() for j in joined_groups(index, [FIRST, SECOND])]


def own(wordings: int) -> list[Trait]:
    """Wordings that each of the two groups has for itself."""
    return [held_by(g, 100 * n + k) for n, g in enumerate((FIRST, SECOND)) for k in range(wordings)]


def test_two_pools_of_one_queue_are_joined_by_what_both_own() -> None:
    both = [held_by(range(20), 500 + k) for k in range(6)]
    assert joined([*own(4), *both]) == [[0, 1]]
    index = make_index([30] * ACCOUNTS, [*own(4), *both])
    (found,) = joined_groups(index, [FIRST, SECOND])
    assert found.traits.tolist() == [8, 9, 10, 11, 12, 13]


@pytest.mark.parametrize("outsiders", [range(20, 60), range(20, 28)])
def test_what_a_crowd_holds_as_well_joins_nobody(outsiders: range) -> None:
    everybody = [*range(20), *outsiders]
    assert joined([*own(4), *(held_by(everybody, 500 + k) for k in range(6))]) == []


def test_a_customer_of_two_pools_joins_neither() -> None:
    # The five wordings of one customer are little beside what each pool owns.
    assert joined([*own(20), *(held_by(range(20), 500 + k) for k in range(5))]) == []


def test_a_pool_that_a_campaign_buys_from_is_not_the_campaign() -> None:
    # Its accounts show the campaign's wordings, but five times as many requests are others'.
    busy = [
        wording({int(a): [1000 * (300 + k) + 20 * int(a) + n for n in range(5)] for a in SECOND})
        for k in range(6)
    ]
    both = [held_by(range(20), 500 + k) for k in range(6)]
    assert joined([*busy, *both]) == []
    quiet = [held_by(SECOND, 300 + k) for k in range(4)]
    assert joined([*quiet, *both]) == [[0, 1]]


def test_the_order_of_overlapping_groups_joins_the_same() -> None:
    # Groups that share six accounts, and wordings of ten of each.
    first, second = np.arange(0, 20), np.arange(14, 34)
    traits = [held_by([*range(4, 24)], 500 + k) for k in range(6)]
    index = make_index([30] * ACCOUNTS, traits)
    for members in ([first, second], [second, first]):
        assert [j.places.tolist() for j in joined_groups(index, members)] == [[0, 1]]


def test_what_few_members_hold_is_not_the_groups() -> None:
    few = [0, 1, 10, 11]
    assert joined([*own(2), *(held_by(few, 500 + k) for k in range(9))]) == []


def test_nothing_to_join() -> None:
    assert joined([claim("identity", "payment", range(20))]) == []
    assert joined_groups(make_index([30] * ACCOUNTS, own(3)), [FIRST]) == []


def test_common_traits_are_gathered_around_what_most_coincide_with() -> None:
    # Of 20 accounts with one client and one wording, 17 also show a phrase: the candidate is all 20.
    whole = range(20)
    traits = [
        held_by(range(17), 1),
        held_by(whole, 2),
        held_by(whole, 3),
        claim("client", "user_agent", whole),
        claim("client", "header_order", range(15, 50)),
    ]
    index = make_index([30] * ACCOUNTS, traits, common=range(5))
    (found,) = candidates_from_common_traits(index, Parameters())
    assert found.core.tolist() == list(whole)


def test_no_common_traits_no_candidates() -> None:
    assert candidates_from_common_traits(make_index([30] * ACCOUNTS, own(3)), Parameters()) == []
