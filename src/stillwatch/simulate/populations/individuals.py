"""Private people: some chat, some write code against the API, a few do both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillwatch.simulate.geography import Country
from stillwatch.simulate.identity import joined, person, pick_country
from stillwatch.simulate.network import carrier, home, vpn
from stillwatch.simulate.populations import habits
from stillwatch.simulate.records import DAY, Speaker
from stillwatch.simulate.stage import Stage


@dataclass(frozen=True, slots=True)
class Individuals:
    """Unrelated people, each with an address that changes now and then."""

    accounts: int
    sittings: float = 0.09
    suspended: float = 0.006
    """Share that is suspended for its own reasons."""
    population = "individual"

    def populate(self, stage: Stage) -> None:
        """Put the accounts and their owners on the stage."""
        rng = stage.generator(self.population)
        for number in range(self.accounts):
            country = pick_country(rng)
            fields = person(stage, rng, country)
            builder = fields["plan"] == "api"
            account = stage.add_account(
                fields, self.population, credentials=int(rng.integers(1, 4)) if builder else 1
            )
            leaves = 1 << 62
            if rng.random() < self.suspended:
                leaves = int(rng.integers(0, stage.days * DAY))
                stage.suspend(account, leaves)
            name = (stage.seed, self.population, number)
            settings = []
            if not builder or rng.random() < 0.2:
                settings.append(habits.chat(rng, country.language, *name))
            if builder or rng.random() < 0.05:
                projects = min(24, 1 + int(np.exp(rng.normal(0.8, 1.0))))
                settings += [habits.developer(rng, *name, k) for k in range(projects)]
            stage.add_speaker(
                Speaker(
                    account=account,
                    settings=tuple(stage.add_setting(s) for s in settings),
                    addresses=personal_addresses(stage, rng, country),
                    sittings=habits.rate(rng, self.sittings * (2 if builder else 1), 1.5),
                    clock=country.clock,
                    rhythm=habits.pick_rhythm(rng),
                    per_sitting=float(rng.uniform(1, 3 if builder else 1.6)),
                    joins=joined(fields),
                    leaves=leaves,
                )
            )


def personal_addresses(stage: Stage, rng: np.random.Generator, country: Country) -> tuple[int, ...]:
    """Return a private person's addresses: home, re-dialled home, phone, perhaps a VPN."""
    found = [home(country, rng) for _ in range(int(rng.integers(1, 4)))]
    if rng.random() < 0.35:
        found.append(carrier(country, rng))
    if rng.random() < 0.07:
        found.append(vpn(rng))
    return tuple(stage.add_address(address) for address in found)
