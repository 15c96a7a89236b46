"""A phone contradicts a billing country where most accounts billed there have another prefix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.detect.judgement.claims import Billed, billed_elsewhere, billed_members
from stillwatch.detect.judgement.habits import NOT_SHOWN, Compared
from stillwatch.detect.judgement.phones import PHONED, phoned
from stillwatch.detect.parameters import Parameters
from tests.detect.prints import fingerprints, prepared

Claim = tuple[str | None, str | None]
AT_HOME: list[Claim] = [("AA", "+1")] * 25


def measured(members: Sequence[Claim], others: Sequence[Claim], shrinkage: float = 0.0) -> Compared:
    claims: list[dict[str, Any]] = [
        {"account_id": f"a{i:03d}", "billing_country": country, "phone_prefix": prefix}
        for i, (country, prefix) in enumerate([*members, *others])
    ]
    with prepared(fingerprints({"account_id": c["account_id"]} for c in claims), claims) as engine:
        own = pa.array(range(len(members)), pa.int32())
        no = pa.array([0] * len(members), pa.int32())
        engine.add_arrow("group_members", pa.table({"group_no": no, "account": own}))
        everybody = pa.array(range(len(claims)), pa.int32())
        engine.add_arrow("elsewhere", pa.table({"account": everybody}))
        inside = billed_members(engine, PHONED).get(0, {})
        (outside,) = billed_elsewhere(engine, 1, PHONED)
        return phoned(inside, outside, Parameters(country_shrinkage=shrinkage))


def test_a_prefix_that_is_not_the_countrys_own_is_a_mismatch() -> None:
    members: list[Claim] = [("AA", "+1"), ("AA", "+7"), ("AA", "+7"), ("AA", " +1 ")]
    assert measured(members, AT_HOME) == Compared(4, 0.5, 0.0)


def test_countries_that_share_a_prefix_contradict_nothing() -> None:
    members: list[Claim] = [("AA", "+1"), ("BB", "+1")]
    assert measured(members, [*AT_HOME, *[("BB", "+1")] * 25]).inside == 0.0


@pytest.mark.parametrize("claim", [("AA", None), (None, "+7"), ("ZZ", "+7")])
def test_what_is_absent_or_of_an_unknown_country_says_nothing(claim: Claim) -> None:
    assert measured([claim] * 4, AT_HOME) == NOT_SHOWN


def test_a_country_without_a_prefix_of_its_own_says_nothing() -> None:
    mixed: list[Claim] = [("AA", f"+{i}") for i in range(40)]
    assert measured([("AA", "+7")], mixed) == NOT_SHOWN


def test_a_mismatch_that_is_usual_where_they_are_billed_is_expected() -> None:
    others: list[Claim] = [*[("AA", "+1")] * 15, *[("AA", "+7")] * 10, *[("BB", "+2")] * 25]
    found = measured([("AA", "+7")] * 2, others)
    assert found.inside == 1.0 and found.outside == pytest.approx(0.4)
    drawn = measured([("AA", "+7")] * 2, others, shrinkage=25.0)
    assert drawn.outside == pytest.approx((10 + 25 * 0.2) / 50)


def test_without_others_nothing_is_expected() -> None:
    assert phoned({"AA": Billed(3, 1)}, {}, Parameters()).outside is None


_claim = st.tuples(st.sampled_from(["AA", "BB", None]), st.sampled_from(["+1", "+2", None]))


@settings(max_examples=30, deadline=None)
@given(st.lists(_claim, min_size=1, max_size=8), st.lists(_claim, min_size=30, max_size=60))
def test_the_order_of_accounts_changes_nothing(members: list[Claim], others: list[Claim]) -> None:
    one = measured(members, others)
    assert measured(members[::-1], others[::-1]) == one
    assert 0.0 <= one.inside <= 1.0 and 0.0 <= (one.outside or 0.0) <= 1.0
