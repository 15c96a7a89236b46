"""Ordinary API developers whose little applications serve a handful of people each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from stillwatch.simulate.draws import Weighted, around, one_of, whole
from stillwatch.simulate.identity import person, pick_country
from stillwatch.simulate.populations import control, habits
from stillwatch.simulate.populations.places import own_clock, personal_addresses, servers
from stillwatch.simulate.populations.roster import Roster
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.system_prompts import application

_APPS: Final = Weighted([(1, 0.5), (2, 0.28), (3, 0.14), (5, 0.08)])
_HOME_LANGUAGE: Final = 0.6
_MAKER: Final = 0.6


@dataclass(frozen=True, slots=True)
class SmallApps:
    """Bots, plug-ins and club sites: several end users, languages and prompts on one account."""

    accounts: int
    requests: float = 5.0
    """Mean exchanges a day for each account."""
    spread: float = 1.3
    """Standard deviation of the logarithm of the end users' rates."""
    end_users: float = 5.0
    """Median end users of one account's applications together."""
    passes_on: float = 0.35
    """Share of developers that pass on a hash of their end user."""
    population = "small_app"

    def populate(self, stage: Stage) -> None:
        """Put the developers and their end users on the stage."""
        roster = Roster(stage, self.population)
        rng = roster.rng
        for number in range(self.accounts):
            country = pick_country(rng)
            life = roster.open(
                person(stage, rng, country, plan="api"), credentials=whole(rng, 1, 4)
            )
            homes = personal_addresses(stage, rng, country, life.account)
            apps = []
            for k in range(_APPS.draw(rng)):
                name = (stage.seed, self.population, number, k)
                prompt = application(*name) if rng.random() < 0.75 else None
                base = habits.developer(stage, rng, *name, system_prompt=prompt)
                apps.append(replace(base, turns=one_of(rng, (0.0, 0.8, 2.0)), choices=None))
            exits = servers(stage, rng, 2) if rng.random() < 0.8 else homes
            passes_on = rng.random() < self.passes_on
            for _ in range(min(40, 1 + int(around(rng, self.end_users, 0.8)))):
                theirs = country if rng.random() < _HOME_LANGUAGE else pick_country(rng)
                app = replace(
                    one_of(rng, apps),
                    opening=stage.texts.everyday(theirs.language),
                    follow_up=stage.texts.follow_up(theirs.language),
                )
                roster.speak(
                    [roster.setting(app)],
                    exits,
                    life=life,
                    spread=self.spread,
                    clock=own_clock(rng, theirs),
                    rhythm=habits.pick_rhythm(rng),
                    end_user=passes_on,
                )
            roster.speak(
                [roster.setting(app) for app in apps],
                homes,
                life=life,
                weight=_MAKER,
                clock=own_clock(rng, country),
                rhythm=habits.pick_rhythm(rng),
            )
            control.developer_calls(stage, rng, life, homes[0])
        roster.settle(self.requests)
