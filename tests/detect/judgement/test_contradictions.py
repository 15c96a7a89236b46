"""A client contradicts its claim where both are known elsewhere and hardly ever together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.detect.judgement.contradictions import SHOWN, clients
from stillwatch.detect.judgement.habits import NOT_SHOWN, Compared
from stillwatch.detect.parameters import Parameters
from tests.detect.judgement.small_groups import account_numbers
from tests.detect.prints import Row, fingerprints, prepared


def measured(
    rows: Iterable[Row], members: Sequence[str], hidden: Sequence[str] = (), **changes: Any
) -> Compared:
    chosen: Any = {"known_client": 5, "odd_client": 1, **changes}
    with prepared(fingerprints(rows)) as engine:
        number = account_numbers(engine)
        elsewhere = np.ones(len(number), dtype=bool)
        elsewhere[[number[name] for name in hidden]] = False
        whose = np.array([number[name] for name in members])
        return clients(engine).contradicted(whose, elsewhere, Parameters(**chosen))


def users(prefix: str, count: int, agent: str | None, shown: str | None) -> list[Row]:
    return [{"account_id": f"{prefix}{i}", "user_agent": agent, "ja4": shown} for i in range(count)]


CROWD = users("p", 8, "python/1.2 linux", "tls-py") + users("g", 8, "go/1.9", "tls-go")
POOL = [f"m{i}" for i in range(4)]


def test_the_fingerprint_of_another_client_contradicts_the_claim() -> None:
    rows = users("m", 4, "Python/9.9 windows", "tls-go")
    assert measured([*CROWD, *rows], POOL) == Compared(4, 1.0, 0.0)
    assert measured([*CROWD, *users("m", 4, "python/2", "tls-py")], POOL) == Compared(4, 0.0, 0.0)


@pytest.mark.parametrize(
    ("agent", "shown"), [("python/2", "tls-of-my-own"), ("mine/1", "tls-go"), ("mine/1", "own")]
)
def test_what_nobody_else_claims_or_shows_contradicts_nothing(agent: str, shown: str) -> None:
    assert measured([*CROWD, *users("m", 4, agent, shown)], POOL).inside == 0.0


@pytest.mark.parametrize(("agent", "shown"), [(None, "tls-go"), ("python/2", None)])
def test_without_claim_or_fingerprint_nothing_is_said(agent: str | None, shown: str | None) -> None:
    assert measured([*CROWD, *users("m", 4, agent, shown)], POOL) == NOT_SHOWN


def test_what_others_show_too_is_no_contradiction() -> None:
    rows = [*CROWD, *users("m", 4, "python/2", "tls-go")]
    one = users("x", 1, "python/3", "tls-go")
    found = measured([*rows, *one], POOL)
    assert found.inside == 1.0 and found.outside == pytest.approx(1 / 17)
    assert measured([*rows, *users("x", 2, "python/3", "tls-go")], POOL).inside == 0.0


def test_another_part_of_the_pool_is_no_yardstick() -> None:
    other = users("x", 6, "python/3", "tls-go")
    rows = [*CROWD, *users("m", 4, "python/2", "tls-go"), *other]
    assert measured(rows, POOL).inside == 0.0
    assert measured(rows, POOL, hidden=[f"x{i}" for i in range(6)]).inside == 1.0


def test_a_member_counts_once_however_often_it_contradicts_itself() -> None:
    rows = [*users("m", 4, "python/2", "tls-go")[:1] * 9, *users("m", 4, "python/2", "tls-py")]
    assert measured([*CROWD, *rows], POOL) == Compared(4, 0.25, 0.0)


@pytest.mark.parametrize("column", SHOWN)
def test_every_fingerprint_is_read_apart(column: str) -> None:
    def shown(prefix: str, count: int, agent: str, value: int) -> list[dict[str, Any]]:
        text = value if column == "header_order_hash" else str(value)
        return [
            {"account_id": f"{prefix}{i}", "user_agent": agent, column: text} for i in range(count)
        ]

    rows = [*shown("p", 8, "python", 1), *shown("g", 8, "go", 2), *shown("m", 4, "python", 2)]
    assert measured(rows, POOL).inside == 1.0


def test_in_logs_without_clients_nothing_is_said() -> None:
    assert measured([{"account_id": name} for name in (*POOL, "x")], POOL) == NOT_SHOWN


_agent, _tls = st.sampled_from(["python/1", "go/1", "node/2"]), st.sampled_from(["t1", "t2"])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 11), _agent, _tls), min_size=12, max_size=40))
def test_the_order_of_rows_changes_nothing(drawn: list[tuple[int, str, str]]) -> None:
    rows = [{"account_id": f"m{i}", "user_agent": a, "ja4": t} for i, a, t in drawn]
    rows += [{"account_id": name, "user_agent": "go/1", "ja4": "t1"} for name in POOL]
    one, two = (measured(order, POOL, known_client=2) for order in (rows, rows[::-1]))
    assert one == two and 0.0 <= one.inside <= 1.0
