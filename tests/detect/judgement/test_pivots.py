"""Work that has moved to a model a day after it appeared; a rare old model is no release."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from stillwatch.detect.judgement.habits import Habit
from stillwatch.detect.judgement.pivots import (
    moved_to_new_models,
    work_moved_to_new_models,
    write_new_models,
)
from stillwatch.detect.parameters import Parameters
from tests.detect.judgement.small_groups import DAY, account_numbers, grouped
from tests.detect.prints import Row

CROWD = [f"c{i:02d}" for i in range(30)]
MEMBERS = ["m0", "m1"]


def request(account: str, day: float, model: str = "old") -> Row:
    return {"account_id": account, "second": day * DAY, "model": model}


def crowd(adopters: Sequence[str] = CROWD, released: float = 10.0) -> list[Row]:
    """All ask daily; `adopters` send their last request of the second day to the new model."""
    return [
        *(request(c, day + 0.1) for c in CROWD for day in range(20)),
        *(request(c, released + i / 100, "new") for i, c in enumerate(adopters)),
    ]


def measured(
    rows: list[Row], *groups: Sequence[str], **changes: Any
) -> tuple[Habit, dict[int, Habit]]:
    with grouped(rows, *groups) as engine:
        write_new_models(engine, Parameters(**changes))
        number = account_numbers(engine)
        return moved_to_new_models(engine, len(number)), work_moved_to_new_models(engine)


def test_work_on_the_second_and_third_day_of_a_model_is_counted() -> None:
    rows = [*crowd(), request("m0", 1.0), request("m1", 1.0)]
    rows += [request("m0", 11.5, "new"), request("m0", 11.6), request("m0", 12.5, "new")]
    rows += [request("m1", 10.5, "new"), request("m1", 13.5, "new"), request("m1", 12.0)]
    habit, work = measured(rows, MEMBERS)
    assert sorted(work[0].value) == [0.0, pytest.approx(2 / 3)]
    assert np.nanmax(habit.value[: len(CROWD)]) == 0.0
    assert habit.value[len(CROWD)] == pytest.approx(2 / 3)


def test_who_came_after_the_model_did_not_move_to_it() -> None:
    rows = [*crowd(), request("m0", 11.0, "new"), request("m1", 9.0), request("m1", 11.0, "new")]
    _, work = measured(rows, MEMBERS)
    assert list(work[0].value) == [1.0]


def test_two_models_released_together_are_one_move() -> None:
    rows = [*crowd(), *(request(c, 10.4 + i / 100, "newer") for i, c in enumerate(CROWD))]
    rows += [request("m0", 1.0), request("m0", 11.5, "new"), request("m0", 11.6, "newer")]
    _, work = measured(rows, MEMBERS[:1])
    assert list(work[0].value) == [1.0]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (crowd(CROWD[:19]), "few take it up"),
        (crowd(released=2.0), "it may have been there before the logs"),
    ],
)
def test_what_is_no_release_moves_nobody(rows: list[Row], why: str) -> None:
    rows = [*rows, request("m0", 1.0), request("m0", 3.5, "new"), request("m0", 11.5, "new")]
    habit, work = measured(rows, MEMBERS[:1])
    assert work == {} and np.isnan(habit.value).all(), why
