"""Companies: one organisation, card, mail domain, egress and system prompts; people's own work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from stillwatch.simulate.clients import TOOL_FAMILIES
from stillwatch.simulate.draws import between, one_of, token, whole
from stillwatch.simulate.geography import Country
from stillwatch.simulate.identity import Fields, card, employee, person, pick_country
from stillwatch.simulate.network import office
from stillwatch.simulate.populations import control, habits, repertoire
from stillwatch.simulate.populations.places import home_line, journey, own_clock, servers
from stillwatch.simulate.populations.roster import Roster
from stillwatch.simulate.records import Setting
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.system_prompts import application

_MEAN_SIZE: Final = 18
_SMALL: Final = 12
_SERVICE_WEIGHT: Final = 12.0
"""How much more a company's own application asks than one of its people."""


@dataclass(frozen=True, slots=True)
class Companies:
    """Employees of several companies of very different size, and the companies' applications."""

    accounts: int
    requests: float = 3.0
    """Mean exchanges a day for each account."""
    spread: float = 1.1
    """Standard deviation of the logarithm of people's rates."""
    companies: int = 0
    """How many companies; 0 for one in eighteen accounts."""
    undeclared: float = 0.3
    """Share of companies of up to 12 people that never told the provider that they are one."""
    services: float = 0.03
    """Share of a company's accounts that are programs of its own, not people."""
    remote: float = 0.4
    """Share of employees who also work from home."""
    population = "company"

    def populate(self, stage: Stage) -> None:
        """Put the companies' accounts and people on the stage."""
        roster = Roster(stage, self.population)
        count = self.companies or max(1, self.accounts // _MEAN_SIZE)
        for company, size in enumerate(_sizes(roster.rng, count, self.accounts)):
            self._company(roster, company, size)
        roster.settle(self.requests)

    def _company(self, roster: Roster, company: int, size: int) -> None:
        stage, rng = roster.stage, roster.rng
        country = pick_country(rng)
        exits = office(country.code, rng, whole(rng, 1, 2 + min(4, size // 10)))
        egress = tuple(stage.add_address(address) for address in exits)
        declared = size > _SMALL or self.companies == 1 or rng.random() >= self.undeclared
        shared: Fields = {
            "organization_id": f"o{token(rng)}" if declared else None,
            "email_domain": f"firm{token(rng)[8:]}.example",
            "signup_address": exits[0].text,
            **card(country, rng),
        }
        dotted = rng.random() < 0.5
        plan = ("enterprise" if size > 15 else "team") if declared else "pro"
        own = [roster.setting(s) for s in self._applications(roster, company, size)]
        tool = one_of(rng, TOOL_FAMILIES)
        for number in range(size):
            fields = self._fields(roster, country, shared, dotted, declared, plan)
            life = roster.open(fields, credentials=whole(rng, 1, 3))
            if number and rng.random() < self.services:
                roster.speak(
                    [one_of(rng, own)],
                    servers(stage, rng),
                    life=life,
                    spread=1.6,
                    weight=_SERVICE_WEIGHT,
                    per_sitting=between(rng, 1, 4),
                    gap=30.0,
                    clock=country.clock,
                    rhythm=one_of(rng, ("always", "day", "office")),
                )
                control.developer_calls(stage, rng, life, egress[0])
                continue
            name = (stage.seed, company, number)
            chats = repertoire.chats(stage, rng, country.language, *name)
            settings = repertoire.rows(roster, chats)
            if rng.random() < 0.3:
                agents = repertoire.agents(stage, rng, tool, *name)
                settings += [roster.setting(setting) for setting in agents]
            if rng.random() < 0.7:
                settings.append(one_of(rng, own))
            remote = rng.random() < self.remote
            places = (*egress, home_line(stage, rng, country)) if remote else egress
            roster.speak(
                settings,
                places,
                life=life,
                spread=self.spread,
                per_sitting=between(rng, 1, 2.5),
                clock=own_clock(rng, country),
                rhythm="office",
                trip=journey(stage, rng, country),
            )
            control.sign_ins(stage, rng, life, egress[0])

    def _fields(
        self,
        roster: Roster,
        country: Country,
        shared: Fields,
        dotted: bool,
        declared: bool,
        plan: str,
    ) -> Fields:
        rng = roster.rng
        if not declared:
            # Nobody told the provider; the mail, the card and the office give it away to a reader.
            fields = person(roster.stage, rng, country, plan=plan)
            fields.update({k: v for k, v in shared.items() if rng.random() < 0.8 or k[0] == "o"})
            return fields
        first, last = "a" * whole(rng, 3, 8), "a" * whole(rng, 4, 10)
        shape = f"{first}.{last}" if dotted else f"a{last}"
        return employee(roster.stage, rng, country, {**shared, "email_shape": shape}, plan=plan)

    def _applications(self, roster: Roster, company: int, size: int) -> list[Setting]:
        """Return a company's own applications; some send one fixed prompt with changing items."""
        stage, rng = roster.stage, roster.rng
        settings = []
        for number in range(1 + min(4, size // 25)):
            name = (stage.seed, "company", company, number)
            opening = (
                stage.texts.pipeline(*name) if rng.random() < 0.35 else stage.texts.developer()
            )
            settings.append(
                habits.developer(
                    stage, rng, *name, system_prompt=application(*name), opening=opening
                )
            )
        return settings


def _sizes(rng: np.random.Generator, companies: int, accounts: int) -> list[int]:
    """Return sizes that add up: log-normal, each at least one, the largest first."""
    weights = np.sort(np.exp(rng.normal(0, 1.2, min(companies, accounts))))[::-1]
    edges = np.floor(np.cumsum(weights / weights.sum()) * (accounts - len(weights)) + 1e-9)
    sizes = np.diff(edges, prepend=0).astype(int) + 1
    sizes[0] += accounts - sizes.sum()
    return [int(size) for size in sizes]
