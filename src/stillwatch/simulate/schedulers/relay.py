"""A relay at work: each request gets an account, and conversations move when they must."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from stillwatch.simulate.jit import entry, part
from stillwatch.simulate.keyed import hashed, share
from stillwatch.simulate.records import SECOND, TURN, Pool, Rows
from stillwatch.simulate.schedulers.members import (
    MEMBER,
    STALE,
    STATE_SIZE,
    TODAY,
    WAITING,
    admit,
    begin_day,
    count_use,
    note_outcome,
    unlink,
)
from stillwatch.simulate.schedulers.round_robin import next_in_turn
from stillwatch.simulate.schedulers.sharded import by_hash
from stillwatch.simulate.schedulers.sticky_lru import longest_idle
from stillwatch.simulate.slots import Slots

_POLICIES: Final = {"sticky_lru": 0, "round_robin": 1, "sharded": 2, "sticky": 3}
_LRU: Final = 0
_ROUND_ROBIN: Final = 1
_SHARDED: Final = 2
_SWITCHES: Final = 3
"""Other accounts that a relay tries before it gives a request up."""
_SECOND: Final = SECOND
FORBIDDEN: Final = 403


class Relay:
    """One pool's state from one slice of time to the next."""

    def __init__(
        self,
        pool: Pool,
        lanes: npt.NDArray[np.int32],
        accounts: npt.NDArray[np.int64],
        slots: Slots,
    ) -> None:
        """Take a pool, each speaker's lane and account, and the conversations under way."""
        self._slots = slots
        self._members: Rows = np.zeros(0, MEMBER)
        self._state = np.zeros(STATE_SIZE, np.int64)
        self._state[TODAY] = -1
        self.refresh(pool, lanes, accounts)

    def refresh(
        self, pool: Pool, lanes: npt.NDArray[np.int32], accounts: npt.NDArray[np.int64]
    ) -> None:
        """Take over the pool's present policy, its members' means, and whoever became a member."""
        self._lanes = lanes
        place = np.full(max([-1, *(a.account for a in pool.accounts), *accounts.tolist()]) + 2, -1)
        place[[a.account for a in pool.accounts]] = np.arange(len(pool.accounts))
        self._homes = place[accounts].astype(np.int32)
        self._policy = _POLICIES[pool.scheduler]
        self._stickiness = pool.stickiness
        self._failover, self._summarised = pool.failover, pool.summarised
        self._cool_downs = np.array(pool.cool_downs, np.int64) * SECOND
        known = len(self._members)
        for name in ("quota", "address", "client"):
            self._members[name] = [getattr(account, name) for account in pool.accounts[:known]]
        if known and known == len(pool.accounts):
            return
        members = np.zeros(len(pool.accounts), MEMBER)
        for name in ("account", "lane", "joins", "leaves", "quota", "address", "client"):
            members[name] = [getattr(account, name) for account in pool.accounts]
        # Who has not worked yet counts as idle since a day before joining.
        members["last"] = members["joins"] - 86_400 * SECOND
        members["day"] = -1
        members[:known] = self._members
        self._members = members
        size = len(members)
        self._count = int(members["lane"].max()) + 1 if size else 1
        nodes = np.arange(size + 2 * self._count)
        self._after, self._before = nodes.copy(), nodes.copy()
        waiting = np.flatnonzero(~members["joined"])
        self._joining = waiting[np.lexsort((waiting, members["joins"][waiting]))]
        self._ring = np.zeros(size, np.int64)
        self._weights = np.zeros(size)
        self._by_lane = np.argsort(members["lane"], kind="stable")
        ends = np.searchsorted(members["lane"][self._by_lane], np.arange(self._count + 1))
        self._lane_ends = ends.astype(np.int64)
        self._state[WAITING] = 0
        self._state[STALE] = 1
        self._state[TODAY] = -1

    def suspend(self, accounts: npt.NDArray[np.bool_], now: int) -> None:
        """Have the marked accounts (by row of the stage) refuse everything from now on."""
        mine = accounts[self._members["account"]]
        self._members["leaves"][mine] = np.minimum(self._members["leaves"][mine], now)

    def assign(self, rows: Rows) -> Rows:
        """Return the attempts with account, address and client set.

        `rows` is sorted by time and follows, in time, all rows of earlier calls. A refusal by a
        suspended account adds a row; conversations that no account is left for lose theirs.
        """
        if not len(rows):
            return rows
        refusals = (~self._members["gone"]) & (self._members["leaves"] < 1 << 61)
        out = np.zeros(len(rows) + int(refusals.sum()), TURN)
        written = _deal(
            rows,
            out,
            self._members,
            self._after,
            self._before,
            self._joining,
            self._state,
            self._ring,
            self._weights,
            self._by_lane,
            self._lane_ends,
            self._slots.table,
            self._lanes,
            self._homes,
            self._cool_downs,
            self._policy,
            self._stickiness,
            self._failover,
            self._summarised,
        )
        return out[:written]


