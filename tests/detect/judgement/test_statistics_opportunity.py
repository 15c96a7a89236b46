"""A term without opportunity says nothing: too few members, nothing to compare with, no cause."""

from __future__ import annotations

from typing import Any

import pytest

from stillwatch.detect.judgement.habits import Compared
from stillwatch.detect.judgement.statistics import STATISTICS
from stillwatch.detect.judgement.succession import Succession
from stillwatch.detect.parameters import Parameters
from tests.detect.judgement.made_facts import facts


def test_that_no_conversation_moves_says_nothing_of_those_who_hold_none() -> None:
    assert STATISTICS["linked"](facts(continued=0.0, linked=0.0), Parameters()) is None
    assert STATISTICS["linked"](facts(continued=30.0, linked=0.0), Parameters()) == 0.0


def of(statistic: str, **changes: Any) -> float | None:
    return STATISTICS[statistic](facts(**changes), Parameters())


@pytest.mark.parametrize(
    ("statistic", "fact"),
    [
        ("several_callers", "callers"),
        ("pivot", "pivoted"),
        ("foreign_history", "foreign"),
        ("control_ticks", "ticks"),
        ("cool_down", "rested"),
        ("phone_mismatch", "phoned"),
        ("header_contradiction", "contradicted"),
    ],
)
def test_a_habit_is_weighed_only_where_enough_members_show_it(statistic: str, fact: str) -> None:
    assert of(statistic, **{fact: Compared(40, 0.5, 0.1)}) == pytest.approx(0.4)
    assert of(statistic, **{fact: Compared(40, 0.5, None)}) is None
    assert of(statistic, **{fact: Compared(4, 0.5, 0.1)}) is None
    assert of(statistic, **{fact: Compared(0, 0.0, 0.1)}) is None


def test_where_others_histories_are_foreign_too_the_logs_lack_the_answers() -> None:
    assert of("foreign_history", foreign=Compared(40, 0.9, 0.21)) is None
    assert of("foreign_history", foreign=Compared(40, 0.9, 0.2)) == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("accounts", "found", "value"),
    [
        (40, Succession(3, 9, 1), 7.0), (40, Succession(2, 9, 1), None),
        (40, Succession(3, 1, 4), 0.0), (100, Succession(4, 9, 0), None),
        (100, Succession(5, 9, 0), 9.0), (40, Succession(0, 0, 0), None),
    ],
)  # fmt: skip
def test_who_lost_next_to_nothing_has_nothing_to_succeed_to(
    accounts: int, found: Succession, value: float | None
) -> None:
    assert of("succession", accounts=accounts, succession=found) == value
