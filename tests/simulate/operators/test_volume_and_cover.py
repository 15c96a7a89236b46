"""How much is asked, by whom, and how unequal accounts are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from stillwatch.simulate.operators import (
    Campaign,
    Cover,
    Growth,
    Relaying,
    Succession,
    Volume,
    Work,
)
from stillwatch.simulate.records import DAY
from tests.simulate.operators.played import DAYS, day_of, played, staged

WAYS: dict[str, dict[str, Any]] = {
    "relay": {},
    "round robin": {"relaying": Relaying("round_robin")},
    "sharded": {"relaying": Relaying("sharded")},
    "direct": {"relaying": Relaying("direct")},
    "office": {"rhythm": "office"},
    "mimic": {"rhythm": "mimic"},
    "sharded mimic": {"rhythm": "mimic", "relaying": Relaying("sharded", failover=0.1)},
    "direct mimic": {"rhythm": "mimic", "relaying": Relaying("direct")},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("by", ["persona", "end_users"])
def test_accounts_make_what_is_asked_and_part_of_it_is_innocent(way: str, by: Any) -> None:
    knobs = WAYS[way]
    world = played(Campaign(100, volume=Volume(30), cover=Cover(0.4, by), **knobs))
    # A mimic's accounts are as unequal as innocents, so few of them carry most: wider bounds.
    bound = 0.25 if knobs.get("rhythm") == "mimic" else 0.08
    assert len(world.pool) / 100 / DAYS == pytest.approx(30, rel=bound)
    share = 1 - len(world.harvest) / len(world.pool)
    assert share == pytest.approx(0.4, abs=0.08)


@pytest.mark.parametrize(("accounts", "requests"), [(400, 3.0), (8, 900.0)])
def test_three_to_nine_hundred_requests_a_day(accounts: int, requests: float) -> None:
    world = played(Campaign(accounts, volume=Volume(requests)))
    assert len(world.pool) / accounts / DAYS == pytest.approx(requests, rel=0.1)


def test_cover_by_personas_never_leaves_its_account_and_customers_move() -> None:
    for by, moves in (("persona", False), ("end_users", True)):
        world = played(Campaign(100, volume=Volume(40), cover=Cover(0.4, by)))  # type: ignore[arg-type]
        own = world.pool[[s.campaign is None for s in world.setting_of(world.pool)]]
        pairs = np.unique(np.stack([own["conversation"], own["account"]]), axis=1)
        assert (pairs.shape[1] > len(np.unique(own["conversation"]))) == moves


def test_a_hydra_has_as_many_customers_as_it_says() -> None:
    cover = Cover(0.7, "end_users", end_users=3.5)
    world = staged(Campaign(100, volume=Volume(8), cover=cover, rhythm="mimic"))
    customers = [
        s
        for s in world.stage.speakers
        if s.pool == world.operation.pool
        and all(world.stage.settings[k].campaign is None for k in s.settings)
    ]
    assert len(customers) == pytest.approx(350, abs=8)


def test_spread_is_the_deviation_of_the_logarithm_of_rates() -> None:
    for spread in (0.4, 1.2):
        knobs = {"volume": Volume(60, spread), "relaying": Relaying("direct")}
        world = played(Campaign(200, **knobs))  # type: ignore[arg-type]
        _, counts = np.unique(world.pool["account"], return_counts=True)
        assert np.log(counts).std() == pytest.approx(spread, rel=0.2)


def test_mimics_are_as_unequal_as_innocents() -> None:
    campaign = Campaign(300, volume=Volume(4), cover=Cover(0.5), rhythm="mimic")
    world = played(campaign, innocent=1500)
    mine = np.isin(world.rows["account"], world.accounts)
    spreads = [
        np.log(np.unique(rows["account"], return_counts=True)[1]).std()
        for rows in (world.rows[mine], world.rows[~mine])
    ]
    assert spreads[0] == pytest.approx(spreads[1], rel=0.2)


@pytest.mark.parametrize(
    ("shape", "early", "late"), [("flat", 1.0, 1.0), ("growing", 0.3, 1.6), ("ramping", 0.3, 2.2)]
)
@pytest.mark.parametrize("rhythm", ["always", "mimic"])
def test_accounts_and_volume_grow_and_the_total_stays(
    shape: Any, early: float, late: float, rhythm: Any
) -> None:
    knobs = {"volume": Volume(30), "growth": Growth(shape), "rhythm": rhythm}
    world = played(Campaign(200, **knobs))
    mimics = rhythm == "mimic"
    assert len(world.pool) / 200 / DAYS == pytest.approx(30, rel=0.25 if mimics else 0.06)
    by_day = np.bincount(day_of(world.pool), minlength=DAYS) / len(world.pool) * DAYS
    # A mimic's few busy accounts carry most of the volume, so that single days say little.
    bound = 0.8 if mimics else 0.35
    assert by_day[:3].mean() == pytest.approx(early, abs=bound)
    assert by_day[-3:].mean() == pytest.approx(late, abs=bound)
    working = [sum(m.begins <= day * DAY for m in world.members) for day in (0, 1, DAYS)]
    assert (working[1] < 0.6 * working[2]) == (shape != "flat")
    seen = [len(np.unique(world.pool["account"][day_of(world.pool) <= d])) for d in (1, DAYS)]
    if shape != "flat" and not mimics:
        assert seen[0] < 0.4 * seen[1]


def test_fresh_accounts_are_opened_shortly_before_they_work() -> None:
    for fresh in (0.0, 1.0):
        growth = Growth("growing", fresh=fresh)
        world = staged(Campaign(100, growth=growth))
        ages = [
            (m.begins - (f["created_at"] - world.stage.beginning).total_seconds() * 1e6) / 8.64e10
            for m, f in ((m, world.stage.accounts[m.account].fields) for m in world.members)
        ]
        assert min(ages) >= 0
        assert (np.array(ages) <= 2.1).mean() == pytest.approx(fresh, abs=0.25)


def test_nobody_works_before_the_account_exists() -> None:
    for way in ("relay", "mimic", "direct"):
        campaign = Campaign(60, growth=Growth("growing"), cover=Cover(0.3), **WAYS[way])
        world = played(campaign)
        created = {
            k: (a.fields["created_at"] - world.stage.beginning).total_seconds() * 1e6
            for k, a in enumerate(world.stage.accounts)
        }
        pairs = zip(world.pool["at"].tolist(), world.pool["account"].tolist(), strict=True)
        assert all(at >= created[account] for at, account in pairs)


def test_an_elicitation_sweep_comes_before_the_volume() -> None:
    world = played(Campaign(50, work=Work(sweep=400, sweep_days=3.0)))
    begun = day_of(world.harvest)
    assert (begun < 3).sum() == pytest.approx(400, rel=0.25)
    assert len(np.unique(world.harvest["account"][begun < 3])) <= 50
    assert (begun == 3).sum() > 800
    assert len(np.unique(world.harvest["seed"][begun < 3])) >= 0.9 * (begun < 3).sum() * 0.98


def test_suspended_accounts_stop_and_dormant_ones_take_over() -> None:
    succession = Succession(ban_day=6, reserve=0.5, delay_hours=(2, 12))
    world = played(Campaign(80, volume=Volume(40), succession=succession))
    first, second = world.members[:40], world.members[40:]
    assert len(second) == 40
    ban = {a: at for a, at, name, _ in world.stage.events if name == "suspended"}
    assert {m.account for m in first} <= set(ban)
    for member in second:
        mine = world.pool[world.pool["account"] == member.account]
        assert len(mine) == 0 or mine["at"].min() >= 6 * 86_400_000_000 + 2 * 3600_000_000
    good = world.harvest[world.harvest["status"] == 200]
    old = np.isin(good["account"], [m.account for m in first])
    assert day_of(good[old]).max() <= 7
    assert (~old).sum() > 0.3 * len(good)
    # One queue: what the second pool is asked, the first was never asked.
    opening = good[good["turn"] == 0]
    late = np.isin(opening["account"], [m.account for m in second])
    assert not set(opening["seed"][late].tolist()) & set(opening["seed"][~late].tolist())


def test_accounts_are_counted_once_whatever_part_is_dormant() -> None:
    for reserve in (0.0, 0.25):
        campaign = Campaign(80, succession=Succession(reserve=reserve))
        assert len(staged(campaign).accounts) == 80
    assert len(staged(replace(campaign, accounts=40)).members) == 30
