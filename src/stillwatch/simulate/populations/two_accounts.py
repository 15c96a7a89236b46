"""People who own two accounts and carry conversations from one to the other."""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.simulate.calendar import moment
from stillwatch.simulate.identity import joined, person, pick_country
from stillwatch.simulate.populations import habits
from stillwatch.simulate.populations.individuals import personal_addresses
from stillwatch.simulate.records import DAY, Speaker
from stillwatch.simulate.stage import Stage


@dataclass(frozen=True, slots=True)
class TwoAccounts:
    """One person, one place, one card, two accounts (work and private, or free and paid)."""

    accounts: int
    sittings: float = 0.25
    population = "two_accounts"

    def populate(self, stage: Stage) -> None:
        """Put both accounts of each person on the stage."""
        rng = stage.generator(self.population)
        for owner in range(self.accounts // 2):
            country = pick_country(rng)
            first, second = person(stage, rng, country), person(stage, rng, country)
            first["created_at"] = min(first["created_at"], moment(-DAY))
            if first["payment_bin"] and second["payment_bin"]:
                for trait in ("payment_fingerprint", "payment_bin"):
                    second[trait] = first[trait]
            second["signup_address"] = first["signup_address"]
            where = personal_addresses(stage, rng, country)
            name = (stage.seed, self.population, owner)
            setting = stage.add_setting(habits.chat(rng, country.language, *name))
            carried = stage.key("carried", owner)
            for place, fields in enumerate((first, second)):
                speaker = stage.add_speaker(
                    Speaker(
                        account=stage.add_account(fields, self.population),
                        settings=(setting,),
                        addresses=where,
                        sittings=habits.rate(rng, self.sittings, 0.8),
                        clock=country.clock,
                        rhythm=habits.pick_rhythm(rng),
                        joins=joined(fields),
                        shared_root=carried if place else None,
                    )
                )
                if not place:
                    stage.shared_roots.append((carried, speaker))
