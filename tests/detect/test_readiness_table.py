"""Readiness: what a source can show is said before anything is judged."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.detect import Parameters, Presence, link_kinds, readiness_table, trait_kinds
from stillwatch.detect.readiness import smallest_group
from stillwatch.model.tables_in import ACCOUNTS, EXCHANGES
from stillwatch.model.tables_out import READINESS
from stillwatch.model.vocabulary import EVIDENCE_FAMILIES

ROWS = 1_000
FULL = {
    "exchanges": dict.fromkeys(EXCHANGES.names, ROWS),
    "accounts": dict.fromkeys(ACCOUNTS.names, ROWS),
}


def ready(
    exchanges: dict[str, int] | None = None,
    accounts: dict[str, int] | None = None,
    account_rows: int = ROWS,
    **more: Any,
) -> dict[tuple[str, str], dict[str, Any]]:
    table = readiness_table(
        Presence(ROWS, {**FULL["exchanges"], **(exchanges or {})}),
        Presence(account_rows, {**FULL["accounts"], **(accounts or {})}),
        trait_kinds(),
        link_kinds(),
        Parameters(),
        **{"account_count": 5_000, **more},
    )
    assert table.schema.equals(READINESS)
    return {(row["subject"], row["name"]): row for row in table.to_pylist()}


def test_everything_is_ready_where_everything_is_there() -> None:
    rows = ready()
    assert {rows["family", family]["status"] for family in EVIDENCE_FAMILIES} == {"ready"}
    assert len([key for key in rows if key[0] == "field"]) == len(EXCHANGES.names) + len(
        ACCOUNTS.names
    )
    assert all(
        r["status"] in {"ready", "partial", "absent"} and r["statement"] for r in rows.values()
    )


def test_a_family_that_cannot_run_says_so_by_name() -> None:
    rows = ready(accounts=dict.fromkeys(ACCOUNTS.names, 0), account_rows=0)
    identity = rows["family", "identity"]
    assert identity["status"] == "absent" and identity["present_share"] == 0
    assert "identity" in identity["statement"] and "payment_instrument" in identity["statement"]
    assert "not" in identity["statement"] and "found nothing" in identity["statement"]
    assert rows["family", "content"]["status"] == "ready"


def test_lineage_needs_both_sides_of_a_conversation() -> None:
    absent = {"prior_assistant_hashes": 0, "issued_signature_hash": 0}
    assert ready(exchanges=absent)["family", "lineage"]["status"] == "absent"
    some = ready(exchanges={"prior_assistant_hashes": 0})["family", "lineage"]
    assert some["status"] == "partial" and "cannot run on lineage" in some["statement"]


@pytest.mark.parametrize(("held", "status"), [(0, "absent"), (1, "partial"), (499, "partial"),
                                              (500, "ready"), (1_000, "ready")])  # fmt: skip
def test_a_field_is_ready_partial_or_absent(held: int, status: str) -> None:
    row = ready(exchanges={"ja4": held})["field", "exchanges.ja4"]
    assert row["status"] == status and row["present_share"] == held / ROWS


def test_limits_say_how_small_a_group_would_be_found_or_that_none_would() -> None:
    found = ready(account_count=50_000)
    limits = [row for (subject, _), row in found.items() if subject == "limit"]
    assert limits and limits[0]["status"] == "ready" and "50,000" in limits[0]["statement"]
    none = ready(account_count=5)
    assert {r["status"] for (s, _), r in none.items() if s == "limit"} == {"absent"}


sizes = st.integers(10, 200_000)
rates = st.sampled_from([1e-4, 1e-3, 0.05])


@given(st.floats(0.02, 1.0), st.floats(0.02, 1.0), sizes, st.integers(1, 10**10), rates)
def test_more_sharing_shows_smaller_groups(
    one: float, other: float, accounts: int, pairs: int, rate: float
) -> None:
    less, more = sorted((one, other))
    hard, easy = (smallest_group(q, accounts, pairs, rate) for q in (less, more))
    if hard is not None:
        assert easy is not None
        # Sizes are searched in steps of a fiftieth, and shared counts are whole numbers.
        assert easy <= hard * 1.1 + 3


@given(st.floats(0.02, 1.0), sizes, st.integers(1, 10**6), st.integers(1, 10**4), rates)
def test_more_tests_show_only_larger_groups(
    sharing: float, accounts: int, pairs: int, more: int, rate: float
) -> None:
    few, many = (smallest_group(sharing, accounts, p, rate) for p in (pairs, pairs * more))
    assert many is None or (few is not None and few <= many)


@pytest.mark.parametrize(
    ("sharing", "accounts", "pairs"),
    [(0.0, 10_000, 100), (0.01, 10_000, 10**8), (1.0, 2, 100), (0.8, 0, 1), (0.3, 50, 10**9)],
)
def test_none_where_no_group_would_be_found(sharing: float, accounts: int, pairs: int) -> None:
    assert smallest_group(sharing, accounts, pairs, 1e-3) is None
