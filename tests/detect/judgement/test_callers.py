"""An account serves several callers when its requests come with several tool sets or end users."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from stillwatch.detect.judgement.callers import several_callers
from stillwatch.detect.judgement.habits import Habit
from stillwatch.detect.parameters import Parameters
from tests.detect.prints import Row, fingerprints, prepared


def measured(rows: Iterable[Row], accounts: int, **changes: Any) -> Habit:
    with prepared(fingerprints(rows)) as engine:
        return several_callers(engine, accounts, Parameters(**changes))


def sent(account: str, count: int, **same: Any) -> list[Row]:
    return [{"account_id": account, **same} for _ in range(count)]


def test_several_tool_sets_or_end_users_are_several_callers() -> None:
    rows = [
        *sent("a", 9, tools_hash=1), *sent("a", 3, tools_hash=2),
        *sent("b", 12, tools_hash=1),
        *sent("c", 6, end_user_hash=1), *sent("c", 6, end_user_hash=2),
        *sent("d", 12),
    ]  # fmt: skip
    assert list(measured(rows, 4).value) == [1.0, 0.0, 1.0, 0.0]


def test_no_tools_beside_one_tool_set_are_one_caller() -> None:
    assert list(measured([*sent("a", 6), *sent("a", 6, tools_hash=1)], 1).value) == [0.0]


def test_one_end_user_with_one_tool_set_is_one_caller() -> None:
    rows = [*sent("a", 6, tools_hash=1), *sent("a", 6, end_user_hash=9)]
    assert list(measured(rows, 1).value) == [0.0]


def test_who_sent_little_shows_too_little() -> None:
    rows = [*sent("a", 9, tools_hash=1), *sent("b", 10, tools_hash=1)]
    found = measured(rows, 2).value
    assert np.isnan(found[0]) and found[1] == 0.0
    assert list(measured(rows, 2, caller_requests=9).value) == [0.0, 0.0]


def test_where_hardly_any_account_tells_of_callers_nothing_can_be_said() -> None:
    rows = [row for i in range(40) for row in sent(f"a{i:02d}", 10)]
    assert np.isnan(measured(rows, 40).value).all()
    rows[:10] = sent("a00", 5, tools_hash=1) + sent("a00", 5, tools_hash=2)
    assert np.isnan(measured(rows, 40).value).all()
    rows[10:20] = sent("a01", 10, tools_hash=1)
    assert not np.isnan(measured(rows, 40).value).any()


def test_accounts_are_compared_with_those_that_tell_as_much() -> None:
    rows = [row for n in (0, 1, 3, 4, 15, 16, 63, 64) for row in sent(f"a{n:02d}", n, tools_hash=1)]
    rows += [row for n in (0, 1, 3, 4, 15, 16, 63, 64) for row in sent(f"a{n:02d}", 10)]
    assert list(measured(rows, 8).stratum) == [0, 1, 1, 2, 2, 3, 3, 4]
