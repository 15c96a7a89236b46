"""Members' control events that fall together, beside those of others at the same moments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.detect.judgement.control_ticks import control_ticks
from stillwatch.detect.judgement.habits import Compared
from stillwatch.detect.parameters import Parameters
from tests.detect.judgement.small_groups import account_numbers, grouped

Ticks = list[tuple[str, float, str]]
HOUR = 3_600.0


def clock(account: str, seconds: Sequence[float], kind: str = "usage_poll") -> Ticks:
    return [(account, second, kind) for second in seconds]


def measured(
    ticks: Ticks,
    members: Sequence[str] = ("a", "b"),
    others: Sequence[str] = ("x", "y"),
    window: int = 2,
    yardstick: Sequence[str] | None = None,
) -> Compared:
    rows = [{"account_id": name} for name in (*members, *others)]
    with grouped(rows, members, control=ticks) as engine:
        number = account_numbers(engine)
        elsewhere = np.zeros(len(number), dtype=bool)
        elsewhere[[number[n] for n in (others if yardstick is None else yardstick)]] = True
        found = control_ticks(engine, len(number), Parameters(tick_window_s=window))
        return found.compared(0, np.array([number[m] for m in members]), elsewhere)


EVERY_HOUR = [HOUR * h for h in range(8)]
LATER = [HOUR * h + 600 for h in range(8)]


def test_one_clock_shows_and_clocks_of_their_own_do_not() -> None:
    alone = clock("x", LATER) + clock("y", [s + 60 for s in LATER])
    together = clock("a", EVERY_HOUR) + clock("b", EVERY_HOUR)
    assert measured([*together, *alone]) == Compared(2, 1.0, 0.0)
    apart = clock("a", EVERY_HOUR) + clock("b", [s + 300 for s in EVERY_HOUR])
    assert measured([*apart, *alone]) == Compared(2, 0.0, 0.0)


def test_a_clock_that_others_follow_is_on_both_sides() -> None:
    ticks = clock("a", EVERY_HOUR) + clock("b", EVERY_HOUR) + clock("x", EVERY_HOUR)
    assert measured([*ticks, *clock("y", LATER)]) == Compared(2, 1.0, 0.5)


def test_half_of_the_moments_in_common_is_a_half() -> None:
    ticks = clock("a", EVERY_HOUR) + clock("b", EVERY_HOUR[:4] + LATER[:4]) + clock("x", LATER)
    assert measured(ticks, others=["x"]) == Compared(2, 0.5, 0.5)


@pytest.mark.parametrize("kind", ["sign_in", "key_created", "Sign_In"])
def test_what_people_do_by_hand_is_not_read(kind: str) -> None:
    ticks = clock("a", EVERY_HOUR, kind) + clock("b", EVERY_HOUR, kind) + clock("x", LATER)
    assert measured(ticks).members == 0


def test_few_moments_show_nothing_and_repeats_are_one() -> None:
    few = clock("a", EVERY_HOUR[:4] * 3) + clock("b", EVERY_HOUR) + clock("x", LATER)
    found = measured(few)
    # Nor is b in company with somebody who shows too little.
    assert found == Compared(1, 0.0, 0.0)


def test_without_control_events_nothing_is_said() -> None:
    assert measured([]) == Compared(0, 0.0, None)


def test_nobody_elsewhere_is_no_yardstick() -> None:
    ticks = clock("a", EVERY_HOUR) + clock("b", EVERY_HOUR) + clock("x", EVERY_HOUR)
    assert measured(ticks, yardstick=[]).outside is None
    assert measured(ticks, yardstick=["y"]).outside is None


def test_a_second_apart_is_one_moment_and_a_minute_is_not() -> None:
    near = clock("a", EVERY_HOUR) + clock("b", [s + 1 for s in EVERY_HOUR]) + clock("x", LATER)
    assert measured(near).inside == 1.0
    assert measured(near, window=1).inside == 0.0


_times = st.lists(st.integers(0, 40), min_size=0, max_size=12)


@settings(max_examples=30, deadline=None)
@given(st.lists(_times, min_size=5, max_size=5))
def test_the_order_of_events_changes_nothing_and_shares_are_shares(
    times: list[list[int]],
) -> None:
    names = ["a", "b", "c", "x", "y"]
    ticks = [t for n, s in zip(names, times, strict=True) for t in clock(n, [60.0 * k for k in s])]
    first = measured(ticks, names[:3], names[3:])
    assert measured(ticks[::-1], names[:3], names[3:]) == first
    assert 0.0 <= first.inside <= 1.0 and 0.0 <= (first.outside or 0.0) <= 1.0
    # A clock moved as a whole keeps its company.
    later = [(who, when + 7200.0, kind) for who, when, kind in ticks]
    assert measured(later, names[:3], names[3:]) == first
