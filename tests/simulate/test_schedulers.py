"""How a relay chooses accounts: stickiness, least recent use, failover, suspension, quota."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stillwatch.simulate.records import DAY, SECOND, TURN, Pool, PoolAccount, Rows
from stillwatch.simulate.schedulers.round_robin import RoundRobin
from stillwatch.simulate.schedulers.sticky_lru import StickyLru

MINUTE = 60 * SECOND
FOREVER = 1 << 62


def _pool(count: int, **changes: dict[int, dict[str, int]]) -> Pool:
    accounts = []
    for k in range(count):
        plain = PoolAccount(
            account=100 + k, lane=0, joins=0, leaves=FOREVER, quota=1e9, address=k, client=k
        )
        accounts.append(replace(plain, **changes.get("only", {}).get(k, {})))
    return Pool("p", "sticky_lru", tuple(accounts))


def _rows(*asked: tuple[int, int]) -> Rows:
    """Return one successful attempt for each (time, conversation)."""
    rows = np.zeros(len(asked), TURN)
    rows["at"] = [at for at, _ in asked]
    rows["conversation"] = [conversation for _, conversation in asked]
    rows["status"] = 200
    return rows


def _sticky(pool: Pool) -> StickyLru:
    return StickyLru(pool, [0], seed=1)


def test_a_conversation_stays_for_an_hour_after_each_use_and_then_moves() -> None:
    asked = [(0, 1), (50 * MINUTE, 1), (100 * MINUTE, 1), (161 * MINUTE, 1)]
    accounts = _sticky(_pool(3)).assign(_rows(*asked))["account"].tolist()
    assert accounts[0] == accounts[1] == accounts[2] != accounts[3]


def test_new_conversations_go_to_whoever_was_idle_longest() -> None:
    rows = _rows(*((k * MINUTE, k) for k in range(6)))
    accounts = _sticky(_pool(3)).assign(rows)["account"].tolist()
    assert accounts[:3] == accounts[3:]
    assert len(set(accounts)) == 3


def test_an_account_error_moves_the_conversation() -> None:
    rows = _rows((0, 1), (5 * SECOND, 1), (9 * SECOND, 1))
    rows["status"][0], rows["own_fault"][0], rows["moved"][1] = 429, True, True
    accounts = _sticky(_pool(3)).assign(rows)["account"].tolist()
    assert accounts[0] != accounts[1] == accounts[2]


def test_state_carries_over_from_slice_to_slice() -> None:
    rows = _rows(*((k * MINUTE, k % 5) for k in range(40)))
    whole = _sticky(_pool(4)).assign(rows)
    sliced = _sticky(_pool(4))
    parts = np.concatenate([sliced.assign(rows[:17]), sliced.assign(rows[17:])])
    assert (whole == parts).all()


def test_a_suspended_account_refuses_once_and_is_left() -> None:
    pool = _pool(2, only={0: {"leaves": 10 * MINUTE}})
    asked = [(0, 1), (1 * MINUTE, 2), (20 * MINUTE, 1), (21 * MINUTE, 2), (22 * MINUTE, 3)]
    out = _sticky(pool).assign(_rows(*asked))
    refused = out[out["status"] == 403]
    assert refused["account"].tolist() == [100]
    after = out[(out["at"] > 20 * MINUTE) & (out["status"] == 200)]
    assert set(after["account"].tolist()) == {101}
    second = out[(out["conversation"] == 1) & (out["status"] == 200)][1]
    assert 2 * SECOND <= second["at"] - refused["at"][0] <= 30 * SECOND


def test_quota_and_joining_are_kept() -> None:
    pool = _pool(3, only={0: {"quota": 2}, 2: {"joins": 2 * DAY}})
    rows = _rows(*((k * MINUTE, k) for k in range(20)))
    first = _sticky(pool).assign(rows)["account"].tolist()
    assert first.count(100) == 2
    assert 102 not in first


def test_a_lane_that_is_worn_out_still_serves() -> None:
    pool = _pool(2, only={0: {"quota": 1}, 1: {"quota": 1}})
    rows = _rows(*((k * MINUTE, k) for k in range(6)))
    assert len(_sticky(pool).assign(rows)) == 6


def test_round_robin_deals_in_turn_to_those_who_have_joined() -> None:
    pool = _pool(3, only={1: {"joins": DAY}})
    rows = _rows(*((k * MINUTE, k) for k in range(4)), *((2 * DAY + k, 50 + k) for k in range(3)))
    accounts = RoundRobin(pool).assign(rows)["account"].tolist()
    assert accounts[:4] == [100, 102, 100, 102]
    assert sorted(accounts[4:]) == [100, 101, 102]
