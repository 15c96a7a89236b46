"""What marks each kind of innocent is there, and looks as suspicious as it does in life."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import pytest

from stillwatch.simulate.populations import (
    Companies,
    Individuals,
    Migrations,
    ResalePool,
    TwoAccounts,
    ViralPrompt,
)
from stillwatch.simulate.populations.resale import KINDS
from stillwatch.simulate.records import DAY
from stillwatch.simulate.stage import Stage
from tests.simulate.populations.conftest import Lived


def _rows(stage: Stage, population: str) -> list[int]:
    return [k for k, a in enumerate(stage.accounts) if a.population == population]


def test_accounts_with_several_end_users_are_common(lived: Lived) -> None:
    ends: defaultdict[int, set[int]] = defaultdict(set)
    hashes = lived.exchanges["end_user_hash"].to_pylist()
    for account, end in zip(lived.account.tolist(), hashes, strict=True):
        if end is not None:
            ends[account].add(end)
    several = [a for a, found in ends.items() if len(found) > 1]
    assert {lived.stage.accounts[a].population for a in several} == {"small_app", "aggregator"}
    behind = Counter(s.account for s in lived.stage.speakers if s.account is not None)
    served = [a for a in _rows(lived.stage, "small_app") if behind[a] > 2]
    assert len(served) > 0.02 * len(lived.stage.accounts)
    # Most of them pass nothing on: the several users show in languages and prompts alone.
    assert len(several) < len(served)


def test_cards_and_addresses_of_some_innocents_disagree(lived: Lived) -> None:
    billing = [a.fields["billing_country"] for a in lived.stage.accounts]
    seen: defaultdict[int, Counter[bool]] = defaultdict(Counter)
    country = lived.exchanges["client_country"].to_pylist()
    for account, where in zip(lived.account.tolist(), country, strict=True):
        if where is not None and billing[account] is not None:
            seen[account][where == billing[account]] += 1
    mostly = [a for a, found in seen.items() if found[False] > found[True]]
    assert 0.03 < len(mostly) / len(seen) < 0.35
    assert len({lived.stage.accounts[a].population for a in mostly}) >= 5
    # Which country it is makes no difference.
    claimed = Counter(billing[a] for a in mostly)
    assert len(claimed) >= 8


def test_innocents_ask_for_several_answers_too(lived: Lived) -> None:
    choices = np.array([c or 1 for c in lived.exchanges["choices"].to_pylist()])
    kinds = Counter(lived.population[choices > 1].tolist())
    assert {"benchmark", "evaluator", "individual"} <= set(kinds)
    assert 0.005 < (choices > 1).mean() < 0.15


def test_some_small_companies_never_said_that_they_are_one() -> None:
    stage = Stage(seed=5, days=7)
    Companies(900).populate(stage)
    by_card: defaultdict[str, list[str | None]] = defaultdict(list)
    for account in stage.accounts:
        by_card[account.fields["payment_fingerprint"]].append(account.fields["organization_id"])
    firms = [orgs for orgs in by_card.values() if len(orgs) > 1]
    undeclared = [orgs for orgs in firms if set(orgs) == {None}]
    assert 3 <= len(undeclared) < len(firms) / 2
    assert all(len(orgs) <= 12 for orgs in undeclared)


def test_one_company_takes_everybody() -> None:
    stage = Stage(seed=5, days=7)
    Companies(40, companies=1).populate(stage)
    assert len({a.fields["organization_id"] for a in stage.accounts}) == 1


def test_owners_of_two_share_a_card_and_some_switch_on_an_error() -> None:
    stage = Stage(seed=5, days=7)
    TwoAccounts(101, switches=0.5).populate(stage)
    assert len(stage.accounts) == 101
    (pool,) = stage.pools
    lanes = Counter(member.lane for member in pool.accounts)
    assert set(lanes.values()) == {2}
    for lane in lanes:
        cards = {
            stage.accounts[m.account].fields["payment_fingerprint"]
            for m in pool.accounts
            if m.lane == lane
        }
        assert len(cards) == 1
    assert len(stage.shared_roots) > 10
    for _, speaker in stage.shared_roots:
        assert stage.speakers[speaker].shared_root is None


def test_a_shared_conversation_is_begun_by_its_owner() -> None:
    stage = Stage(seed=5, days=7)
    ViralPrompt(400, prompts=3).populate(stage)
    assert len(stage.shared_roots) == 3
    begun = {stage.speakers[speaker].account for _, speaker in stage.shared_roots}
    assert begun == {0, 1, 2}
    carried = Counter(s.shared_root for s in stage.speakers if s.shared_root is not None)
    assert set(carried) == {key for key, _ in stage.shared_roots}


def test_resellers_are_of_every_kind() -> None:
    stage = Stage(seed=5, days=7)
    ResalePool(240, pools=6).populate(stage)
    assert [p.scheduler for p in stage.pools] == [k.scheduler for k in KINDS]
    assert sum(len(p.accounts) for p in stage.pools) == 240
    assert {p.stickiness for p in stage.pools} == {3600_000_000, 6 * 3600_000_000}
    for pool, kind in zip(stage.pools, KINDS, strict=True):
        exits = {stage.addresses[m.address].text for m in pool.accounts}
        if kind.own_proxy == 0:
            assert len(exits) <= 4
    customers = Counter(s.pool for s in stage.speakers if s.pool is not None)
    assert set(customers) == set(range(6))
    assert sum(customers.values()) == pytest.approx(3.5 * 240, rel=0.02)


def test_a_migration_starts_at_full_rate() -> None:
    stage = Stage(seed=5, days=14)
    Migrations(30, backfills=1.0).populate(stage)
    for account in range(30):
        mine = [s for s in stage.speakers if s.account == account]
        begins = {s.joins for s in mine if s.rhythm != "office"}
        assert len(begins) == 1
        steady, burst = sorted(
            (s for s in mine if s.rhythm != "office"), key=lambda s: s.leaves, reverse=True
        )
        assert burst.sittings * burst.per_sitting > 3 * steady.sittings * steady.per_sitting
        assert burst.leaves - burst.joins < 10 * DAY


def _prompts(lived: Lived, population: str) -> dict[int, list[str]]:
    mine = lived.population == population
    table = lived.exchanges.select(["prompt"]).filter(mine)
    found: defaultdict[int, list[str]] = defaultdict(list)
    for account, prompt in zip(
        lived.account[mine].tolist(), table["prompt"].to_pylist(), strict=True
    ):
        found[account].append(prompt)
    return found


def _repeating(lived: Lived, population: str) -> float:
    """Return the share of busy accounts most of whose prompts begin alike."""
    busy = [texts for texts in _prompts(lived, population).values() if len(texts) >= 30]
    heads = [Counter(text[:25] for text in texts) for texts in busy]
    return float(np.mean([max(h.values()) / h.total() > 0.5 for h in heads]))


def test_programs_repeat_one_prompt_and_people_do_not(lived: Lived) -> None:
    assert _repeating(lived, "pipeline") > 0.6
    # Some graders ask in words of their own each time.
    assert _repeating(lived, "evaluator") > 0.1 > _repeating(lived, "individual")


def test_runners_of_one_benchmark_share_its_items(lived: Lived) -> None:
    askers: defaultdict[str, set[int]] = defaultdict(set)
    for account, texts in _prompts(lived, "benchmark").items():
        for text in texts:
            askers[text].add(account)
    assert sum(len(who) >= 3 for who in askers.values()) > 50


def test_the_spread_knob_steers_the_tail() -> None:
    shares = []
    for spread in (0.3, 2.0):
        stage = Stage(seed=5, days=7)
        replace(Individuals(2000), spread=spread).populate(stage)
        rates = np.sort([s.sittings for s in stage.speakers])
        shares.append(rates[-20:].sum() / rates.sum())
    assert shares[0] < 0.08 < 0.15 < shares[1]
