"""What a relay does beside asking: it refreshes tokens and polls usage for all accounts alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillwatch.simulate.records import SECOND, ControlHabit
from stillwatch.simulate.stage import Stage


@dataclass(frozen=True, slots=True)
class ControlPlane:
    """A scheduler that walks over all accounts at one tick."""

    share: float = 0.0
    """Share of accounts that the relay keeps signed in this way; the others behave as their owners
    did."""
    tick: int = 300
    """Seconds between two looks of the scheduler; whatever is due happens at a look."""
    refresh_hours: float = 8.0
    """Hours that a token is good for."""
    poll_hours: float | None = 6.0
    """Hours between two polls of an account's usage, or none."""

    def keep(
        self,
        stage: Stage,
        rng: np.random.Generator,
        account: int,
        address: int,
        joins: int,
        leaves: int,
    ) -> None:
        """Put the habits of one account on the stage, if it is one of those kept signed in."""
        if rng.random() >= self.share:
            return
        calls = [("token_refresh", self.refresh_hours), ("usage_poll", self.poll_hours)]
        for kind, hours in calls:
            if hours is not None:
                stage.control.append(
                    ControlHabit(
                        account=account,
                        kind=kind,
                        period=int(hours * 3600 * SECOND),
                        address=address,
                        jitter=0.02,
                        tick=self.tick * SECOND,
                        joins=joins,
                        leaves=min(leaves, stage.end),
                    )
                )
