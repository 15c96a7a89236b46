"""How requests get to accounts: the relay's policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stillwatch.simulate.records import SECOND, Pool, PoolAccount, SchedulerName


@dataclass(frozen=True, slots=True)
class Relaying:
    """A relay between the operator's programs and its accounts, or none."""

    scheduler: SchedulerName | Literal["direct"] = "sticky_lru"
    """`direct`: each account has programs of its own, and nothing ever moves."""
    stickiness: float = 1.0
    """Hours that a conversation stays on the account that it used last (sticky_lru and sticky)."""
    failover: float = 1.0
    """Chance that a request goes to another account after an error that was the account's own."""
    cool_downs: tuple[int, ...] = (60, 300, 600, 1800)
    """Seconds that an account rests after an error of its own: the first, second, ... in a row."""
    summarised: float = 0.0
    """Chance that a conversation that moves is sent on as a summary of its history."""
    rewrites: float = 0.0
    """Chance that a conversation that moves is given model, system prompt, tools, limits and client
    of the account that it moves to; only where accounts mimic innocents, which have such."""
    lanes: int = 4
    """Parts of the pool that share no conversation unless one has no account left."""
    burst: float = 3.0
    """Mean conversations that a program starts together: synchronised traffic has many."""

    @property
    def policy(self) -> SchedulerName | None:
        """The pool's scheduler; none where there is no pool."""
        return None if self.scheduler == "direct" else self.scheduler

    def pool(self, name: str, members: tuple[PoolAccount, ...]) -> Pool:
        """Return the pool of these accounts."""
        return Pool(
            name,
            self.policy or "sticky_lru",
            members,
            stickiness=int(self.stickiness * 3600 * SECOND),
            failover=self.failover,
            cool_downs=self.cool_downs,
            summarised=self.summarised,
            rewrites=self.rewrites,
        )

    def lanes_for(self, accounts: int) -> int:
        """Return how many lanes so many accounts can fill."""
        return max(1, min(self.lanes, accounts // 8))
