"""Small worlds of one campaign, run without texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from stillwatch.simulate import Preset, World
from stillwatch.simulate.operators import Campaign
from stillwatch.simulate.operators.members import Member
from stillwatch.simulate.operators.operation import Operation
from stillwatch.simulate.populations import crowd
from stillwatch.simulate.records import DAY, TURN, Release, Rows, Setting
from stillwatch.simulate.stage import Stage

DAYS = 10


@dataclass(frozen=True, slots=True)
class Played:
    """A world after its last day."""

    stage: Stage
    rows: Rows = field(repr=False)
    """All attempts, in time order."""
    campaign: Campaign

    @property
    def operation(self) -> Operation:
        operation: Operation = self.stage.memory[self.campaign.name]
        return operation

    @property
    def members(self) -> list[Member]:
        return self.operation.members

    @property
    def accounts(self) -> list[int]:
        """The rows of the operator's accounts."""
        name = f"operator-{self.campaign.name}"
        return [k for k, a in enumerate(self.stage.accounts) if a.operator == name]

    @property
    def pool(self) -> Rows:
        """What goes through the operator's accounts."""
        rows: Rows = self.rows[np.isin(self.rows["account"], self.accounts)]
        return rows

    @property
    def harvest(self) -> Rows:
        """The campaign's exchanges."""
        marked = np.array([s.campaign is not None for s in self.stage.settings])
        rows: Rows = self.rows[marked[self.rows["setting"]]]
        return rows

    def fields(self, name: str) -> list[Any]:
        """One field of each of the operator's accounts."""
        return [self.stage.accounts[k].fields[name] for k in self.accounts]

    def setting_of(self, rows: Rows) -> list[Setting]:
        return [self.stage.settings[k] for k in rows["setting"].tolist()]


def world(
    campaign: Campaign,
    *,
    days: int = DAYS,
    innocent: int = 30,
    seed: int = 5,
    releases: tuple[Release, ...] = (),
) -> World:
    """A world of a small crowd and one campaign."""
    casts = (*crowd(innocent, 3.0), campaign)
    return World(Preset("test", "a test", days, casts, releases=releases), seed=seed)


@cache
def played(campaign: Campaign, *, innocent: int = 30, releases: tuple[Release, ...] = ()) -> Played:
    """Run a world to its end; equal campaigns are run once."""
    made = world(campaign, innocent=innocent, releases=releases)
    rows = np.concatenate([part for part, _ in made.rows(made.stage.end)])
    return Played(made.stage, rows, campaign)


@cache
def staged(campaign: Campaign, *, innocent: int = 30) -> Played:
    """Put a campaign on a stage whose innocents are named but absent; nothing runs."""
    casts = (*crowd(innocent, 3.0), campaign)
    stage = Stage(seed=5, days=DAYS, casts=casts)
    campaign.populate(stage)
    return Played(stage, np.zeros(0, TURN), campaign)


def day_of(rows: Rows) -> Any:
    """The day of each attempt."""
    return rows["at"] // DAY
