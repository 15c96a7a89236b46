"""Idle members that begin when another is suspended, beside those that begin for no cause."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.detect.judgement.succession import Succession, successions
from stillwatch.detect.parameters import Parameters
from tests.detect.judgement.small_groups import DAY, grouped
from tests.detect.prints import Row

FRAME: list[Row] = [{"account_id": "z", "second": d * DAY} for d in range(31)]
WORKING = ["w0", "w1", "w2"]


def works(account: str, *days: float) -> list[Row]:
    return [{"account_id": account, "second": day * DAY} for day in days]


def measured(
    rows: list[Row], members: list[str], suspended: Mapping[str, float]
) -> Succession | None:
    when = {who: day * DAY for who, day in suspended.items()}
    with grouped([*FRAME, *rows], members, suspended=when) as engine:
        return successions(engine, Parameters()).get(0)


def test_those_who_begin_after_a_suspension_and_before_it_are_counted_apart() -> None:
    rows = [*works("w0", 1, 19), *works("s0", 20.5, 21), *works("s1", 22.9), *works("b0", 18.5)]
    rows += [*works("l0", 23.5), *works("e0", 16.5)]
    found = measured(rows, ["w0", "s0", "s1", "b0", "l0", "e0"], {"w0": 20.0})
    assert found == Succession(suspended=1, after=2, before=1)


def test_who_worked_all_along_succeeds_nobody() -> None:
    rows = [*works("w0", 1, 19), *works("s0", 1, 17, 20.5), *works("s1", 1, 20.5)]
    found = measured(rows, ["w0", "s0", "s1"], {"w0": 20.0})
    assert found == Succession(suspended=1, after=1, before=0)


def test_the_first_days_of_the_logs_tell_nobodys_idleness() -> None:
    rows = [*works("w0", 0.5), *works("s0", 4.0)]
    assert measured(rows, ["w0", "s0"], {"w0": 3.0}) is None


@pytest.mark.parametrize("day", [5.0, 6.0, 7.5, 8.5, 20.0, 26.5, 28.0])
def test_steady_growth_is_no_succession(day: float) -> None:
    # Somebody new every twelve hours; whether the logs begin or end nearby must not matter.
    new = [row for n in range(60) for row in works(f"n{n:02d}", 0.25 + n / 2)]
    rows = [*works("w0", 0.5, 1, 4), *new]
    found = measured(rows, ["w0", *(f"n{n:02d}" for n in range(60))], {"w0": day})
    assert found is None or abs(found.after - found.before) <= 1


def test_who_never_worked_before_a_suspension_is_succeeded_by_nobody() -> None:
    rows = [*works("w0", 20.5), *works("s0", 21.0)]
    assert measured(rows, ["w0", "s0"], {"w0": 20.0}) is None


def test_outsiders_neither_are_suspended_nor_succeed() -> None:
    rows = [*works("w0", 1, 19), *works("o0", 1, 2), *works("s0", 20.5)]
    assert measured(rows, ["w0"], {"w0": 20.0}) == Succession(1, 0, 0)
    assert measured(rows, ["w0", "s0"], {"o0": 20.0}) is None


def test_one_wave_of_suspensions_counts_each_successor_once() -> None:
    rows = [row for w in WORKING for row in works(w, 1, 5, 9, 13, 17, 19)] + works("s0", 21.5)
    found = measured(rows, [*WORKING, "s0"], {w: 20.0 + i / 10 for i, w in enumerate(WORKING)})
    assert found == Succession(suspended=3, after=1, before=0)


@pytest.mark.parametrize(
    ("field", "value", "counts"),
    [
        ("suspended", "true", True), ("suspension", "yes", True), ("status", "suspended", True),
        ("suspended", "false", False), ("plan", "pro", False), ("status", "active", False),
    ],
)  # fmt: skip
def test_only_suspensions_count_of_account_events(field: str, value: str, counts: bool) -> None:
    rows = [*FRAME, *works("w0", 1, 19), *works("s0", 20.5)]
    event = ("w0", 20.0 * DAY, field, value)
    with grouped(rows, ["w0", "s0"], events=[event]) as engine:
        assert (0 in successions(engine, Parameters())) is counts


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(14.0, 26.0), min_size=1, max_size=8, unique=True))
def test_time_turned_round_changes_after_and_before(days: list[float]) -> None:
    # Nobody else works but on the day of the suspension's mirror, so each begins from idleness.
    names = [f"s{i}" for i in range(len(days))]
    there = [row for name, day in zip(names, days, strict=True) for row in works(name, day)]
    back = [row for name, day in zip(names, days, strict=True) for row in works(name, 40.0 - day)]
    first = measured([*works("w0", 1), *there], ["w0", *names], {"w0": 20.0})
    second = measured([*works("w0", 1), *back], ["w0", *names], {"w0": 20.0})
    assert first is not None and second is not None
    assert (first.after, first.before) == (second.before, second.after)
