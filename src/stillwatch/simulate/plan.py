"""Who sends what when, and on which account: everything about a world but its texts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from stillwatch.simulate.demand import Demand
from stillwatch.simulate.records import DAY, TURN, Rows, picked
from stillwatch.simulate.replays import Replays
from stillwatch.simulate.schedulers import Relay, Wardrobe
from stillwatch.simulate.service import attempts, outages
from stillwatch.simulate.slots import Slots
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.streams import mix
from stillwatch.simulate.suspensions import Suspensions


class Plan:
    """The attempts of a world in the order of time.

    Whole days are planned ahead; pooled requests get their accounts, and suspended people are
    refused, only when their time has come. So what happens does not depend on how time is cut.
    """

    def __init__(self, stage: Stage, first_weekday: int) -> None:
        """Take the cast; `first_weekday` is the first day's, 0 for a Monday."""
        self.now = 0
        self._stage = stage
        self._slots = Slots()
        self._demand = Demand(stage, first_weekday)
        self._outages = outages(stage.seed, stage.days)
        self._suspensions = Suspensions()
        self._replays = Replays(stage, self._slots)
        self._relays: list[Relay] = []
        self._waiting: list[Rows] = []
        self._ready = np.zeros(0, TURN)
        self._late = np.zeros(0, TURN)
        self._planned_days = 0
        self._speakers = len(stage.speakers)
        self._take_over()

    def refresh(self) -> None:
        """Take over what was put on the stage, or changed there, since the last call."""
        self._demand.refresh()
        self._replays.refresh()
        self._take_over()
        newcomers, self._speakers = self._speakers, len(self._stage.speakers)
        if newcomers < self._speakers and self.now < self._planned_days * DAY:
            self._hold(self._demand.day(self._planned_days - 1, newest=True, now=self.now))

    def suspend(self, accounts: npt.NDArray[np.int64]) -> None:
        """Have accounts (rows of the stage) refused from now on."""
        marked = np.zeros(len(self._stage.accounts), bool)
        marked[accounts] = True
        self._suspensions.add(marked)
        for relay in self._relays:
            relay.suspend(marked, self.now)

    def expected(self) -> float:
        """Return about how many exchanges there will be, from the cast alone."""
        return self._demand.expected(self._stage.days)

    def until(self, end: int) -> Iterator[tuple[Rows, int]]:
        """Yield every attempt from now until a time, in time order, and how far each part goes."""
        end = min(end, self._stage.end)
        while self.now < end:
            day = self.now // DAY
            if day == self._planned_days:
                self._slots.settle()
                self._planned_days += 1
                self._hold(self._demand.day(day))
            part_end = min(end, (day + 1) * DAY)
            rows = self._due(part_end)
            self.now = part_end
            yield rows, part_end

    def _take_over(self) -> None:
        stage = self._stage
        self._pool = np.array([-1 if s.pool is None else s.pool for s in stage.speakers], np.int64)
        failover = np.array([*(p.failover for p in stage.pools), 0.0])
        self._failover = failover[self._pool]
        self._roots = np.array([key for key, _ in stage.shared_roots], np.uint64)
        lanes = np.array([s.lane for s in stage.speakers], np.int32)
        accounts = np.array([-1 if s.account is None else s.account for s in stage.speakers])
        for relay, pool in zip(self._relays, stage.pools, strict=False):
            relay.refresh(pool, lanes, accounts)
        self._wardrobes = [Wardrobe(stage, number) for number in range(len(stage.pools))]
        for pool in stage.pools[len(self._relays) :]:
            self._relays.append(Relay(pool, lanes, accounts, self._slots))
            self._waiting.append(np.zeros(0, TURN))

    def _hold(self, turns: Rows) -> None:
        """Add what happens to the turns, and keep it until its time."""
        # Conversations that others carry on are all of the first day.
        sure = self._roots if self._planned_days <= 1 else self._roots[:0]
        rows = attempts(turns, self._failover[turns["speaker"]], self._outages, sure)
        first = np.flatnonzero(np.diff(rows["conversation"], prepend=~rows["conversation"][:1]))
        lengths = np.diff(first, append=len(rows))
        several = lengths > 1
        slots = np.full(len(first), -1, np.int32)
        slots[several] = self._slots.take(lengths[several])
        rows["slot"] = np.repeat(slots, lengths)
        pool = self._pool[rows["speaker"]]
        self._ready = np.concatenate([self._ready, picked(rows, np.flatnonzero(pool < 0))])
        for number in range(len(self._relays)):
            mine = np.flatnonzero(pool == number)
            if len(mine):
                self._waiting[number] = np.concatenate([self._waiting[number], picked(rows, mine)])

    def _due(self, end: int) -> Rows:
        """Return the attempts before a time that were not returned yet."""
        seed = self._stage.seed
        direct, self._ready = _before(self._ready, end, seed)
        late, self._late = _before(self._late, end, seed)
        self._suspensions.refuse_late(late, self._slots.table)
        pieces = [self._suspensions.applied(direct), late]
        done = [direct]
        put_off = [self._late]
        for number, relay in enumerate(self._relays):
            mine, self._waiting[number] = _before(self._waiting[number], end, seed)
            if not len(mine):
                continue
            done.append(mine)
            dealt = relay.assign(mine)
            self._wardrobes[number].dress(dealt)
            # What a refusal put off may fall into the next slice.
            over = dealt["at"] >= end
            if over.any():
                put_off.append(dealt[over])
                dealt = dealt[~over]
            pieces.append(dealt)
        self._late = np.concatenate(put_off)
        pieces = [piece for piece in pieces if len(piece)]
        rows = pieces[0] if len(pieces) == 1 else np.concatenate([np.zeros(0, TURN), *pieces])
        rows = picked(rows, _order(rows, seed))
        self._replays.write_into(rows)
        for part in done:
            self._slots.done(part)
        return rows


def _before(rows: Rows, end: int, seed: int) -> tuple[Rows, Rows]:
    """Return what happens before a time, in its order, and the rest."""
    due = rows["at"] < end
    mine = picked(rows, np.flatnonzero(due))
    return picked(mine, _order(mine, seed)), picked(rows, np.flatnonzero(~due))


def names(rows: Rows, seed: int) -> npt.NDArray[np.uint64]:
    """Return the 64-bit name of each attempt, from which its id is written."""
    step = rows["turn"].astype(np.uint64) * np.uint64(1 << 40)
    step = step + rows["attempt"].astype(np.uint64) * np.uint64(1 << 52)
    return mix(rows["conversation"] + step, seed * 2 + 2)


def _order(rows: Rows, seed: int) -> npt.NDArray[np.int64]:
    """Return the order of time; what happens at one time is put in the order of its names."""
    times = rows["at"].copy()
    order = np.argsort(times, kind="stable")
    sorted_ = times[order]
    tied = np.zeros(len(order), bool)
    same = sorted_[1:] == sorted_[:-1]
    tied[1:] |= same
    tied[:-1] |= same
    if same.any():
        among = order[tied]
        order[tied] = among[np.lexsort((names(rows[among], seed), times[among]))]
    return order
