"""A history is foreign when it holds an answer that the logs never gave; early ones are not looked at."""

from __future__ import annotations

from typing import Any

import numpy as np

from stillwatch.detect.judgement.foreign import (
    foreign_histories,
    foreign_histories_of_work,
    write_foreign_histories,
)
from stillwatch.detect.judgement.habits import Habit
from stillwatch.detect.parameters import Parameters
from tests.detect.judgement.small_groups import DAY, grouped
from tests.detect.prints import Row

FRAME: list[Row] = [{"account_id": "z", "second": 0.0}, {"account_id": "z", "second": 30 * DAY}]
"""Thirty days of logs."""


def request(account: str, day: float, **fields: Any) -> Row:
    return {"account_id": account, "second": day * DAY, **fields}


def measured(
    rows: list[Row], *groups: list[str], accounts: int = 2
) -> tuple[Habit, dict[int, Habit]]:
    with grouped([*FRAME, *rows], *groups) as engine:
        write_foreign_histories(engine, Parameters())
        return foreign_histories(engine, accounts), foreign_histories_of_work(engine)


def test_an_answer_that_was_never_given_makes_a_history_foreign() -> None:
    rows = [
        request("a", 8.0, response_hash=1),
        request("a", 9.0, prior_assistant_hashes=[1], response_hash=2),
        request("a", 10.0, prior_assistant_hashes=[1, 99]),
        request("a", 11.0, prior_assistant_hashes=[98, 99, 97]),
    ]
    habit, work = measured(rows, ["a"])
    assert list(habit.value) == [0.5, 0.0]
    assert list(work[0].value) == [0.5]


def test_an_answer_given_to_somebody_else_is_not_foreign() -> None:
    rows = [request("a", 8.0, response_hash=1), request("b", 9.0, prior_assistant_hashes=[1])]
    assert np.nanmax(measured(rows, ["b"], accounts=3)[0].value) == 0.0


def test_what_may_have_begun_before_the_logs_is_not_looked_at() -> None:
    rows = [request("a", 6.9, prior_assistant_hashes=[99]), request("a", 20.0)]
    habit, work = measured(rows, ["a"])
    assert habit.value[0] == 0.0 and list(work[0].value) == [0.0]
    habit, work = measured(rows[:1], ["a"])
    assert np.isnan(habit.value[0]) and work == {}


def test_of_a_short_window_the_second_half_is_looked_at() -> None:
    rows = [
        request("a", 0.0), request("a", 0.4, prior_assistant_hashes=[99]),
        request("a", 0.6, prior_assistant_hashes=[98]), request("a", 1.0),
    ]  # fmt: skip
    with grouped(rows, ["a"]) as engine:
        write_foreign_histories(engine, Parameters())
        assert list(foreign_histories(engine, 1).value) == [0.5]
