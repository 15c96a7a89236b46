"""People behind one address: households, a VPN's exits, a mobile carrier's exits."""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.simulate.identity import joined, person, pick_country
from stillwatch.simulate.network import carrier, home, vpn
from stillwatch.simulate.populations import habits
from stillwatch.simulate.records import Speaker
from stillwatch.simulate.stage import Stage


@dataclass(frozen=True, slots=True)
class SharedNetworks:
    """Families with one address and one card, and strangers who share an exit."""

    accounts: int
    sittings: float = 0.13
    population = "shared_network"

    def populate(self, stage: Stage) -> None:
        """Put the accounts and their owners on the stage."""
        rng = stage.generator(self.population)
        done = 0
        while done < self.accounts:
            country = pick_country(rng)
            kind = str(rng.choice(["household", "vpn", "carrier"], p=[0.6, 0.15, 0.25]))
            family = int(rng.integers(2, 6)) if kind == "household" else 1
            roof = home(country, rng)
            card = None
            for member in range(min(family, self.accounts - done)):
                fields = person(stage, rng, country, signup=roof if kind == "household" else None)
                if kind == "household" and fields["payment_fingerprint"] and rng.random() < 0.6:
                    card = card or (fields["payment_fingerprint"], fields["payment_bin"])
                    fields["payment_fingerprint"], fields["payment_bin"] = card
                exits = {
                    "household": [roof],
                    "vpn": [vpn(rng) for _ in range(4)],
                    "carrier": [carrier(country, rng) for _ in range(3)],
                }[kind]
                name = (stage.seed, self.population, done, member)
                stage.add_speaker(
                    Speaker(
                        account=stage.add_account(fields, self.population),
                        settings=(stage.add_setting(habits.chat(rng, country.language, *name)),),
                        addresses=tuple(stage.add_address(address) for address in exits),
                        sittings=habits.rate(rng, self.sittings),
                        clock=country.clock,
                        rhythm=habits.pick_rhythm(rng),
                        joins=joined(fields),
                    )
                )
            done += family
