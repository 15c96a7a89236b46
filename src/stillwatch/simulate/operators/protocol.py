"""What an operator may do when it is enforced against."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from stillwatch.simulate.stage import Stage


@runtime_checkable
class Adapts(Protocol):
    """A cast that changes its ways after a wave of enforcement."""

    def react(self, stage: Stage, now: int, suspended: frozenset[int]) -> None:
        """Answer a wave: `suspended` are the rows of the stage's accounts that were suspended.

        It is called for every wave, whether or not it hit this operator's accounts. `now` is the
        time in microseconds of world time. Whatever was planned before `now` happens as planned.
        The operator may add accounts, addresses, settings, speakers, decks and pools; put another
        `Pool` in the place of one of its own in `stage.pools`, with more members (old members keep
        their places) or another policy; put another `Speaker` or `Setting` in the place of one of
        its own. It keeps what it must remember in `stage.memory` under its own name.
        """
