"""Control-plane calls: token refreshes, usage polls, sign-ins, new keys."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stillwatch.model.tables_in import CONTROL_EVENTS, TIMESTAMP
from stillwatch.simulate.columns import column
from stillwatch.simulate.jit import entry
from stillwatch.simulate.keyed import hashed, share
from stillwatch.simulate.records import SECOND
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.streams import mix


class Control:
    """The control events of a world in the order of time; a habit's next call is all it keeps."""

    def __init__(self, stage: Stage) -> None:
        """Take the cast."""
        self._stage = stage
        self._start = int(stage.beginning.timestamp()) * SECOND
        self._next = np.zeros(0)
        self._made = np.zeros(0, np.int64)
        self._leaves = np.zeros(0, np.int64)
        self.refresh()

    def refresh(self) -> None:
        """Take over habits that are new on the stage."""
        stage, known = self._stage, len(self._next)
        habits = stage.control
        self._account = np.array([h.account for h in habits], np.int64)
        self._address = np.array([h.address for h in habits], np.int64)
        self._period = np.array([float(max(1, h.period)) for h in habits])
        self._jitter = np.array([h.jitter for h in habits])
        self._tick = np.array([h.tick for h in habits], np.int64)
        self._names = mix(mix(np.arange(len(habits)), stage.seed), 95)
        self._kinds = pa.array([h.kind for h in habits], pa.string())
        new = slice(known, len(habits))
        joins = np.array([float(h.joins) for h in habits[new]])
        shares = (mix(self._names[new], 96) >> np.uint64(11)).astype(np.float64) / float(1 << 53)
        self._next = np.concatenate([self._next, joins + shares * self._period[new]])
        self._made = np.concatenate([self._made, np.zeros(len(joins), np.int64)])
        leaves = np.array([h.leaves for h in habits[new]], np.int64)
        self._leaves = np.concatenate([self._leaves, leaves])
        self._account_ids = pa.array([str(a.fields["account_id"]) for a in stage.accounts])
        self._texts = pa.array([a.text for a in stage.addresses], pa.string())

    def suspend(self, accounts: npt.NDArray[np.int64], now: int) -> None:
        """Stop the calls of suspended accounts (rows of the stage)."""
        mine = np.isin(self._account, accounts)
        self._leaves[mine] = np.minimum(self._leaves[mine], now)

    def until(self, end: int) -> pa.Table:
        """Return the calls from the last end until this one, in time order."""
        size = 64
        whose, at = np.zeros(0, np.int64), np.zeros(0, np.int64)
        while True:
            more_of, more_at = np.empty(size, np.int64), np.empty(size, np.int64)
            found = _calls(
                self._next,
                self._made,
                self._period,
                self._jitter,
                self._tick,
                self._leaves,
                self._names,
                end,
                more_of,
                more_at,
            )
            whose = np.concatenate([whose, more_of[:found]])
            at = np.concatenate([at, more_at[:found]])
            if found < size:
                break
            size = min(8 * size, 1 << 20)
        order = np.lexsort((whose, at))
        whose, at = whose[order], at[order]
        return pa.Table.from_arrays(
            [
                self._account_ids.take(column(self._account[whose])),
                column(at + self._start).cast(TIMESTAMP),
                self._kinds.take(column(whose)),
                self._texts.take(column(self._address[whose])),
            ],
            schema=CONTROL_EVENTS,
        )


@entry
def _calls(
    following: Any,
    made: Any,
    period: Any,
    jitter: Any,
    tick: Any,
    leaves: Any,
    names: Any,
    end: int,
    whose: Any,
    at: Any,
) -> int:
    """Write calls before `end`, habit by habit, until there is no more room; return how many."""
    found = 0
    for k in range(len(following)):
        while True:
            when = np.int64(following[k])
            if tick[k] > 0:
                when = -(-when // tick[k]) * tick[k]
            if when >= end or when >= leaves[k]:
                break
            if found == len(whose):
                return found
            whose[found] = k
            at[found] = when
            found += 1
            made[k] += 1
            waited = -math.log(1.0 - share(hashed(names[k], made[k])))
            following[k] += period[k] * (1.0 - jitter[k] + jitter[k] * waited)
    return found
