"""What a campaign is held to have got: its work, and the conversations that the work stands in."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pyarrow as pa

from stillwatch.detect import Parameters
from stillwatch.detect.result.attribution import attribute, attributed_counts, attributed_table
from stillwatch.detect.result.tables import Judged
from stillwatch.engine import open_engine

Turn = tuple[int, int, int | None, list[int] | None]
"""Exchange, account, answer, answers in its history."""


def attributed(
    turns: list[Turn], work: list[int], *, kind: str = "campaign", tokens: int = 200
) -> set[int]:
    """Return what is attributed to the one group, of accounts 0 to 4; the others are strangers."""
    account = {exchange: who for exchange, who, *_ in turns}
    judged = SimpleNamespace(group_id="g-1", number=2, verdict=SimpleNamespace(kind=kind))
    tables: dict[str, dict[str, Any]] = {
        "observed": {
            "exchange": pa.array([t[0] for t in turns], pa.int64()),
            "exchange_id": pa.array([f"x{t[0]:02}" for t in turns]),
            "account": pa.array([t[1] for t in turns], pa.int32()),
            "response_hash": pa.array([t[2] for t in turns], pa.int64()),
            "output_tokens": pa.array([tokens] * len(turns), pa.int32()),
            "prior_assistant_hashes": pa.array([t[3] for t in turns], pa.list_(pa.int64())),
        },
        "group_members": {
            "group_no": pa.array([2] * 5, pa.int32()),
            "account": pa.array(range(5), pa.int32()),
        },
        "group_work": {
            "group_no": pa.array([2] * len(work), pa.int32()),
            "exchange": pa.array(work, pa.int64()),
            "account": pa.array([account[x] for x in work], pa.int32()),
        },
    }
    with open_engine(threads=1) as engine:
        for name, columns in tables.items():
            engine.add_arrow(name, pa.table(columns))
        attribute(engine, [cast(Judged, judged)], Parameters())
        rows = attributed_table(engine).to_pylist()
        per_group, per_account = attributed_counts(engine)
    assert sum(per_group.values()) == sum(per_account.values()) == len(rows)
    assert [row["exchange_id"] for row in rows] == sorted({row["exchange_id"] for row in rows})
    return {int(row["exchange_id"][1:]) for row in rows}


def test_a_conversation_that_begins_with_the_work_goes_on_with_it() -> None:
    turns: list[Turn] = [
        (1, 0, 101, None),
        (2, 0, 102, [101]),
        (3, 0, 103, [101, 102]),
        (4, 0, 104, [999]),
        (5, 1, 105, None),
    ]
    assert attributed(turns, [1]) == {1, 2, 3}


def test_a_member_that_takes_the_conversation_over_goes_on_with_it_too() -> None:
    assert attributed([(1, 0, 101, None), (2, 3, 102, [101])], [1]) == {1, 2}


def test_what_led_up_to_the_work_belongs_to_it() -> None:
    assert attributed([(1, 0, 101, None), (2, 0, 102, [101]), (3, 1, 103, None)], [2]) == {1, 2}


def test_strangers_who_go_on_with_a_published_chat_are_left_alone() -> None:
    assert attributed([(1, 0, 101, None), (2, 7, 102, [101])], [1]) == {1}


def test_an_answer_that_was_given_twice_tells_nothing() -> None:
    refusal: list[Turn] = [(1, 0, 101, None), (2, 9, 101, None), (3, 0, 103, [101])]
    assert attributed(refusal, [1]) == {1}


def test_only_campaigns_are_attributed_anything() -> None:
    assert attributed([(1, 0, 101, None), (2, 0, 102, [101])], [1], kind="resale_pool") == set()


def test_logs_without_answers_leave_the_work_as_it_is() -> None:
    assert attributed([(1, 0, None, None), (2, 0, None, None)], [1]) == {1}


def test_a_history_from_before_the_answer_is_another_conversation() -> None:
    assert attributed([(1, 1, 50, [7]), (5, 0, 7, None)], [5]) == {5}


def test_a_short_answer_ties_no_other_account_to_the_work() -> None:
    chat: list[Turn] = [(1, 0, 7, None), (2, 1, 50, [7]), (3, 0, 51, [7])]
    assert attributed(chat, [1], tokens=2) == {1, 3}
    assert attributed(chat, [1]) == {1, 2, 3}
