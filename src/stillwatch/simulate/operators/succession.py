"""Accounts that are lost, and dormant ones that take their place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillwatch.simulate.records import DAY, SECOND


@dataclass(frozen=True, slots=True)
class Succession:
    """Suspensions that happen in any case, and the reserve that answers them.

    Suspensions by the enforcement that a world is advanced with come on top.
    """

    suspended: float = 0.0
    """Share of working accounts suspended one by one, at times spread over their working lives."""
    ban_day: float | None = None
    """The day on which a whole part of the pool is suspended at once."""
    ban_share: float = 1.0
    """What part of the accounts that work on that day."""
    reserve: float = 0.0
    """Share of all accounts that is dormant until another is suspended."""
    delay_hours: tuple[float, float] = (2.0, 48.0)
    """How long after a suspension the successor takes over the queue, at least and at most."""

    def suspensions(
        self, rng: np.random.Generator, begins: list[int], window: int
    ) -> list[int | None]:
        """Return when each working account is suspended, given when it began, or none."""
        found: list[int | None] = []
        for begin in begins:
            alone, when, banned = rng.random(3)
            at = None
            if alone < self.suspended:
                at = begin + int((0.1 + 0.9 * when) * (window - begin))
            if self.ban_day is not None and banned < self.ban_share:
                ban = int((self.ban_day + 0.04 * when) * DAY)
                if begin < ban and (at is None or ban < at):
                    at = ban
            found.append(at)
        return found

    def delay(self, rng: np.random.Generator) -> int:
        """Return the microseconds from a suspension to the successor's first request."""
        low, high = self.delay_hours
        return int(float(rng.uniform(low, high)) * 3600 * SECOND)
