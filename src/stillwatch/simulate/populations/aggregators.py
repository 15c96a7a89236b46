"""Applications that serve their own customers through one account each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from stillwatch.simulate.clients import build
from stillwatch.simulate.identity import joined, person, pick_country
from stillwatch.simulate.network import hosting
from stillwatch.simulate.populations import habits
from stillwatch.simulate.records import Speaker
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.chat import everyday, second_thoughts
from stillwatch.simulate.text.system_prompts import application


@dataclass(frozen=True, slots=True)
class Aggregators:
    """App makers whose customers, in many countries, chat through the maker's account."""

    accounts: int
    customers: int = 60
    sittings: float = 0.04
    population = "aggregator"

    def populate(self, stage: Stage) -> None:
        """Put the accounts and the customers on the stage."""
        rng = stage.generator(self.population)
        for number in range(self.accounts):
            fields = person(stage, rng, pick_country(rng), plan="api")
            account = stage.add_account(fields, self.population, credentials=2)
            name = (stage.seed, self.population, number)
            base = habits.developer(
                rng, *name, system_prompt=application(*name), client=build("node", rng)
            )
            exits = tuple(stage.add_address(hosting(rng)) for _ in range(int(rng.integers(2, 6))))
            passes_on = bool(rng.random() < 0.7)
            by_language: dict[str, int] = {}
            for _ in range(int(self.customers * rng.uniform(0.4, 2))):
                country = pick_country(rng)
                language = country.language
                if language not in by_language:
                    by_language[language] = stage.add_setting(
                        replace(
                            base,
                            opening=everyday(language),
                            follow_up=second_thoughts(language),
                            turns=0.8,
                        )
                    )
                stage.add_speaker(
                    Speaker(
                        account=account,
                        settings=(by_language[language],),
                        addresses=exits,
                        sittings=habits.rate(rng, self.sittings),
                        clock=country.clock,
                        rhythm=habits.pick_rhythm(rng),
                        joins=joined(fields),
                        end_user=passes_on,
                    )
                )
