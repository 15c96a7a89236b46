"""Teams that let the model judge: rubrics, step-by-step grading, votes over several answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from stillwatch.simulate.clients import build
from stillwatch.simulate.draws import Weighted, around, one_of
from stillwatch.simulate.identity import person, pick_country
from stillwatch.simulate.populations import control, habits
from stillwatch.simulate.populations.places import own_clock, personal_addresses, servers
from stillwatch.simulate.populations.roster import Roster
from stillwatch.simulate.records import Setting
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.grammar import Phrase
from stillwatch.simulate.text.texts import Texts

_VOTES: Final = Weighted[int | None]([(None, 0.7), (3, 0.15), (5, 0.1), (10, 0.05)])
_ASK: Final = Weighted(
    [("rubric", 0.65), ("grading", 0.15), ("cleaning", 0.1), ("step by step", 0.1)]
)
_OWN_WORK: Final = 0.5


@dataclass(frozen=True, slots=True)
class Evaluators:
    """Developers who grade their own product's answers with prompts of their own."""

    accounts: int
    requests: float = 7.0
    """Mean exchanges a day for each account."""
    spread: float = 1.2
    """Standard deviation of the logarithm of their rates."""
    run: float = 25.0
    """Median answers graded in one run."""
    population = "evaluator"

    def populate(self, stage: Stage) -> None:
        """Put the accounts, their graders and their other work on the stage."""
        roster = Roster(stage, self.population)
        rng = roster.rng
        for number in range(self.accounts):
            country = pick_country(rng)
            life = roster.open(person(stage, rng, country, plan="api"), credentials=2)
            homes = personal_addresses(stage, rng, country, life.account)
            clock = own_clock(rng, country)
            name = (stage.seed, self.population, number)
            roster.speak(
                [roster.setting(self._grader(stage, rng, *name))],
                servers(stage, rng, 2) if rng.random() < 0.5 else homes,
                life=life,
                spread=self.spread,
                per_sitting=around(rng, self.run, 0.8),
                gap=5.0,
                clock=clock,
                rhythm="always" if rng.random() < 0.2 else "office",
            )
            roster.speak(
                [roster.setting(habits.developer(stage, rng, *name, k)) for k in range(2)],
                homes,
                life=life,
                weight=_OWN_WORK,
                clock=clock,
                rhythm=habits.pick_rhythm(rng),
            )
            control.developer_calls(stage, rng, life, homes[0])
        roster.settle(self.requests)

    def _grader(self, stage: Stage, rng: np.random.Generator, *names: str | int) -> Setting:
        ask = _ASK.draw(rng)
        text = stage.texts.rubric(*names) if ask == "rubric" else _plain(stage.texts, ask)
        model = habits.ALL_ALIKE.draw(rng)
        return Setting(
            client=build(one_of(rng, ("python", "python", "node")), rng),
            opening=text,
            follow_up=text,
            model=model,
            temperature=one_of(rng, (0.0, 0.0, 0.3, 1.0)),
            max_tokens=one_of(rng, (64, 512, 1024)),
            stream=False,
            reasons=model in ("thinker-2", "large-2"),
            turns=0.0,
            answer_tokens=one_of(rng, (5.0, 90.0, 180.0)),
            context_tokens=one_of(rng, (0.0, 300.0, 1500.0)),
            choices=_VOTES.draw(rng),
        )


def _plain(texts: Texts, ask: str) -> Phrase:
    """Return what people of many teams ask in words of their own each time."""
    if ask == "grading":
        return texts.grading()
    return texts.cleaning() if ask == "cleaning" else texts.step_by_step()
