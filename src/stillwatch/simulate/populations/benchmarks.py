"""People who run one public benchmark: the same items, in the same wrapper, again and again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from stillwatch.simulate.clients import build
from stillwatch.simulate.draws import Weighted, around, one_of, whole
from stillwatch.simulate.identity import person, pick_country
from stillwatch.simulate.network import hosting
from stillwatch.simulate.populations import control, habits
from stillwatch.simulate.populations.places import own_clock, personal_addresses
from stillwatch.simulate.populations.roster import Roster
from stillwatch.simulate.records import Deck, Setting
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.evaluations import FORMS
from stillwatch.simulate.text.grammar import Phrase

_PLAN: Final = Weighted([("plus", 0.2), ("pro", 0.2), ("api", 0.6)])
_ANSWERS: Final = {"solve": 180.0, "pick": 3.0, "code": 260.0}
_MOST: Final = {"solve": 1024, "pick": 16, "code": 2048}
_SAMPLES: Final = Weighted[int | None]([(None, 0.85), (4, 0.05), (8, 0.06), (16, 0.04)])
"""pass@k and self-consistency ask for several answers at once (guessed)."""
_OWN_WORK: Final = 0.25


@dataclass(frozen=True, slots=True)
class BenchmarkRunners:
    """Strangers who each evaluate something of their own on public items."""

    accounts: int
    requests: float = 8.0
    """Mean exchanges a day for each account."""
    spread: float = 1.0
    """Standard deviation of the logarithm of runners' rates."""
    benchmarks: int = 0
    """How many public benchmarks there are; 0 for two, and one more for each 400 accounts."""
    items: int = 600
    """Items of each benchmark."""
    run: float = 35.0
    """Median items in one run."""
    population = "benchmark"

    def populate(self, stage: Stage) -> None:
        """Put the runners on the stage."""
        roster = Roster(stage, self.population)
        rng = roster.rng
        benches = [
            (form, stage.texts.benchmark(form, stage.seed, k), self._deck(stage, k))
            for k in range(self.benchmarks or 2 + self.accounts // 400)
            for form in (FORMS[k % len(FORMS)],)
        ]
        popular = Weighted((bench, 1.0 / (1 + rank)) for rank, bench in enumerate(benches))
        for number in range(self.accounts):
            country = pick_country(rng)
            life = roster.open(person(stage, rng, country, plan=_PLAN.draw(rng)))
            homes = personal_addresses(stage, rng, country, life.account)
            rented = (stage.add_address(hosting(rng)),) if rng.random() < 0.5 else homes
            facts: dict[str, Any] = {
                "life": life,
                "clock": own_clock(rng, country),
                "rhythm": habits.pick_rhythm(rng),
            }
            roster.speak(
                [roster.setting(self._setting(stage, rng, *popular.draw(rng)))],
                rented,
                spread=self.spread,
                per_sitting=around(rng, self.run, 0.7),
                gap=4.0,
                **facts,
            )
            own = habits.developer(stage, rng, stage.seed, self.population, number)
            roster.speak([roster.setting(own)], homes, weight=_OWN_WORK, **facts)
            control.developer_calls(stage, rng, life, homes[0])
        roster.settle(self.requests)

    def _deck(self, stage: Stage, number: int) -> int:
        return stage.add_deck(Deck("walk", stage.key("benchmark", number), self.items))

    def _setting(
        self, stage: Stage, rng: np.random.Generator, form: str, prompt: Phrase, deck: int
    ) -> Setting:
        model = habits.ALL_ALIKE.draw(rng)
        samples = _SAMPLES.draw(rng)
        setting = Setting(
            client=build(one_of(rng, ("python", "python", "node")), rng),
            opening=prompt,
            follow_up=stage.texts.follow_up("en"),
            model=model,
            temperature=one_of(rng, (0.0, 0.0, 0.7)),
            max_tokens=_MOST[form],
            stream=False,
            reasons=model in ("thinker-2", "large-2"),
            turns=0.0,
            answer_tokens=_ANSWERS[form],
            deck=deck,
            choices=samples,
        )
        if form != "pick" and whole(rng, 0, 10) < 3:
            # Somebody's own exemplars stand in front of every item.
            setting = replace(setting, context_tokens=900.0)
        return replace(setting, temperature=0.8) if samples else setting
