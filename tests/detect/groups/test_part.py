"""Parting: an account of two campaigns counts for the one that it most surely belongs to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.detect.groups.membership import Group
from stillwatch.detect.groups.part import part_groups

ACCOUNTS = 30
EMPTY = np.empty(0, dtype=np.int64)


def group(odds: Mapping[int, float]) -> Group:
    log_odds = np.full(ACCOUNTS, -9.0)
    for account, value in odds.items():
        log_odds[account] = value
    nothing = np.zeros(ACCOUNTS, dtype=np.int64)
    terms = {"base_rate": np.full(ACCOUNTS, -9.0), "content": log_odds + 9.0}
    return Group(EMPTY, EMPTY, log_odds, terms, nothing, nothing)


def sets(groups: list[Group]) -> list[set[int]]:
    return [set(g.members.tolist()) for g in groups]


def test_a_wider_circle_keeps_only_those_who_are_not_of_the_pool() -> None:
    pool = group(dict.fromkeys(range(10), 12.0))
    circle = group(dict.fromkeys(range(20), 3.0))
    assert sets(part_groups([circle, pool], 5)) == [{*range(10, 20)}, {*range(10)}]


def test_too_small_a_rest_is_no_group() -> None:
    pool = group(dict.fromkeys(range(10), 12.0))
    circle = group(dict.fromkeys(range(13), 3.0))
    assert sets(part_groups([circle, pool], 5)) == [{*range(10)}]


def test_groups_apart_come_back_as_they_are() -> None:
    groups = [group(dict.fromkeys(range(8), 2.0)), group(dict.fromkeys(range(8, 16), 1.0))]
    parted = part_groups(groups, 5)
    assert all(a is b for a, b in zip(parted, groups, strict=True))
    assert part_groups([], 5) == []


odds = st.dictionaries(st.integers(0, ACCOUNTS - 1), st.floats(0.0, 20.0), min_size=5)


@given(st.lists(odds, min_size=1, max_size=5))
def test_nobody_counts_twice_and_nobody_is_new(several: list[dict[int, float]]) -> None:
    groups = [group(o) for o in several]
    parted = part_groups(groups, 1)
    counted = [a for members in sets(parted) for a in members]
    assert len(counted) == len(set(counted))
    assert set(counted) == {a for o in several for a in o}
    for one in parted:
        total = np.sum(np.stack(list(one.terms.values())), axis=0)
        assert np.allclose(total, one.log_odds)
