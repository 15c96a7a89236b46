"""Companies: one organisation, card, mail domain, egress and system prompts; people's own work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillwatch.simulate.clients import TOOL_FAMILIES
from stillwatch.simulate.identity import Fields, card_range, employee, joined, pick_country
from stillwatch.simulate.network import home, office
from stillwatch.simulate.populations import habits
from stillwatch.simulate.records import Setting, Speaker
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.system_prompts import application
from stillwatch.simulate.text.workloads import pipeline


@dataclass(frozen=True, slots=True)
class Companies:
    """Employees of several companies; `largest` is the share of the biggest of them."""

    accounts: int
    companies: int = 9
    largest: float = 0.36
    sittings: float = 0.18
    population = "company"

    def populate(self, stage: Stage) -> None:
        """Put the companies' accounts and people on the stage."""
        rng = stage.generator(self.population)
        count = max(1, min(self.companies, self.accounts // 3))
        shares = self.largest * (1 - self.largest) ** np.arange(count)
        sizes = np.maximum(1, np.floor(shares / shares.sum() * self.accounts)).astype(int)
        sizes[0] += self.accounts - sizes.sum()
        for company, size in enumerate(sizes):
            self._company(stage, rng, company, int(size))

    def _company(self, stage: Stage, rng: np.random.Generator, company: int, size: int) -> None:
        country = pick_country(rng)
        exits = office(country.code, rng, int(rng.integers(1, 5)))
        shared: Fields = {
            "organization_id": f"o{rng.integers(1 << 62):016x}",
            "email_domain": f"firm{rng.integers(1 << 30):x}.example",
            "payment_fingerprint": f"p{rng.integers(1 << 62):016x}",
            "payment_bin": card_range(country, rng),
            "billing_country": country.code,
            "signup_address": exits[0].text,
            "email_shape": None,
        }
        shape = str(rng.choice(["first.last", "initial"]))
        egress = tuple(stage.add_address(address) for address in exits)
        plan = "enterprise" if size > 15 else "team"
        shared_settings = [
            stage.add_setting(s) for s in _applications(rng, stage.seed, company, size)
        ]
        tool = TOOL_FAMILIES[int(rng.integers(len(TOOL_FAMILIES)))]
        for number in range(size):
            first, last = int(rng.integers(3, 8)), int(rng.integers(4, 10))
            shared["email_shape"] = (
                "a" * first + "." + "a" * last if shape == "first.last" else "a" + "a" * last
            )
            fields = employee(stage, rng, country, shared, plan=plan)
            own: list[Setting] = [habits.chat(rng, country.language, stage.seed, company, number)]
            if rng.random() < 0.3:
                own.append(habits.agent_tool(tool, rng, stage.seed, company, number))
            settings = [stage.add_setting(s) for s in own]
            if rng.random() < 0.7:
                settings.append(shared_settings[int(rng.integers(len(shared_settings)))])
            places = egress
            if rng.random() < 0.4:
                places = (*egress, stage.add_address(home(country, rng)))
            stage.add_speaker(
                Speaker(
                    account=stage.add_account(fields, self.population),
                    settings=tuple(settings),
                    addresses=places,
                    sittings=habits.rate(rng, self.sittings, 1.0),
                    clock=country.clock,
                    rhythm="office",
                    per_sitting=float(rng.uniform(1, 2.5)),
                    joins=joined(fields),
                )
            )


def _applications(rng: np.random.Generator, seed: int, company: int, size: int) -> list[Setting]:
    """Return a company's own applications; some send one fixed prompt with changing items."""
    settings = []
    for number in range(1 + min(4, size // 25)):
        name = (seed, "company", company, number)
        opening = pipeline(*name) if rng.random() < 0.35 else habits.DEVELOPER_TEXT
        settings.append(
            habits.developer(rng, *name, system_prompt=application(*name), opening=opening)
        )
    return settings
