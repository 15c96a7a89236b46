"""Declared accounts are never named, and a group that is mostly theirs is never a campaign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.detect.groups.membership import Group
from stillwatch.detect.judgement.authorised import authorised_accounts, memberships, spared
from stillwatch.detect.judgement.facts import Facts
from stillwatch.detect.judgement.judge import judge
from stillwatch.detect.judgement.likelihoods import built_in_likelihoods
from stillwatch.detect.parameters import Parameters
from stillwatch.detect.result.sentences import group_summary
from stillwatch.model.tables_in import AUTHORISED_USE
from stillwatch.model.vocabulary import FEATURES
from tests.detect.judgement.made_facts import HARVEST, any_facts
from tests.detect.judgement.made_pool import POOL, crowd, detected, group_of, pool
from tests.detect.prints import fingerprints, prepared

ACCOUNTS = 30
ASKS = 1 << FEATURES.index("step_by_step")
EMPTY = np.empty(0, dtype=np.int64)
TABLE = built_in_likelihoods()


def group(*members: int) -> Group:
    log_odds = np.full(ACCOUNTS, -2.0)
    log_odds[list(members)] = 3.0
    nothing = np.zeros(ACCOUNTS, dtype=np.int64)
    return Group(EMPTY, EMPTY, log_odds, {"base_rate": log_odds}, nothing, nothing)


def declared(*accounts: int) -> np.ndarray:
    said = np.zeros(ACCOUNTS, dtype=bool)
    said[list(accounts)] = True
    return said


def members(groups: list[Group]) -> list[list[int]]:
    return [g.members.tolist() for g in groups]


def test_an_account_is_declared_by_itself_or_by_its_organisation() -> None:
    uses = pa.Table.from_pylist(
        [{"account_id": "a"}, {"organization_id": "lab", "use": "red team"}], schema=AUTHORISED_USE
    )
    rows = [{"account_id": name} for name in "abcd"]
    claims: list[Mapping[str, Any]] = [
        {"account_id": "a", "organization_id": None},
        {"account_id": "b", "organization_id": "lab"},
        {"account_id": "c", "organization_id": "other"},
    ]
    with prepared(fingerprints(rows), claims, authorised=uses) as engine:
        assert authorised_accounts(engine, 4).tolist() == [True, True, False, False]


def test_without_declarations_nothing_is_declared() -> None:
    rows = [{"account_id": name} for name in "ab"]
    claims: list[Mapping[str, Any]] = [{"account_id": "a", "organization_id": None}]
    with prepared(fingerprints(rows), claims) as engine:
        assert authorised_accounts(engine, 2).tolist() == [False, False]
    groups = [group(*range(6))]
    assert spared(groups, declared(), Parameters()) == groups


def test_the_declared_leave_a_group_that_is_not_mostly_theirs() -> None:
    kept = spared([group(*range(8))], declared(0, 1, 20), Parameters())
    assert members(kept) == [[2, 3, 4, 5, 6, 7]]
    # Nor are they listed beside its members.
    assert np.isneginf(kept[0].log_odds[[0, 1, 20]]).all()


def test_a_group_that_is_mostly_theirs_stays_whole() -> None:
    assert members(spared([group(*range(8))], declared(*range(5)), Parameters())) == [[*range(8)]]


def test_what_is_too_small_without_them_is_no_group() -> None:
    assert spared([group(*range(8))], declared(0, 1, 2, 3), Parameters()) == []


@settings(max_examples=60)
@given(
    st.lists(st.sets(st.integers(0, ACCOUNTS - 1), min_size=5), max_size=5),
    st.sets(st.integers(0, ACCOUNTS - 1)),
)
def test_nobody_declared_is_in_a_group_that_can_be_a_campaign(
    groups: list[set[int]], said: set[int]
) -> None:
    whose = declared(*said)
    ordered = sorted(groups, key=lambda g: (-len(g), min(g)))
    kept = spared([group(*sorted(g)) for g in ordered], whose, Parameters())
    for one in kept:
        assert whose[one.members].mean() > 0.5 or not whose[one.members].any()
        assert one.members.size >= 5
    assert [g.members.size for g in kept] == sorted((g.members.size for g in kept), reverse=True)
    assert memberships(kept, whose) <= sum(len(g & said) for g in groups)


@settings(max_examples=100)
@given(any_facts(), st.floats(0.501, 1.0))
def test_a_group_that_is_mostly_declared_is_never_a_campaign(of: Facts, share: float) -> None:
    for facts in (of, HARVEST):
        (verdict,) = judge([replace(facts, authorised=share)], TABLE, Parameters())
        assert verdict.kind != "campaign" and verdict.q_value == 1.0


def test_a_declared_group_lends_no_rank_to_others() -> None:
    alone, _ = judge([HARVEST, HARVEST], TABLE, Parameters())
    beside, theirs = judge([HARVEST, replace(HARVEST, authorised=0.9)], TABLE, Parameters())
    assert beside.kind == "campaign" and beside.q_value == pytest.approx(alone.q_value)
    assert theirs.q_value > 0.05


def test_a_summary_says_who_is_declared() -> None:
    facts = replace(HARVEST, authorised=0.9)
    (verdict,) = judge([facts], TABLE, Parameters())
    assert group_summary(verdict, facts, {}).endswith("90 % are declared as authorised use.")


def three_cards(account: str) -> Mapping[str, Any]:
    return {"payment_fingerprint": f"card-{int(account[1:]) % 3}"} if account[0] == "p" else {}


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_a_declared_pool_is_found_and_not_accused(share: float) -> None:
    said = POOL[: int(share * len(POOL))]
    uses = pa.Table.from_pylist([{"account_id": name} for name in said], schema=AUTHORISED_USE)
    asks: dict[str, Any] = {"features": ASKS, "choices": 4, "capabilities": 200}
    rows = [*pool(POOL, **asks), *crowd(choices=1, capabilities=200 << 8)]
    found = detected(rows, three_cards, authorised_use=uses)
    kinds = {g["group_id"]: g["kind"] for g in found.tables["groups"].to_pylist()}
    rest = POOL if share == 1.0 else POOL[len(said) :]
    group_id = group_of(found, rest)
    assert (kinds[group_id] == "campaign") is (share < 1.0)
    named = {
        row["account_id"]
        for row in found.tables["members"].to_pylist()
        if kinds[row["group_id"]] == "campaign"
    }
    assert named.isdisjoint(said)
    assert found.authorised.accounts == len(said)
    assert found.authorised.groups == (1 if share == 1.0 else 0)
    assert found.authorised.taken_out == (len(said) if share == 0.25 else 0)
