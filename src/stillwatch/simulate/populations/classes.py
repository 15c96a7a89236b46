"""Classes: a school's domain and plan, the same exercises for all, a rush before the deadline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from stillwatch.simulate.draws import token
from stillwatch.simulate.identity import Fields, employee, pick_country
from stillwatch.simulate.network import office
from stillwatch.simulate.populations import control, habits
from stillwatch.simulate.populations.places import carrier_line, home_line, own_clock
from stillwatch.simulate.populations.roster import Roster
from stillwatch.simulate.records import Deck
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.grammar import Mixture

_MEAN_SIZE: Final = 45
_WORDINGS: Final = 40


@dataclass(frozen=True, slots=True)
class Classes:
    """Students of some classes; each class has its own list of exercises."""

    accounts: int
    requests: float = 2.0
    """Mean exchanges a day for each account."""
    spread: float = 1.0
    """Standard deviation of the logarithm of students' rates."""
    classes: int = 0
    """How many classes; 0 for one in 45 accounts."""
    exercises: int = 8
    """Exercises a class works on in the window."""
    population = "class"

    def populate(self, stage: Stage) -> None:
        """Put the students on the stage."""
        roster = Roster(stage, self.population)
        classes = self.classes or max(1, self.accounts // _MEAN_SIZE)
        for number, members in enumerate(np.array_split(np.arange(self.accounts), classes)):
            if len(members):
                self._class(roster, number, len(members))
        roster.settle(self.requests)

    def _class(self, roster: Roster, number: int, size: int) -> None:
        stage, rng = roster.stage, roster.rng
        country = pick_country(rng)
        egress = tuple(stage.add_address(a) for a in office(country.code, rng, 3))
        shared: Fields = {
            "organization_id": f"o{token(rng)}",
            "email_domain": f"school{token(rng)[8:]}.example",
            "payment_fingerprint": None,
            "payment_bin": None,
            "billing_country": None,
        }
        homework = Mixture(
            [(1.0, stage.texts.assignment(stage.seed, number, k)) for k in range(self.exercises)]
        )
        # Students word the same exercise in a few ways, so openings repeat among them.
        deck = stage.add_deck(
            Deck("choice", stage.key("class", number), size=_WORDINGS * self.exercises)
        )
        for student in range(size):
            life = roster.open(employee(stage, rng, country, shared, plan="education"))
            name = (stage.seed, "class", number, student)
            own = habits.chat(stage, rng, country.language, *name)
            work = replace(
                own,
                opening=homework,
                follow_up=stage.texts.follow_up("en"),
                system_prompt=None,
                turns=1.2,
                deck=deck,
            )
            where = [*egress, home_line(stage, rng, country)]
            if rng.random() < 0.6:
                where.append(carrier_line(stage, rng, country))
            row = roster.setting(work)
            roster.speak(
                [row, row, roster.setting(own)],
                tuple(where),
                life=life,
                spread=self.spread,
                clock=own_clock(rng, country),
                rhythm="school",
            )
            control.usual(stage, rng, life, where[-1], own.client)
