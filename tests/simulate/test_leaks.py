"""A campaign must not stand out account by account, nor by ids, nulls or clock ticks."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tests.simulate.conftest import World

FALSE_POSITIVES = 0.01
Floats = npt.NDArray[np.float64]
_DAY = 86_400_000_000


def aggregates(world: World) -> tuple[dict[str, Floats], npt.NDArray[np.bool_]]:
    """Return simple facts about each active account, and which of them are the campaign's."""
    table, truth = world.exchanges, world.truth.to_pylist()
    place = {row["account_id"]: k for k, row in enumerate(truth)}
    account = np.array([place[a] for a in table["account_id"].to_pylist()])
    count = np.bincount(account, minlength=len(truth))
    at = table["occurred_at"].cast("int64").to_numpy()
    day, hour = at // _DAY, at // 3_600_000_000 % 24
    status = table["status"].to_numpy()

    def mean(values: npt.NDArray[Any]) -> Floats:
        total = np.bincount(account, weights=values.astype(float), minlength=len(truth))
        return total / np.maximum(count, 1)

    def distinct(values: list[Any]) -> npt.NDArray[np.int64]:
        codes: dict[Any, int] = {}
        coded = [codes.setdefault(v, len(codes)) for v in values]
        pairs = np.unique(np.stack([account, np.array(coded)], axis=1), axis=0)
        return np.bincount(pairs[:, 0], minlength=len(truth))

    def number(column: str) -> npt.NDArray[Any]:
        return np.array([v or 0 for v in table[column].to_pylist()], float)

    def missing(column: str) -> npt.NDArray[Any]:
        return np.array(table[column].is_null())

    length = np.array([len(prompt) for prompt in table["prompt"].to_pylist()])
    history = np.array([len(h) for h in table["prior_assistant_hashes"].to_pylist()])
    share = np.zeros((len(truth), 24))
    np.add.at(share, (account, hour), 1)
    share /= np.maximum(count, 1)[:, None]
    days = distinct(day.tolist())
    facts: dict[str, npt.NDArray[Any]] = {
        "exchanges": count,
        "active days": days,
        "exchanges a day": count / np.maximum(days, 1),
        "spread over the hours": -(share * np.log(np.where(share > 0, share, 1))).sum(axis=1),
        "night share": mean(hour < 6),
        "weekend share": mean((day + 3) % 7 >= 5),
        "input tokens": mean(number("input_tokens")),
        "output tokens": mean(number("output_tokens")),
        "reasoning tokens": mean(number("reasoning_tokens")),
        "duration": mean(number("duration_ms")),
        "prompt length": mean(length),
        "longest prompt": np.sqrt(mean(length.astype(float) ** 2)),
        "errors": mean(status != 200),
        "rate limits": mean(status == 429),
        "history": mean(history),
        "single turns": mean(history == 0),
        "addresses": distinct(table["client_address"].to_pylist()),
        "user agents": distinct(table["user_agent"].to_pylist()),
        "system prompts": distinct(table["system_prompt"].to_pylist()),
        "tool sets": distinct(table["tools_hash"].to_pylist()),
        "no system prompt": mean(missing("system_prompt")),
        "no temperature": mean(missing("temperature")),
        "no session": mean(missing("session_id")),
    }
    active = count > 0
    campaign = np.array([row["campaign_id"] is not None for row in truth])
    return {name: values[active].astype(float) for name, values in facts.items()}, campaign[active]


def caught(values: Floats, campaign: npt.NDArray[np.bool_]) -> float:
    """Return the best share caught by one threshold, either side, at 1 % false positives."""
    best = 0.0
    for side in (values, -values):
        innocent = np.sort(side[~campaign])[::-1]
        threshold = innocent[int(FALSE_POSITIVES * len(innocent))]
        best = max(best, float((side[campaign] > threshold).mean()))
    return best


def test_the_check_itself_finds_what_is_separable() -> None:
    campaign = np.arange(500) < 50
    assert caught(np.where(campaign, 10.0, 0.0) + np.linspace(0, 1, 500), campaign) == 1.0
    assert caught(np.tile(np.linspace(0, 1, 50), 10), campaign) <= 0.05


def test_no_single_aggregate_separates_the_campaign(demo: World) -> None:
    facts, campaign = aggregates(demo)
    found = {name: caught(values, campaign) for name, values in facts.items()}
    assert {name: share for name, share in found.items() if share > 0.5} == {}
    assert np.median(list(found.values())) <= 0.03


@pytest.mark.parametrize("column", ["exchange_id", "account_id", "credential_id"])
def test_ids_carry_nothing(demo: World, column: str) -> None:
    marked = set(demo.truth_exchanges["exchange_id"].to_pylist())
    ids = demo.exchanges["exchange_id"].to_pylist()
    harvested = np.array([i in marked for i in ids])
    values = np.array([str(v) for v in demo.exchanges[column].to_pylist()])
    lengths = {len(v) for v in values if v != "None"}
    assert len(lengths) == 1
    unique, inverse = np.unique(values, return_inverse=True)
    rank = inverse / len(unique)
    # Ids are uniform over their range whoever they belong to, and whenever they were issued.
    several = 0.02 if column == "exchange_id" else 0.2
    assert abs(rank[harvested].mean() - rank[~harvested].mean()) < several
    assert abs(np.corrcoef(rank, np.arange(len(rank)))[0, 1]) < several


def test_clock_ticks_carry_nothing(demo: World) -> None:
    marked = set(demo.truth_exchanges["exchange_id"].to_pylist())
    harvested = np.array([i in marked for i in demo.exchanges["exchange_id"].to_pylist()])
    inside = demo.exchanges["occurred_at"].cast("int64").to_numpy() % 1_000_000
    for rows in (harvested, ~harvested):
        assert abs(inside[rows].mean() - 500_000) < 10_000
        assert (inside[rows] % 1000 != 0).mean() > 0.99


def test_nulls_follow_the_source_and_not_the_population(demo: World) -> None:
    marked = set(demo.truth_exchanges["exchange_id"].to_pylist())
    table = demo.exchanges
    harvested = np.array([i in marked for i in table["exchange_id"].to_pylist()])
    source = np.array(table["source"].to_pylist())
    for column in table.column_names:
        null = np.array(table[column].is_null())
        for name in np.unique(source[harvested]):
            mine, others = null[harvested & (source == name)], null[~harvested & (source == name)]
            # Whatever a campaign row lacks or has, many innocent rows of that source do too.
            for missing in (True, False):
                if (mine == missing).mean() > 0.02:
                    assert (others == missing).mean() > 0.01, (column, name, missing)


def test_prompt_lengths_overlap(demo: World) -> None:
    marked = set(demo.truth_exchanges["exchange_id"].to_pylist())
    harvested = np.array([i in marked for i in demo.exchanges["exchange_id"].to_pylist()])
    length = np.array([len(p) for p in demo.exchanges["prompt"].to_pylist()])
    low, high = np.percentile(length[harvested], [5, 95])
    between = (length[~harvested] >= low) & (length[~harvested] <= high)
    assert between.mean() > 0.3
    assert length.max() > 4_000
