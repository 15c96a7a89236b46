"""Ids, order, nulls, hashes and clock ticks must say nothing about who belongs to a campaign."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from tests.simulate.conftest import World

Flags = npt.NDArray[np.bool_]
CHANCE = 1e-5
"""Below this probability a difference is no accident; a test looks at some dozens of them."""

ACCOUNT_IDS = ("account_id", "organization_id", "email_hash", "payment_fingerprint")
EXCHANGE_IDS = ("exchange_id", "credential_id", "session_id")
HASHES = (
    *("end_user_hash", "first_prompt_hash", "request_hash", "response_hash", "tools_hash"),
    *("issued_signature_hash", "cache_prefix_hash", "header_order_hash"),
)
BY_CLIENT = (
    *("client_address", "client_address_source", "client_country", "client_asn", "ja4"),
    *("http_fingerprint", "header_order_hash", "user_agent", "sdk_version", "credential_id"),
    *("session_id", "endpoint", "operation", "provider_region", "history_truncated", "stream"),
    *("prompt_role", "first_prompt_hash", "request_hash", "duration_ms"),
)
"""Columns whose nulls are the doing of the client and of the source that kept the log."""
BY_OUTCOME = (
    *("response_hash", "input_tokens", "output_tokens", "cached_tokens", "cache_write_tokens"),
    *("error_type", "time_to_first_token_ms"),
)
"""Columns whose nulls are the doing of the client, the source and the status."""


def of_campaign(world: World) -> Flags:
    """Return which exchanges are a campaign's."""
    marked = set(world.truth_exchanges["exchange_id"].to_pylist())
    return np.array([i in marked for i in world.exchanges["exchange_id"].to_pylist()])


def of_campaign_accounts(world: World) -> Flags:
    """Return which accounts, in the order of `accounts`, carried exchanges of a campaign."""
    campaign = {
        row["account_id"]: row["campaign_id"] is not None for row in world.truth.to_pylist()
    }
    return np.array([campaign[a] for a in world.accounts["account_id"].to_pylist()])


def ids(world: World, name: str) -> tuple[list[str], list[str]]:
    """Return the different ids of a kind that campaign rows carry, and those that others carry."""
    table = world.accounts if name in ACCOUNT_IDS else world.exchanges
    flags = of_campaign_accounts(world) if name in ACCOUNT_IDS else of_campaign(world)
    values = table[name].to_pylist()
    mine = {v for v, flag in zip(values, flags, strict=True) if flag and v is not None}
    others = {v for v, flag in zip(values, flags, strict=True) if not flag and v is not None}
    return sorted(mine), sorted(others - mine)


@pytest.mark.parametrize("name", [*ACCOUNT_IDS, *EXCHANGE_IDS])
def test_ids_have_one_form_and_lie_everywhere(demo: World, name: str) -> None:
    mine, others = ids(demo, name)
    assert others
    if not mine:
        pytest.skip(f"no campaign row has a {name}")
    # Length, prefix and alphabet are the same.
    assert {len(v) for v in mine} <= {len(v) for v in others}
    assert {v[: len(v) - 16] for v in mine} <= {v[: len(v) - 16] for v in others}
    assert {c for v in mine for c in v[-16:]} <= set("0123456789abcdef")
    # So are the digits at each place, as far as there are enough ids to tell.
    if len(mine) < 60:
        return
    for place in range(1, 17):
        counts = [
            np.bincount([int(v[-place], 16) for v in group], minlength=16)
            for group in (mine, others)
        ]
        used = np.sum(counts, axis=0) > 0
        found = stats.chi2_contingency(np.array(counts)[:, used])
        assert used.sum() == 1 or found.pvalue > CHANCE, (name, place)


@pytest.mark.parametrize("name", ["account_id", "email_hash", "payment_fingerprint"])
def test_ids_do_not_grow_with_time(demo: World, name: str) -> None:
    rows = [
        (row["created_at"], int(row[name][-12:], 16))
        for row in demo.accounts.to_pylist()
        if row[name] is not None
    ]
    rank = stats.spearmanr([at.timestamp() for at, _ in rows], [number for _, number in rows])
    assert abs(rank.statistic) < 0.12


def test_rows_are_in_time_order_and_ties_fall_by_chance(demo: World) -> None:
    at = demo.exchanges["occurred_at"].cast("int64").to_numpy()
    assert (np.diff(at) >= 0).all()
    flags = of_campaign(demo)
    tied = np.flatnonzero((np.diff(at) == 0) & (flags[1:] != flags[:-1]))
    if len(tied) > 30:
        assert stats.binomtest(int(flags[tied].sum()), len(tied)).pvalue > CHANCE


def test_the_order_of_accounts_carries_nothing(demo: World) -> None:
    account_ids = demo.accounts["account_id"].to_pylist()
    assert account_ids == sorted(account_ids)
    assert demo.truth["account_id"].to_pylist() == account_ids
    flags = of_campaign_accounts(demo)
    place = np.arange(len(flags))
    assert stats.ks_2samp(place[flags], place[~flags]).pvalue > CHANCE


