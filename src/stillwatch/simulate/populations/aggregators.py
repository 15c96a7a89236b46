"""Applications that serve their own customers through one account each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from stillwatch.simulate.clients import build
from stillwatch.simulate.draws import around, whole
from stillwatch.simulate.identity import person, pick_country
from stillwatch.simulate.populations import control, habits
from stillwatch.simulate.populations.places import own_clock, servers
from stillwatch.simulate.populations.roster import Roster
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.system_prompts import application


@dataclass(frozen=True, slots=True)
class Aggregators:
    """App makers whose customers, in many countries, chat through the maker's account."""

    accounts: int
    requests: float = 40.0
    """Mean exchanges a day for each account."""
    spread: float = 1.2
    """Standard deviation of the logarithm of the customers' rates."""
    customers: int = 50
    """Median customers behind one account."""
    passes_on: float = 0.6
    """Share of makers that pass on a hash of their end user."""
    population = "aggregator"

    def populate(self, stage: Stage) -> None:
        """Put the accounts and the customers on the stage."""
        roster = Roster(stage, self.population)
        rng = roster.rng
        for number in range(self.accounts):
            fields = person(stage, rng, pick_country(rng), plan="api")
            life = roster.open(fields, credentials=whole(rng, 1, 4), steady=True)
            name = (stage.seed, self.population, number)
            base = habits.developer(
                stage, rng, *name, system_prompt=application(*name), client=build("node", rng)
            )
            base = replace(base, turns=1.2, choices=None)
            exits = servers(stage, rng)
            passes_on = rng.random() < self.passes_on
            by_language: dict[str, int] = {}
            for _ in range(min(6 * self.customers, 3 + int(around(rng, self.customers, 0.9)))):
                country = pick_country(rng)
                language = country.language
                if language not in by_language:
                    by_language[language] = roster.setting(
                        replace(
                            base,
                            opening=stage.texts.everyday(language),
                            follow_up=stage.texts.follow_up(language),
                        )
                    )
                roster.speak(
                    [by_language[language]],
                    exits,
                    life=life,
                    spread=self.spread,
                    clock=own_clock(rng, country),
                    rhythm=habits.pick_rhythm(rng),
                    end_user=passes_on,
                )
            control.developer_calls(stage, rng, life, exits[0])
        roster.settle(self.requests)
