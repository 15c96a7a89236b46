"""A prompt that went round, and a published conversation that people carry on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from stillwatch.simulate.calendar import moment
from stillwatch.simulate.identity import joined, person, pick_country
from stillwatch.simulate.populations import habits
from stillwatch.simulate.populations.individuals import personal_addresses
from stillwatch.simulate.records import DAY, Speaker
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.workloads import VIRAL


@dataclass(frozen=True, slots=True)
class ViralPrompt:
    """Strangers who all tried one prompt; a few paste one published conversation."""

    accounts: int
    sittings: float = 0.16
    pasting: float = 0.15
    population = "viral"

    def populate(self, stage: Stage) -> None:
        """Put the accounts and their owners on the stage."""
        rng = stage.generator(self.population)
        published = stage.key("published conversation")
        for number in range(self.accounts):
            country = pick_country(rng)
            fields = person(stage, rng, country)
            if number == 0:
                fields["created_at"] = min(fields["created_at"], moment(-DAY))
            own = habits.chat(rng, country.language, stage.seed, self.population, number)
            tried = replace(own, opening=VIRAL)
            speaker = stage.add_speaker(
                Speaker(
                    account=stage.add_account(fields, self.population),
                    settings=(stage.add_setting(own), stage.add_setting(tried)),
                    addresses=personal_addresses(stage, rng, country),
                    sittings=habits.rate(rng, self.sittings),
                    clock=country.clock,
                    rhythm=habits.pick_rhythm(rng),
                    joins=joined(fields),
                    shared_root=published if rng.random() < self.pasting else None,
                )
            )
            if number == 0:
                stage.shared_roots.append((published, speaker))