def test_the_order_of_the_truth_table_follows_the_ids(demo: World) -> None:
    marked = demo.truth_exchanges["exchange_id"].to_pylist()
    assert marked == sorted(marked)


@pytest.mark.parametrize("digits", [1, 1_000, 100_000])
def test_clock_ticks_carry_nothing(demo: World, digits: int) -> None:
    flags = of_campaign(demo)
    inside = demo.exchanges["occurred_at"].cast("int64").to_numpy() // digits % 10
    counts = np.array([np.bincount(inside[rows], minlength=10) for rows in (flags, ~flags)])
    assert stats.chi2_contingency(counts).pvalue > CHANCE
    for row in counts:
        assert stats.chisquare(row).pvalue > CHANCE


def test_moments_of_creation_have_no_grain_of_their_own(demo: World) -> None:
    flags = of_campaign_accounts(demo)
    created = demo.accounts["created_at"].cast("int64").to_numpy()
    for grain in (1_000, 1_000_000, 60_000_000):
        inside = created % grain
        assert stats.ks_2samp(inside[flags], inside[~flags]).pvalue > CHANCE


@pytest.mark.parametrize("name", HASHES)
def test_each_bit_of_a_hash_is_as_likely_in_both(demo: World, name: str) -> None:
    flags, column = of_campaign(demo), demo.exchanges[name]
    present = ~np.array(column.is_null())
    values = column.fill_null(0).to_numpy().view(np.uint64)
    mine, others = np.unique(values[flags & present]), np.unique(values[~flags & present])
    others = np.setdiff1d(others, mine)
    if len(mine) < 100 or len(others) < 100:
        pytest.skip(f"too few different values of {name} to tell")
    for bit in range(64):
        ones = [int((group >> np.uint64(bit) & np.uint64(1)).sum()) for group in (mine, others)]
        if sum(ones) in (0, len(mine) + len(others)):
            continue
        table = [[ones[0], len(mine) - ones[0]], [ones[1], len(others) - ones[1]]]
        assert stats.chi2_contingency(np.array(table)).pvalue > CHANCE, (name, bit)


def cells(world: World, columns: tuple[str, ...]) -> npt.NDArray[np.int64]:
    """Return which combination of the columns' values each exchange has."""
    rows = zip(*(world.exchanges[name].to_pylist() for name in columns), strict=True)
    known: dict[tuple[Any, ...], int] = {}
    return np.array([known.setdefault(row, len(known)) for row in rows])


@pytest.mark.parametrize(
    ("names", "by"),
    [
        (BY_CLIENT, ("source", "pathway", "header_order_hash")),
        (BY_OUTCOME, ("source", "pathway", "header_order_hash", "status")),
    ],
)
def test_nulls_follow_the_client_and_the_source(
    demo: World, names: tuple[str, ...], by: tuple[str, ...]
) -> None:
    flags, cell = of_campaign(demo), cells(demo, by)
    for name in names:
        null = np.array(demo.exchanges[name].is_null())
        for each in np.unique(cell[flags]):
            mine, others = null[flags & (cell == each)], null[~flags & (cell == each)]
            if len(mine) < 20 or len(others) < 20:
                continue
            # Either both always have it, or both lack it now and then.
            assert (
                mine.any() == others.any()
                or min(mine.mean(), others.mean()) > 0.9
                or (abs(mine.mean() - others.mean()) < 0.2)
            ), (name, each, mine.mean(), others.mean())


@pytest.mark.parametrize(
    "names",
    [
        *itertools.combinations(("user_agent", "ja4", "sdk_version", "header_order_hash"), 2),
        ("source", "pathway"),
        ("pathway", "endpoint"),
        ("model",),
        ("operation",),
        ("temperature",),
        ("max_tokens",),
        ("choices",),
        ("error_type", "status"),
        ("client_address_source", "source"),
    ],
)
def test_no_value_is_the_campaigns_own(demo: World, names: tuple[str, ...]) -> None:
    """Whatever more than 2 % of the harvest's exchanges show, innocent accounts show too."""
    flags, cell = of_campaign(demo), cells(demo, names)
    account = demo.exchanges["account_id"].to_numpy(zero_copy_only=False)
    campaign = {
        row["account_id"] for row in demo.truth.to_pylist() if row["campaign_id"] is not None
    }
    innocent = np.array([a not in campaign for a in account])
    share = np.bincount(cell[flags], minlength=cell.max() + 1) / flags.sum()
    for each in np.flatnonzero(share > 0.02):
        assert len(np.unique(account[innocent & (cell == each)])) >= 5, (names, each)


def test_a_coarse_clock_and_a_fixed_bit_would_be_seen() -> None:
    counts = np.bincount(np.arange(10_000) * 1_000 % 10, minlength=10)
    assert stats.chisquare(counts).pvalue < CHANCE
    assert stats.chi2_contingency(np.array([[100, 0], [50, 50]])).pvalue < CHANCE
