"""Fitting and merging: a union pools what its parts know and lets nobody else in."""

from __future__ import annotations

import numpy as np

from stillwatch.detect import Parameters
from stillwatch.detect.groups.candidates import Candidate
from stillwatch.detect.groups.index import Index
from stillwatch.detect.groups.membership import Group, fit_group
from stillwatch.detect.groups.merge import fit_groups
from tests.detect.groups.small_index import Trait, make_index, wording

PARAMETERS = Parameters()
FIRST, SECOND = range(10), range(10, 20)
STRANGER, ACCOUNTS = 30, 80
OF_FIRST, OF_SECOND, OF_BOTH = np.arange(4), np.arange(4, 8), np.arange(8, 18)
NOBODY = np.empty(0, dtype=np.int64)


def two_pools() -> Index:
    """Two pools with wordings of their own and of both; a stranger shows those of both."""
    holders: list[list[int]] = [[*FIRST]] * 4 + [[*SECOND]] * 4
    holders += [[*FIRST, *SECOND, STRANGER]] * 10
    traits = [
        wording({a: [1_000 * a + 10 * t + k for k in range(3)] for a in held})
        for t, held in enumerate(holders)
    ]
    crowd: list[Trait] = [
        wording({a: [1_000 * a + 500 + i] for a in range(20 + i, ACCOUNTS, 5)}) for i in range(10)
    ]
    return make_index([50] * ACCOUNTS, [*traits, *crowd])


def parts() -> list[Candidate]:
    return [
        Candidate(np.array(core, dtype=np.int64), traits, NOBODY)
        for core, traits in ((FIRST, OF_FIRST), (SECOND, OF_SECOND))
    ]


def members(group: Group) -> set[int]:
    return set(group.members.tolist())


def test_a_join_lets_nobody_in_whom_neither_part_came_near() -> None:
    index = two_pools()
    everything = np.concatenate((OF_FIRST, OF_SECOND, OF_BOTH))
    union = Candidate(np.arange(20), everything, NOBODY)
    wide = fit_group(index, union, PARAMETERS)
    assert wide is not None and members(wide) == {*FIRST, *SECOND, STRANGER}
    (joined,) = fit_groups(index, parts(), [], [], PARAMETERS)
    assert members(joined) == {*FIRST, *SECOND}
    assert joined.probability[STRANGER] == 0
    total = np.sum(np.stack(list(joined.terms.values())), axis=0)
    np.testing.assert_allclose(total, joined.log_odds, rtol=0, atol=1e-9)


def test_groups_with_nothing_in_common_stay_two() -> None:
    index = make_index(
        [40] * ACCOUNTS,
        [
            wording({a: [1_000 * a + 10 * t + k for k in range(3)] for a in held})
            for t, held in enumerate([FIRST] * 4 + [SECOND] * 4)
        ],
    )
    found = fit_groups(index, parts(), [], [], PARAMETERS)
    assert [members(g) for g in found] == [{*FIRST}, {*SECOND}]
