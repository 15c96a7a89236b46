"""A group's id: the same for the same accounts, another for others, whatever their names hold."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from stillwatch.detect.result.tables import group_id_of

ODD_NAMES = st.text(alphabet="ab\n\\n", min_size=1, max_size=4)


def test_names_that_hold_line_feeds_or_backslashes_do_not_collide() -> None:
    members = [
        ["a", "b"],
        ["a\nb"],
        ["a\\nb"],
        ["a\\\nb"],
        ["a\\", "b"],
        ["a\\\\", "b"],
        ["a\n", "b"],
        ["a", "\nb"],
    ]
    for one, two in combinations(members, 2):
        assert group_id_of(one) != group_id_of(two), (one, two)


@given(st.sets(ODD_NAMES, min_size=1), st.sets(ODD_NAMES, min_size=1))
def test_two_sets_of_accounts_have_one_id_only_if_they_are_one(
    one: set[str], two: set[str]
) -> None:
    assert (group_id_of(one) == group_id_of(two)) is (one == two)


def test_the_id_is_the_same_in_every_version_and_order() -> None:
    assert group_id_of(["acct-2", "acct-1"]) == group_id_of(["acct-1", "acct-2"])
    assert group_id_of(["acct-1", "acct-2"]) == "g-01299dcfca39"
