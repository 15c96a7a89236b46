"""How a relay spreads requests over its accounts, one file a policy."""

from __future__ import annotations

from typing import Protocol

from stillwatch.simulate.records import Pool, Rows
from stillwatch.simulate.schedulers.round_robin import RoundRobin
from stillwatch.simulate.schedulers.sticky_lru import StickyLru


class Scheduler(Protocol):
    """Keeps a pool's state from one slice of time to the next."""

    def assign(self, rows: Rows) -> Rows:
        """Return the attempts with account, address and client set; failed handovers add rows.

        `rows` is sorted by time and follows, in time, all rows of earlier calls.
        """


def scheduler_for(pool: Pool, lanes: list[int], seed: int) -> Scheduler:
    """Return the scheduler that a pool uses; `lanes` gives each speaker's lane."""
    if pool.scheduler == "round_robin":
        return RoundRobin(pool)
    return StickyLru(pool, lanes, seed)
