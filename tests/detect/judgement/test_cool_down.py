"""An account rests after a rate limit if it sends nothing for a while beyond what it was told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.detect.judgement.cool_down import cool_downs
from stillwatch.detect.judgement.habits import Habit
from stillwatch.detect.parameters import Parameters
from tests.detect.prints import Row, fingerprints, prepared

END: Row = {"account_id": "z", "second": 90_000.0}


def measured(rows: Iterable[Row], accounts: int = 2, **changes: Any) -> Habit:
    with prepared(fingerprints([*rows, END])) as engine:
        return cool_downs(engine, accounts, Parameters(**changes))


def limit(second: float, account: str = "a", **more: Any) -> Row:
    return {"account_id": account, "second": second, "status": 429, **more}


def request(second: float, account: str = "a") -> Row:
    return {"account_id": account, "second": second}


@pytest.mark.parametrize(
    ("after", "wait_ms", "rested"),
    [(10, None, 0.0), (120, None, 0.0), (121, None, 1.0), (121, 5_000, 0.0), (126, 5_000, 1.0)],
)
def test_who_comes_back_soon_after_the_wait_did_not_rest(
    after: float, wait_ms: int | None, rested: float
) -> None:
    rows = [limit(100, retry_after_ms=wait_ms), request(100 + after)]
    assert measured(rows).value[0] == rested


def test_a_limit_after_a_limit_is_trying_again() -> None:
    assert measured([limit(0), limit(5), limit(10), request(5_000)]).value[0] == pytest.approx(
        1 / 3
    )


def test_who_never_comes_back_rested_unless_the_logs_end() -> None:
    assert measured([limit(100)]).value[0] == 1.0
    assert np.isnan(measured([limit(89_900)]).value[0])
    assert np.isnan(measured([limit(89_000, retry_after_ms=10_000_000)]).value[0])


def test_others_requests_are_no_return() -> None:
    rows = [limit(100), *(request(100.0 + s, "b") for s in range(60))]
    assert measured(rows, 3).value[0] == 1.0


@pytest.mark.parametrize(
    "error", [{"error_scope": "provider"}, {"status": 503}, {"status": 403}, {"status": 200}]
)
def test_only_rate_limits_of_the_accounts_own_count(error: dict[str, Any]) -> None:
    assert np.isnan(measured([{**limit(100), **error}]).value[0])


def test_a_limit_of_unknown_scope_is_the_accounts_own() -> None:
    assert measured([limit(100), limit(900, error_scope="account")]).value[0] == 1.0


def test_without_limits_nothing_is_said() -> None:
    assert np.isnan(measured([request(1), request(2, "b")], 3).value).all()


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3_000), st.booleans(), st.sampled_from("ab")), max_size=30),
    st.integers(1, 600),
)
def test_order_of_rows_is_nothing_and_longer_rests_are_fewer(
    drawn: list[tuple[int, bool, str]], rest: int
) -> None:
    rows = [limit(at, who) if limited else request(at, who) for at, limited, who in drawn]
    rows += [request(0, "a"), request(0, "b")]
    ids = [{**row, "exchange_id": f"x{i:03d}"} for i, row in enumerate(rows)]
    one, two, longer = (
        measured(given, 3, rest_s=seconds).value[:2]
        for given, seconds in ((ids, rest), (ids[::-1], rest), (ids, 2 * rest))
    )
    assert np.array_equal(one, two, equal_nan=True)
    assert ((longer <= one) | np.isnan(one)).all()
