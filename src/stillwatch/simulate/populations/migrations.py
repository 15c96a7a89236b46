"""Developers who move a running workload over from elsewhere: no ramp-up, a burst, then steady."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from stillwatch.simulate.draws import around, between, whole
from stillwatch.simulate.identity import person, pick_country
from stillwatch.simulate.populations import control, habits
from stillwatch.simulate.populations.places import own_clock, personal_addresses, servers
from stillwatch.simulate.populations.roster import Roster
from stillwatch.simulate.records import DAY
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.system_prompts import application

_BACKFILL: Final = 6.0
"""How many times the steady rate the backlog is worked off at."""


@dataclass(frozen=True, slots=True)
class Migrations:
    """Accounts that are quiet or new until one day, and at their full rate from then on."""

    accounts: int
    requests: float = 12.0
    """Mean exchanges a day for each account over the whole window."""
    spread: float = 1.4
    """Standard deviation of the logarithm of the workloads' rates."""
    backfills: float = 0.5
    """Share that first work off a backlog."""
    backlog: float = 2.0
    """Median days that a backlog takes."""
    population = "migration"

    def populate(self, stage: Stage) -> None:
        """Put the accounts and their programs on the stage."""
        roster = Roster(stage, self.population)
        rng = roster.rng
        for number in range(self.accounts):
            country = pick_country(rng)
            life = roster.open(
                person(stage, rng, country, plan="api"), credentials=whole(rng, 1, 3), steady=True
            )
            name = (stage.seed, self.population, number)
            moves_at = max(life.joins, int(between(rng, 0, 0.8 * stage.end)))
            moved = replace(life, joins=moves_at)
            machines = servers(stage, rng)
            opening = stage.texts.pipeline(*name) if rng.random() < 0.4 else None
            work = habits.developer(
                stage, rng, *name, system_prompt=application(*name), opening=opening
            )
            row = roster.setting(work)
            rhythm = "always" if rng.random() < 0.5 else "day"
            weight = min(around(rng, 1.0, self.spread), 100.0)
            roster.speak(
                [row],
                machines,
                life=moved,
                spread=0.0,
                weight=weight,
                per_sitting=2.0,
                gap=25.0,
                clock=country.clock,
                rhythm=rhythm,
            )
            if rng.random() < self.backfills:
                end = moves_at + int(around(rng, self.backlog, 0.6) * DAY)
                roster.speak(
                    [row],
                    machines,
                    life=replace(moved, leaves=end),
                    spread=0.0,
                    weight=_BACKFILL * weight,
                    per_sitting=40.0,
                    gap=3.0,
                    clock=0.0,
                    rhythm="always",
                )
            homes = personal_addresses(stage, rng, country)
            roster.speak(
                [row],
                homes,
                life=life,
                weight=0.05,
                clock=own_clock(rng, country),
                rhythm="office",
            )
            control.developer_calls(stage, rng, life, homes[0])
        roster.settle(self.requests)
