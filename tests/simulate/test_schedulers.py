"""How a relay chooses accounts: stickiness, least recent use, failover, suspension, quota."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from stillwatch.simulate.records import DAY, SECOND, TURN, Pool, PoolAccount, Rows
from stillwatch.simulate.schedulers import Relay
from stillwatch.simulate.slots import Slots

MINUTE = 60 * SECOND
FOREVER = 1 << 62


def _pool(count: int, **changes: dict[int, dict[str, int]]) -> Pool:
    accounts = []
    for k in range(count):
        plain = PoolAccount(
            account=100 + k, lane=0, joins=0, leaves=FOREVER, quota=1e9, address=k, client=k
        )
        own: dict[str, Any] = {**changes.get("only", {}).get(k, {})}
        accounts.append(replace(plain, **own))
    return Pool("p", "sticky_lru", tuple(accounts))


def _rows(*asked: tuple[int, int]) -> Rows:
    """Return one successful attempt for each (time, conversation); turns count up."""
    rows = np.zeros(len(asked), TURN)
    rows["at"] = [at for at, _ in asked]
    rows["conversation"] = [conversation for _, conversation in asked]
    rows["status"] = 200
    seen: Counter[int] = Counter()
    for k, (_, conversation) in enumerate(asked):
        rows["turn"][k] = seen[conversation]
        seen[conversation] += 1
    return rows


class _Sent:
    """A relay, and the slots of the conversations that it has seen."""

    def __init__(self, pool: Pool, home: int = -1) -> None:
        self.slots = Slots()
        self.relay = Relay(pool, np.zeros(1, np.int32), np.full(2, home), self.slots)
        self._slot: dict[int, int] = {}

    def assign(self, rows: Rows) -> Rows:
        for k, conversation in enumerate(rows["conversation"].tolist()):
            if conversation not in self._slot:
                self._slot[conversation] = int(self.slots.take(np.array([1000]))[0])
            rows["slot"][k] = self._slot[conversation]
        return self.relay.assign(rows)


def _sticky(pool: Pool) -> _Sent:
    return _Sent(pool)


def _as(pool: Pool, **policy: Any) -> _Sent:
    return _Sent(replace(pool, **policy))


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
    again = refused["conversation"][0]
    second = out[(out["conversation"] == again) & (out["at"] > refused["at"][0])][0]
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
    accounts = _as(pool, scheduler="round_robin").assign(rows)["account"].tolist()
    assert accounts[:4] == [100, 102, 100, 102]
    assert sorted(accounts[4:]) == [100, 101, 102]


def test_round_robin_gives_an_idle_conversation_to_the_next_account() -> None:
    asked = [(0, 1), (30 * MINUTE, 1), (91 * MINUTE, 1)]
    out = _as(_pool(3), scheduler="round_robin").assign(_rows(*asked))
    assert out["account"].tolist() == [100, 100, 101]


def test_sharded_conversations_go_by_quota_and_never_move() -> None:
    pool = _pool(3, only={0: {"quota": 1}, 1: {"quota": 1}, 2: {"quota": 2}})
    rows = _rows(*((k * MINUTE, k % 3000) for k in range(6000)))
    accounts = _as(pool, scheduler="sharded").assign(rows)["account"]
    assert (accounts[:3000] == accounts[3000:]).all()
    share = np.bincount(accounts[:3000] - 100) / 3000
    assert share == pytest.approx([0.25, 0.25, 0.5], abs=0.03)


def test_sticky_conversations_that_rest_too_long_go_by_quota_whoever_was_idle() -> None:
    pool = _pool(3, only={0: {"quota": 1}, 1: {"quota": 1}, 2: {"quota": 6}})
    asked = [(k * SECOND, k) for k in range(2000)]
    asked += [(50 * MINUTE + at, k) for at, k in asked[:2000]]
    asked += [(120 * MINUTE + at, k) for at, k in asked[2000:4000]]
    out = _Sent(replace(pool, scheduler="sticky"), home=100).assign(_rows(*asked))
    home, soon, late = np.split(out["account"], 3)
    assert set(home.tolist()) == set(soon.tolist()) == {100}
    share = np.bincount(late - 100, minlength=3) / 2000
    assert share == pytest.approx([0.125, 0.125, 0.75], abs=0.04)


def test_sharded_conversations_keep_to_their_lane() -> None:
    pool = _pool(4, only={2: {"lane": 1}, 3: {"lane": 1}})
    relay = _as(pool, scheduler="sharded")
    relay.relay.refresh(
        replace(pool, scheduler="sharded"), np.array([0, 1], np.int32), np.full(2, -1)
    )
    rows = _rows(*((k * MINUTE, k) for k in range(400)))
    rows["speaker"] = np.arange(400) % 2
    accounts = relay.assign(rows)["account"]
    assert set(accounts[::2].tolist()) == {100, 101}
    assert set(accounts[1::2].tolist()) == {102, 103}


@pytest.mark.parametrize("scheduler", ["sticky_lru", "sticky", "round_robin", "sharded"])
@pytest.mark.parametrize(("errors", "rest"), [(1, 60), (2, 600), (3, 600)])
def test_accounts_rest_longer_after_each_error_in_a_row(
    scheduler: str, errors: int, rest: int
) -> None:
    relay = _as(replace(_pool(2), cool_downs=(60, 600)), scheduler=scheduler)
    faults = _rows(*((k * SECOND, 1) for k in range(errors)))
    faults["status"], faults["own_fault"] = 429, True
    at_fault = relay.assign(faults)["account"]
    assert len(set(at_fault.tolist())) == 1
    asked = [((10 + 10 * k) * SECOND, 50 + k) for k in range(90)]
    out = relay.assign(_rows(*asked))
    back = out["at"][out["account"] == at_fault[0]][0] / SECOND
    assert rest <= back <= rest + 100


def test_a_success_ends_the_row_of_errors() -> None:
    relay = _as(replace(_pool(1), cool_downs=(60, 600)))
    rows = _rows(*((k * SECOND, 1) for k in range(3)))
    rows["status"], rows["own_fault"] = [429, 200, 429], [True, False, True]
    relay.assign(rows)
    assert relay.relay._members["rest"].tolist() == [62 * SECOND]


def test_a_pool_without_failover_gives_the_conversation_up() -> None:
    pool = replace(_pool(2, only={0: {"leaves": 10 * MINUTE}}), failover=0.0)
    relay = _as(pool)
    relay.assign(_rows((0, 1), (MINUTE, 2)))
    out = relay.assign(_rows((20 * MINUTE, 1), (20 * MINUTE, 2), (21 * MINUTE, 1)))
    assert out["status"].tolist().count(403) == 1
    lost = int(out["conversation"][out["status"] == 403][0])
    assert (out["conversation"] == lost).sum() == 1
    assert (out["account"][out["status"] == 200] == 101).all()


def test_a_pool_whose_accounts_are_all_gone_sends_nothing() -> None:
    relay = _as(_pool(2, only={k: {"leaves": 10 * MINUTE} for k in (0, 1)}))
    out = relay.assign(_rows(*((20 * MINUTE + k * SECOND, k) for k in range(9))))
    assert out["status"].tolist() == [403, 403]
    assert sorted(out["account"].tolist()) == [100, 101]


def test_moved_conversations_are_summarised_for_good() -> None:
    asked = [(k * MINUTE, c) for k in range(2) for c in range(40)]
    later = [((200 + 10 * k) * MINUTE, c) for k in range(2) for c in range(40)]
    rows = _rows(*asked, *later)
    out = _as(_pool(3), summarised=0.5).assign(rows)
    dropped = out["dropped"][80:].reshape(2, 40)
    assert (out["dropped"][:80] == 0).all()
    assert (dropped[0] == dropped[1]).all()
    moved = out["account"][40:80] != out["account"][80:120]
    assert set(dropped[0][moved].tolist()) == {0, 2}
    assert (dropped[0][~moved] == 0).all()
    assert 0.25 < (dropped[0][moved] == 2).mean() < 0.75


@pytest.mark.parametrize("scheduler", ["sticky_lru", "sticky", "round_robin", "sharded"])
def test_new_members_take_part_and_old_ones_keep_their_conversations(scheduler: str) -> None:
    pool = replace(_pool(4), scheduler=scheduler)  # type: ignore[arg-type]
    relay = _as(replace(pool, accounts=pool.accounts[:2]))
    before = relay.assign(_rows(*((k * SECOND, k) for k in range(50))))["account"]
    relay.relay.refresh(pool, np.zeros(1, np.int32), np.full(1, -1))
    after = relay.assign(_rows(*((MINUTE + k * SECOND, k) for k in range(200))))["account"]
    assert (after[:50] == before).all()
    assert set(after[50:].tolist()) == {100, 101, 102, 103}


def test_suspending_at_run_time_is_noticed_at_the_first_request() -> None:
    relay = _as(_pool(3))
    relay.assign(_rows(*((k * SECOND, k) for k in range(9))))
    marked = np.zeros(200, bool)
    marked[100] = True
    relay.relay.suspend(marked, MINUTE)
    out = relay.assign(_rows(*((2 * MINUTE + k * SECOND, k) for k in range(9))))
    assert (out["account"] == 100).sum() == 1
    assert out["status"][out["account"] == 100].tolist() == [403]


def test_a_speaker_with_an_account_begins_there_with_its_own_address_and_client() -> None:
    rows = _rows((0, 1), (50 * MINUTE, 1), (200 * MINUTE, 1), (201 * MINUTE, 2))
    rows["address"], rows["client"] = 77, 88
    out = _Sent(_pool(3), home=101).assign(rows)
    accounts = out["account"].tolist()
    assert accounts[0] == accounts[1] == accounts[3] == 101 != accounts[2]
    at_home = out["account"] == 101
    assert set(out["address"][at_home].tolist()) == {77}
    assert set(out["client"][at_home].tolist()) == {88}
    assert 77 not in out["address"][~at_home]


def test_sharded_conversations_leave_home_only_after_an_error() -> None:
    rows = _rows((0, 1), (600 * MINUTE, 1), (601 * MINUTE, 1))
    rows["moved"][2] = True
    accounts = _Sent(replace(_pool(3), scheduler="sharded"), home=101).assign(rows)["account"]
    assert accounts.tolist()[:2] == [101, 101]
    assert accounts[2] != 101
