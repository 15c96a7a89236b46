"""Private people: some chat, some write code against the API, a few do both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from stillwatch.simulate.draws import around, between, one_of, whole
from stillwatch.simulate.identity import person, pick_country
from stillwatch.simulate.populations import control, habits, repertoire
from stillwatch.simulate.populations.places import journey, own_clock, personal_addresses
from stillwatch.simulate.populations.roster import Roster
from stillwatch.simulate.records import Setting
from stillwatch.simulate.stage import Stage

_MOST_PROJECTS: Final = 24
_BUILDER_WEIGHT: Final = 2.5
_WRITER_CHOICES: Final = (2, 3, 4, 4)


@dataclass(frozen=True, slots=True)
class Individuals:
    """Unrelated people with lives of their own."""

    accounts: int
    requests: float = 2.0
    """Mean exchanges a day for each account."""
    spread: float = 1.6
    """Standard deviation of the logarithm of people's rates."""
    both: float = 0.2
    """Share of API developers who also chat."""
    writers: float = 0.02
    """Share who write fiction through an interface that asks for several drafts at once."""
    shared: float = 0.2
    """Share of accounts that family, friends or colleagues of the owner use too."""
    population = "individual"

    def populate(self, stage: Stage) -> None:
        """Put the accounts and their owners on the stage."""
        roster = Roster(stage, self.population)
        rng = roster.rng
        for number in range(self.accounts):
            country = pick_country(rng)
            fields = person(stage, rng, country)
            builder = fields["plan"] == "api"
            life = roster.open(fields, credentials=whole(rng, 1, 4) if builder else 1)
            name = (stage.seed, self.population, number)
            chats: list[Setting] = []
            settings: list[Setting] = []
            if not builder or rng.random() < self.both:
                chats = repertoire.chats(stage, rng, country.language, *name)
            if builder or rng.random() < 0.05:
                projects = min(_MOST_PROJECTS, 1 + int(around(rng, 2.2, 1.0)))
                settings += [habits.developer(stage, rng, *name, k) for k in range(projects)]
            if rng.random() < self.writers:
                drafts = habits.developer(stage, rng, *name, "drafts")
                settings.append(
                    replace(
                        drafts,
                        opening=stage.texts.everyday(country.language),
                        follow_up=stage.texts.follow_up(country.language),
                        temperature=1.0,
                        choices=one_of(rng, _WRITER_CHOICES),
                        answer_tokens=380.0,
                    )
                )
            addresses = personal_addresses(stage, rng, country, life.account)
            roster.speak(
                repertoire.rows(roster, chats) + [roster.setting(s) for s in settings],
                addresses,
                life=life,
                spread=self.spread,
                weight=_BUILDER_WEIGHT if builder else 1.0,
                per_sitting=between(rng, 1, 3 if builder else 1.6),
                clock=own_clock(rng, country),
                rhythm=habits.pick_rhythm(rng),
                trip=journey(stage, rng, country),
            )
            for other in range(repertoire.sharers(rng, self.shared)):
                second = (*name, "other", other)
                if chats:
                    ways = repertoire.chats(stage, rng, country.language, *second)
                else:
                    ways = [
                        habits.developer(stage, rng, *second, k) for k in range(whole(rng, 1, 4))
                    ]
                roster.speak(
                    repertoire.rows(roster, ways),
                    (addresses[0], *personal_addresses(stage, rng, country)),
                    life=life,
                    spread=self.spread,
                    per_sitting=between(rng, 1, 3 if builder else 1.6),
                    clock=own_clock(rng, country),
                    rhythm=habits.pick_rhythm(rng),
                    trip=journey(stage, rng, country),
                )
            control.usual(stage, rng, life, addresses[0], (chats or settings)[0].client)
        roster.settle(self.requests)
