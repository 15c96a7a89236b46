"""What accounts declare and where they are billed: only verified relations, only mismatches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.detect.judgement.claims import (
    Billed,
    Declared,
    declared_relations,
    expected_mismatch,
    mismatch,
)
from tests.detect.judgement.made_pool import CROWD, POOL, crowd, detected, group_of, pool, term
from tests.detect.prints import fingerprints, prepared

DECLARED = "concealment.declared_relation"
AGAINST = "concealment.claimed_against_observed"
ROWS = pool(POOL) + crowd()


def said(**claims: Any) -> dict[str, Any]:
    found = detected(ROWS, lambda name: claims if name in POOL else {})
    row = term(found, group_of(found, POOL), DECLARED)
    assert row is not None
    return row


@pytest.mark.parametrize(
    "claims",
    [
        {"payment_fingerprint": "one card"},
        {"payment_fingerprint": "one card", "verified": True},
        {"email_domain": "pool.example"},
        {"email_domain": "pool.example", "verified": False},
        {"plan": "education"},
        {"plan": "education", "verified": False},
    ],
    ids=str,
)
def test_a_shared_card_or_an_unverified_claim_declares_nothing(claims: Mapping[str, Any]) -> None:
    row = said(**claims)
    assert row["log_odds"] > 0
    assert row["statement"].startswith("At most 0 %")


@pytest.mark.parametrize(
    "claims",
    [
        {"email_domain": "firm.example", "verified": True},
        {"plan": "education", "verified": True},
    ],
    ids=str,
)
def test_a_verified_relation_is_declared(claims: Mapping[str, Any]) -> None:
    row = said(**claims)
    assert row["log_odds"] < 0
    assert row["statement"].startswith("100 %")


@pytest.mark.parametrize("verified", [True, False, None])
def test_one_organisation_is_declared_verified_or_not(verified: bool | None) -> None:
    # The search counts an organisation once and brings none up by itself, so it is asked directly.
    staff = [
        {"account_id": f"a{i}", "organization_id": "o1", "verified": verified} for i in range(6)
    ]
    others: list[dict[str, Any]] = [
        {"account_id": f"b{i}", "organization_id": f"o{i}"} for i in range(2, 4)
    ]
    names = sorted(row["account_id"] for row in (*staff, *others))
    with prepared(
        fingerprints({"account_id": n} for n in [*names, "b9"]), staff + others
    ) as engine:
        members = pa.array(range(9), pa.int32())
        no = pa.array([0] * 9, pa.int32())
        engine.add_arrow("group_members", pa.table({"group_no": no, "account": members}))
        assert declared_relations(engine) == {0: Declared(known=8, largest=6, education=0)}


def test_a_public_mail_provider_is_nobodys_own() -> None:
    mail = {"email_domain": "mail.example", "verified": True}
    found = detected(ROWS, lambda name: mail)
    row = term(found, group_of(found, POOL), DECLARED)
    assert row is not None and row["log_odds"] > 0


def test_members_that_are_not_in_the_account_table_declare_and_hide_nothing() -> None:
    # A third is known, and says nothing: too little to speak of the group.
    found = detected(ROWS, lambda name: None if name in POOL[8:] else {})
    group = group_of(found, POOL)
    assert term(found, group, DECLARED) is None
    assert any(name.startswith(f"{DECLARED} (in 1 of ") for name in found.unjudged)
    kinds = {r["group_id"]: r["kind"] for r in found.tables["groups"].to_pylist()}
    assert kinds[group] != "campaign"


def test_the_declared_are_counted_among_those_that_are_known() -> None:
    firm = {"email_domain": "firm.example", "verified": True}
    found = detected(
        ROWS, lambda name: (firm if name in POOL[8:] else None) if name in POOL else {}
    )
    row = term(found, group_of(found, POOL), DECLARED)
    assert row is not None and row["statement"].startswith("100 %")


def test_a_mismatch_that_is_usual_where_they_are_billed_says_nothing() -> None:
    # Two thirds of the crowd are billed at home; one third is billed where nobody lives, as the pool.
    away, home = CROWD[:80], CROWD[80:]
    rows = (
        pool(POOL, client_country="CC")
        + crowd(away, seed=98, client_country="CC")
        + crowd(home, client_country="AA")
    )
    found = detected(rows, lambda name: {"billing_country": "AA" if name in home else "BB"})
    row = term(found, group_of(found, POOL), AGAINST)
    assert row is not None
    # 80 of 80 elsewhere, drawn by twenty accounts towards the third of all.
    assert "(87 % of others" in row["statement"]


def test_a_mismatch_beyond_others_billed_there_is_stated() -> None:
    rows = pool(POOL, client_country="CC") + crowd(client_country="AA")
    found = detected(rows, lambda name: {})
    row = term(found, group_of(found, POOL), AGAINST)
    assert row is not None
    assert row["statement"].startswith("100 % ") and "(0 % of others" in row["statement"]
    assert row["innocent_explanation"] == "customers of one carrier, VPN or campus"


_billed = st.integers(0, 400).flatmap(
    lambda seen: st.integers(0, seen).map(lambda away: Billed(seen, away))
)
_countries = st.dictionaries(st.sampled_from(["AA", "BB", "CC", "DD"]), _billed)


@given(_countries, _countries, st.permutations(["AA", "BB", "CC", "DD"]))
def test_which_country_it_is_changes_nothing(
    members: dict[str, Billed], outside: dict[str, Billed], names: list[str]
) -> None:
    renamed = dict(zip(["AA", "BB", "CC", "DD"], names, strict=True))
    as_is = expected_mismatch(members, outside, 20.0)
    other = expected_mismatch(
        {renamed[c]: b for c, b in members.items()},
        {renamed[c]: b for c, b in outside.items()},
        20.0,
    )
    assert as_is == (None if other is None else pytest.approx(other))
    assert as_is is None or -1e-9 <= as_is <= 1 + 1e-9


@given(_countries)
def test_a_group_like_its_neighbours_shows_no_excess(outside: dict[str, Billed]) -> None:
    # Alike in every country, and no country small: the expectation is the group's own rate.
    many = {c: Billed(1_000 * b.seen, 1_000 * b.away) for c, b in outside.items()}
    expected = expected_mismatch(outside, many, 20.0)
    seen = sum(b.seen for b in outside.values())
    assert (expected is None) == (seen == 0)
    assert expected is None or abs(expected - mismatch(outside)) < 0.03
