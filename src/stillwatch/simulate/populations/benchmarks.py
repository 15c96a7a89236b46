"""People who run one public benchmark: the same items, in the same wrapper, again and again."""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.simulate.clients import build
from stillwatch.simulate.identity import joined, person, pick_country
from stillwatch.simulate.network import hosting
from stillwatch.simulate.populations import habits
from stillwatch.simulate.populations.individuals import personal_addresses
from stillwatch.simulate.records import Deck, Setting, Speaker
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.chat import FOLLOW_UP
from stillwatch.simulate.text.workloads import BENCHMARK_CHOICE, BENCHMARK_SOLVING


@dataclass(frozen=True, slots=True)
class BenchmarkRunners:
    """Strangers who each evaluate something of their own on public items."""

    accounts: int
    items: int = 600
    sittings: float = 0.08
    run: float = 35.0
    """Mean items in one run."""
    population = "benchmark"

    def populate(self, stage: Stage) -> None:
        """Put the runners on the stage."""
        rng = stage.generator(self.population)
        decks = [
            stage.add_deck(Deck("walk", stage.key("benchmark", k), self.items)) for k in (0, 1)
        ]
        for number in range(self.accounts):
            country = pick_country(rng)
            fields = person(stage, rng, country, plan=str(rng.choice(["plus", "pro", "api"])))
            which = int(rng.random() < 0.4)
            model = habits.pick_model(rng, 0.2, 0.3, 0.25, 0.25)
            bench = Setting(
                client=build(str(rng.choice(["python", "python", "node"])), rng),
                opening=(BENCHMARK_SOLVING, BENCHMARK_CHOICE)[which],
                follow_up=FOLLOW_UP,
                model=model,
                temperature=float(rng.choice([0.0, 0.0, 0.7])),
                max_tokens=(1024, 16)[which],
                stream=False,
                reasons=model in ("thinker-2", "large-2"),
                turns=0.0,
                answer_tokens=(180.0, 3.0)[which],
                deck=decks[which],
            )
            account = stage.add_account(fields, self.population)
            homes = personal_addresses(stage, rng, country)
            stage.add_speaker(
                Speaker(
                    account=account,
                    settings=(stage.add_setting(bench),),
                    addresses=(stage.add_address(hosting(rng)),) if rng.random() < 0.5 else homes,
                    sittings=habits.rate(rng, self.sittings, 0.6),
                    clock=country.clock,
                    rhythm=habits.pick_rhythm(rng),
                    per_sitting=habits.rate(rng, self.run, 0.7),
                    gap=4.0,
                    joins=joined(fields),
                )
            )
            own = habits.developer(rng, stage.seed, self.population, number)
            stage.add_speaker(
                Speaker(
                    account=account,
                    settings=(stage.add_setting(own),),
                    addresses=homes,
                    sittings=habits.rate(rng, 0.15),
                    clock=country.clock,
                    rhythm=habits.pick_rhythm(rng),
                    joins=joined(fields),
                )
            )
