"""Least recently used account, kept for a conversation while it stays warm, left on an error."""

from __future__ import annotations

import heapq

import numpy as np

from stillwatch.simulate.records import DAY, SECOND, Pool, PoolAccount, Rows
from stillwatch.simulate.streams import key_of

_COOL_DOWN = 60 * SECOND


class StickyLru:
    """The policy of the common relay software.

    A conversation stays on its account for the pool's stickiness after each use; then, or when the
    account fails on its own account, it goes to the one that was idle longest in its lane.
    """

    def __init__(self, pool: Pool, lanes: list[int], seed: int) -> None:
        self._accounts = pool.accounts
        self._stickiness = pool.stickiness
        self._lanes = lanes
        self._rng = np.random.Generator(np.random.PCG64(key_of("relay", pool.name, seed)))
        self._idle: dict[int, list[tuple[int, int]]] = {}
        for place, account in enumerate(pool.accounts):
            self._idle.setdefault(account.lane, []).append((account.joins - DAY, place))
        for heap in self._idle.values():
            heapq.heapify(heap)
        self._held: dict[int, tuple[int, int]] = {}
        self._last = [account.joins - DAY for account in pool.accounts]
        self._rest_until = [0] * len(pool.accounts)
        self._day = [-1] * len(pool.accounts)
        self._used = [0] * len(pool.accounts)
        self._gone: set[int] = set()

    def assign(self, rows: Rows) -> Rows:
        """Return the attempts with account, address and client set; suspensions add a row."""
        source: list[int] = []
        place_of: list[int] = []
        at_of: list[int] = []
        refused: list[bool] = []
        lanes = self._lanes
        columns = zip(
            rows["at"].tolist(),
            rows["conversation"].tolist(),
            rows["speaker"].tolist(),
            rows["moved"].tolist(),
            rows["status"].tolist(),
            strict=True,
        )
        for k, (at, conversation, speaker, moved, status) in enumerate(columns):
            held = self._held.get(conversation)
            place = held[0] if held is not None else -1
            if held is None or moved or at - held[1] > self._stickiness:
                place = self._longest_idle(lanes[speaker], at, place if moved else -1)
            if at >= self._accounts[place].leaves:
                # The first request after a suspension is refused, and the relay moves on.
                source.append(k)
                place_of.append(place)
                at_of.append(at)
                refused.append(True)
                self._gone.add(place)
                place = self._longest_idle(lanes[speaker], at, place)
                at += int(self._rng.integers(2 * SECOND, 30 * SECOND))
            self._use(place, at, status)
            self._held[conversation] = (place, at)
            source.append(k)
            place_of.append(place)
            at_of.append(at)
            refused.append(False)
        self._forget(int(rows["at"][-1]) if len(rows) else 0)
        return self._written(rows[source], place_of, at_of, refused)

    def _longest_idle(self, lane: int, at: int, avoid: int) -> int:
        heap = self._idle[lane]
        aside: list[tuple[int, int]] = []
        found = -1
        while heap:
            used, place = heapq.heappop(heap)
            if used != self._last[place] or place in self._gone:
                continue
            aside.append((used, place))
            if place != avoid and self._ready(place, at):
                found = place
                break
        for entry in aside:
            heapq.heappush(heap, entry)
        # Everybody is resting: the relay takes whoever rests least, rather than refuse its user.
        if found >= 0:
            return found
        joined = [place for _, place in aside if self._accounts[place].joins <= at]
        return min(joined, key=lambda place: (place == avoid, self._rest_until[place]))

    def _ready(self, place: int, at: int) -> bool:
        account = self._accounts[place]
        if at < account.joins or at < self._rest_until[place]:
            return False
        return self._day[place] != at // DAY or self._used[place] < account.quota

    def _use(self, place: int, at: int, status: int) -> None:
        self._last[place] = at
        heapq.heappush(self._idle[self._accounts[place].lane], (at, place))
        if self._day[place] != at // DAY:
            self._day[place], self._used[place] = at // DAY, 0
        self._used[place] += 1
        if status == 429:
            self._rest_until[place] = at + _COOL_DOWN

    def _forget(self, now: int) -> None:
        old = [c for c, (_, at) in self._held.items() if now - at > DAY]
        for conversation in old:
            del self._held[conversation]

    def _written(
        self, rows: Rows, place_of: list[int], at_of: list[int], refused: list[bool]
    ) -> Rows:
        accounts: list[PoolAccount] = [self._accounts[place] for place in place_of]
        rows["account"] = [a.account for a in accounts]
        rows["address"] = [a.address for a in accounts]
        rows["client"] = [a.client for a in accounts]
        rows["at"] = at_of
        no = np.array(refused, bool)
        rows["status"][no] = 403
        rows["own_fault"][no] = True
        rows["wait_ms"][no] = 0
        rows["attempt"][no] += 100
        return rows
