"""Classes: a school's domain and plan, the same exercises for all, a rush before the deadline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillwatch.simulate.identity import Fields, employee, joined, pick_country
from stillwatch.simulate.network import home, office
from stillwatch.simulate.populations import habits
from stillwatch.simulate.records import Deck, Setting, Speaker
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.chat import FOLLOW_UP
from stillwatch.simulate.text.grammar import Mixture, Phrase
from stillwatch.simulate.text.workloads import assignment


@dataclass(frozen=True, slots=True)
class Classes:
    """Students of some classes; each class has its own list of exercises."""

    accounts: int
    classes: int = 2
    exercises: int = 8
    sittings: float = 0.25
    population = "class"

    def populate(self, stage: Stage) -> None:
        """Put the students on the stage."""
        rng = stage.generator(self.population)
        parts = np.array_split(np.arange(self.accounts), self.classes)
        for number, members in enumerate(parts):
            if len(members):
                self._class(stage, rng, number, len(members))

    def _class(self, stage: Stage, rng: np.random.Generator, number: int, size: int) -> None:
        country = pick_country(rng)
        campus = office(country.code, rng, 3)
        egress = tuple(stage.add_address(address) for address in campus)
        shared: Fields = {
            "organization_id": f"o{rng.integers(1 << 62):016x}",
            "email_domain": f"school{rng.integers(1 << 30):x}.example",
            "payment_fingerprint": None,
            "payment_bin": None,
            "billing_country": None,
        }
        sheets: list[tuple[float, Phrase]] = [
            (1.0, assignment(stage.seed, number, k)) for k in range(self.exercises)
        ]
        homework = Mixture(sheets)
        # Students word the same exercise in a few ways, so openings repeat among them.
        deck = stage.add_deck(Deck("choice", stage.key("class", number), size=40 * self.exercises))
        for student in range(size):
            fields = employee(stage, rng, country, shared, plan="education")
            own = habits.chat(rng, country.language, stage.seed, "class", number, student)
            work = Setting(
                client=own.client,
                opening=homework,
                follow_up=FOLLOW_UP,
                model=own.model,
                reasons=own.reasons,
                turns=1.2,
                deck=deck,
            )
            where = (*egress, *(stage.add_address(home(country, rng)) for _ in range(2)))
            settings = (stage.add_setting(work), stage.add_setting(work), stage.add_setting(own))
            stage.add_speaker(
                Speaker(
                    account=stage.add_account(fields, self.population),
                    settings=settings,
                    addresses=where,
                    sittings=habits.rate(rng, self.sittings, 0.8),
                    clock=country.clock,
                    rhythm="school",
                    joins=joined(fields),
                )
            )
