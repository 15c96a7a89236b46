"""Members are held against accounts like them, elsewhere, and never against themselves."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.detect.judgement.habits import (
    NOT_SHOWN,
    Compared,
    Habit,
    by_account,
    by_group,
    compare,
    of_members,
)


def habit(values: list[float], strata: list[int] | None = None) -> Habit:
    return Habit(np.array(values), np.array(strata or [0] * len(values), dtype=np.int64))


def everybody(of: Habit) -> np.ndarray:
    return np.ones(of.value.size, dtype=bool)


def compared(of: Habit, members: list[int], shrinkage: float = 0.0) -> Compared:
    chosen = np.array(members, dtype=np.int64)
    return compare(of_members(of, chosen), of, chosen, everybody(of), shrinkage)


def test_members_are_no_part_of_elsewhere() -> None:
    assert compared(habit([1.0, 1.0, 0.0, 0.5]), [0, 1]) == Compared(2, 1.0, 0.25)


def test_who_shows_nothing_counts_on_neither_side() -> None:
    assert compared(habit([1.0, np.nan, 0.0, np.nan]), [0, 1]) == Compared(1, 1.0, 0.0)
    assert compared(habit([np.nan, np.nan, 0.0]), [0, 1]) == NOT_SHOWN
    assert compared(habit([1.0, 0.5, np.nan]), [0, 1]) == Compared(2, 0.75, None)


def test_accounts_left_out_of_elsewhere_do_not_count() -> None:
    of = habit([1.0, 1.0, 0.0])
    members = np.array([0])
    elsewhere = np.array([True, False, True])
    assert compare(of_members(of, members), of, members, elsewhere).outside == 0.0


def test_the_mean_elsewhere_follows_the_strata_of_the_members() -> None:
    of = habit([1.0, 1.0, 0.0, 0.0, 0.8, 0.6], [1, 1, 0, 0, 1, 1])
    assert compared(of, [0, 1]).outside == pytest.approx(0.7)
    assert compared(of, [0, 2]).outside == pytest.approx((2.4 / 3 + 0.0) / 2)


def test_a_thin_stratum_is_drawn_to_the_mean_of_all() -> None:
    of = habit([1.0, *[0.0] * 30, 1.0], [1, *[0] * 30, 1])
    assert compared(of, [0]).outside == 1.0
    # One account of the stratum and twenty like all others, of whom one in thirty-one shows it.
    assert compared(of, [0], 20.0).outside == pytest.approx((1.0 + 20 / 31) / 21)


values = st.lists(st.floats(0.0, 1.0) | st.just(float("nan")), min_size=2, max_size=30)


@given(values, st.data())
def test_both_sides_are_means_of_what_there_is(shown: list[float], data: st.DataObject) -> None:
    strata = [data.draw(st.integers(0, 3)) for _ in shown]
    members = sorted(data.draw(st.sets(st.integers(0, len(shown) - 1), min_size=1)))
    found = compared(habit(shown, strata), members, data.draw(st.floats(0.0, 30.0)))
    assert found.members == sum(not np.isnan(shown[m]) for m in members)
    others = [v for i, v in enumerate(shown) if i not in members and not np.isnan(v)]
    assert (found.outside is None) == (not others or not found.members)
    assert 0.0 <= found.inside <= 1.0
    if found.outside is not None:
        assert -1e-9 <= found.outside <= max(others) + 1e-9


def test_shares_are_read_by_account_and_by_group() -> None:
    rows = pa.table({"account": [0, 2], "part": [1, 0], "whole": [4, 3]})
    np.testing.assert_equal(by_account(rows, 4).value, np.array([0.25, np.nan, 0.0, np.nan]))
    rows = pa.table({"group_no": [1, 1, 4], "part": [1, 2, 3], "whole": [2, 2, 4]})
    assert {no: list(h.value) for no, h in by_group(rows).items()} == {1: [0.5, 1.0], 4: [0.75]}
    assert by_group(rows.slice(0, 0)) == {}