@part
def _write(rows: Any, k: Any, out: Any, written: Any, member: Any, at: Any, own: Any) -> None:
    """Write a row; on its `own` account a speaker has its own address and client."""
    out[written] = rows[k]
    out[written].at = at
    out[written].account = member.account
    if not own:
        out[written].address = member.address
        out[written].client = member.client


@entry
def _deal(
    rows: Any,
    out: Any,
    members: Any,
    after: Any,
    before: Any,
    joining: Any,
    state: Any,
    ring: Any,
    weights: Any,
    by_lane: Any,
    lane_ends: Any,
    slots: Any,
    lane_of: Any,
    home_of: Any,
    cool_downs: Any,
    policy: int,
    stickiness: int,
    failover: float,
    summarised: float,
) -> int:
    """Write each request with its account, in the order of the requests; return how many rows."""
    written = 0
    lanes = len(lane_ends) - 1
    for k in range(len(rows)):
        slot = rows[k].slot
        conversation = np.uint64(rows[k].conversation)
        lane = lane_of[rows[k].speaker] % lanes
        turn = rows[k].turn
        at = rows[k].at
        held = -1
        if slot >= 0:
            if slots[slot].lost:
                continue
            at += slots[slot].shift
            held = slots[slot].place
        admit(members, joining, state, after, before, at)
        begin_day(members, state, after, before, at)
        stays = held >= 0 and not members[held].gone and not rows[k].moved
        if stays and policy != _SHARDED and at - slots[slot].held_at > stickiness:
            stays = False
        place = held
        home = home_of[rows[k].speaker]
        if home >= 0 and held < 0 and members[home].joined and not members[home].gone:
            place, stays = home, not rows[k].moved
        avoid = held if held >= 0 and (rows[k].moved or members[held].gone) else -1
        step = turn * 16 + rows[k].attempt
        refused = 0
        while True:
            if not stays:
                if policy == _LRU:
                    place = longest_idle(members, after, lanes, lane, at, avoid)
                elif policy == _ROUND_ROBIN:
                    place = next_in_turn(members, state, ring, at, avoid)
                else:
                    place = by_hash(
                        members, state, weights, by_lane, lane_ends, conversation, step, lane,
                        at, avoid,
                    )  # fmt: skip
            if place < 0 or at < members[place].leaves or members[place].gone:
                break
            # The first request after a suspension is refused, and the relay learns of it.
            _write(rows, k, out, written, members[place], at, place == home)
            out[written].status = FORBIDDEN
            out[written].own_fault = True
            out[written].wait_ms = 0
            out[written].attempt = rows[k].attempt + 100 + refused
            written += 1
            members[place].gone = True
            unlink(after, before, place)
            state[STALE] = 1
            name = hashed(conversation, np.uint64(320 + 8 * step + refused))
            refused += 1
            if refused > _SWITCHES or share(hashed(name, np.uint64(1))) >= failover:
                place = -1
                break
            at += 2 * _SECOND + np.int64(28 * _SECOND * share(hashed(name, np.uint64(2))))
            avoid = place
            stays = False
        if place < 0 or members[place].gone:
            if slot >= 0:
                slots[slot].lost = True
            continue
        if slot >= 0:
            if held >= 0 and place != held and turn > 0:
                name = hashed(conversation, np.uint64(400 + turn))
                if share(name) < summarised:
                    slots[slot].dropped = turn
                    slots[slot].unrooted = True
            slots[slot].place = place
            slots[slot].held_at = at
            slots[slot].shift = at - rows[k].at
        _write(rows, k, out, written, members[place], at, place == home)
        if slot >= 0:
            out[written].dropped = slots[slot].dropped
            if slots[slot].unrooted:
                out[written].root_turns = 0
        written += 1
        count_use(members, after, before, place, at)
        note_outcome(members, cool_downs, place, at, rows[k].status, rows[k].own_fault)
    return written
