"""Which shared values become traits: enough unrelated accounts, and wordings in many prompts only."""

from __future__ import annotations

from typing import Any

import pytest

from stillwatch.detect import Parameters
from tests.detect.prints import collected, fingerprints

PARAMETERS = Parameters()


def traits(rows: list[dict[str, Any]], claims: list[dict[str, Any]] | None = None) -> set[str]:
    with collected(fingerprints(rows), claims) as engine:
        found = engine.arrow("SELECT kind, value FROM trait_values").to_pylist()
    return {f"{row['kind']}={row['value']}" for row in found}


def agents(count: int) -> list[dict[str, Any]]:
    return [{"account_id": f"a{i}", "user_agent": "sdk/1"} for i in range(count)]


@pytest.mark.parametrize(("accounts", "shared"), [(3, False), (4, True), (5, True)])
def test_a_value_that_enough_accounts_share_is_a_trait(accounts: int, shared: bool) -> None:
    assert ("user_agent=sdk/1" in traits(agents(accounts))) is shared


def test_one_account_that_shows_a_value_often_shares_it_with_nobody() -> None:
    assert traits([{"account_id": "a0", "user_agent": "sdk/1"}] * 50) == set()


def test_a_declared_organisation_is_one_unit() -> None:
    claims: list[dict[str, Any]] = [
        {"account_id": f"a{i}", "organization_id": "acme"} for i in range(10)
    ]
    assert "user_agent=sdk/1" not in traits(agents(10), claims)
    claims[0]["organization_id"] = claims[1]["organization_id"] = None
    claims[2]["organization_id"] = "bolt"
    assert "user_agent=sdk/1" in traits(agents(10), claims)


def wording(prompts: int, copies: int, accounts: int = 6) -> list[dict[str, Any]]:
    return [
        {
            "account_id": f"a{(i + j) % accounts}",
            "head_key": 11,
            "minhash": bytes([i % 256, i // 256, *range(22)]),
        }
        for i in range(prompts)
        for j in range(copies)
    ]


@pytest.mark.parametrize(
    ("prompts", "copies", "shared"),
    [(1, 40, False), (PARAMETERS.least_prompts - 1, 1, False), (PARAMETERS.least_prompts, 1, True),
     (30, 2, True), (30, 40, False)],
)  # fmt: skip
def test_one_text_that_people_pass_on_is_no_wording(
    prompts: int, copies: int, shared: bool
) -> None:
    assert ("opening=11" in traits(wording(prompts, copies))) is shared


def test_holdings_and_postings_count_what_was_seen() -> None:
    rows = wording(20, 1, accounts=4) + agents(4)
    with collected(fingerprints(rows)) as engine:
        held = engine.arrow(
            "SELECT t.kind, h.account, h.seen FROM holdings h JOIN trait_values t USING (trait)"
        ).to_pylist()
        posted = engine.scalar("SELECT count(*) FROM postings")
        again = engine.scalar(
            "SELECT count(*) FROM (SELECT DISTINCT trait, exchange FROM postings)"
        )
    assert {(r["kind"], r["account"]): r["seen"] for r in held} == {
        **{("opening", a): 5 for a in range(4)},
        **{("user_agent", a): 1 for a in range(4)},
    }
    assert posted == again == 20


def test_a_trait_of_more_than_the_cap_is_common() -> None:
    rows = [
        {"account_id": f"a{i:03d}", "user_agent": "sdk/1" if i < 40 else f"own-{i // 5}/1"}
        for i in range(200)
    ]
    with collected(fingerprints(rows)) as engine:
        common = engine.arrow("SELECT value FROM trait_values WHERE common").to_pylist()
    assert [row["value"] for row in common] == ["sdk/1"]
