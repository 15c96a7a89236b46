"""Users of popular agent tools: strangers with one system prompt, client, tool set and TLS."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from stillwatch.simulate.clients import TOOL_FAMILIES, build
from stillwatch.simulate.draws import Weighted
from stillwatch.simulate.geography import Country
from stillwatch.simulate.identity import person, pick_country
from stillwatch.simulate.populations import control, habits, repertoire
from stillwatch.simulate.populations.places import journey, own_clock, personal_addresses
from stillwatch.simulate.populations.releases import tool_moves
from stillwatch.simulate.populations.roster import Life, Roster
from stillwatch.simulate.records import DAY, Setting
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.system_prompts import TOOL_PROMPTS

_PLAN: Final = Weighted([("plus", 0.35), ("pro", 0.35), ("api", 0.3)])
_EDITOR: Final = "kitefold"
_UPDATE_LAG: Final = 2 * DAY


@dataclass(frozen=True, slots=True)
class ToolUsers:
    """People who each installed one of a few tools and do their own work with it."""

    accounts: int
    requests: float = 5.0
    """Mean exchanges a day for each account; one sitting with an agent makes dozens."""
    spread: float = 1.3
    """Standard deviation of the logarithm of people's rates."""
    tools: tuple[str, ...] = TOOL_FAMILIES
    """The tools, most popular first; each next one has about half as many users."""
    uniform: bool = False
    """Whether all run one release and send no lines about their own machine."""
    completions: float = 0.3
    """Share of the editor extension's users who let it complete their code as they type."""
    chats: float = 0.2
    """Share who also chat in the browser."""
    shared: float = 0.15
    """Share of accounts that colleagues of the owner use too."""
    population = "tool"

    def populate(self, stage: Stage) -> None:
        """Put the accounts and their owners on the stage."""
        roster = Roster(stage, self.population)
        rng = roster.rng
        release = build(self.tools[0], rng)
        popular = Weighted((tool, 0.55**rank) for rank, tool in enumerate(self.tools))
        for number in range(self.accounts):
            country = pick_country(rng)
            life = roster.open(person(stage, rng, country, plan=_PLAN.draw(rng)))
            name = (stage.seed, self.population, number)
            family = popular.draw(rng)
            ways = repertoire.agents(stage, rng, family, *name)
            if self.uniform:
                ways = [replace(ways[0], client=release, system_prompt=TOOL_PROMPTS[family])]
            settings = [self._setting(roster, family, ways[0])] * max(1, len(ways) - 1)
            settings += [roster.setting(way) for way in ways[1:]]
            if family == _EDITOR and rng.random() < self.completions:
                settings.append(roster.setting(habits.completion(stage, rng, family)))
            if rng.random() < self.chats:
                settings.append(roster.setting(habits.chat(stage, rng, country.language, *name)))
            addresses = personal_addresses(stage, rng, country, life.account)
            self._speak(roster, settings, addresses, life, country)
            others = 0 if self.uniform else repertoire.sharers(rng, self.shared)
            for other in range(others):
                ways_too = repertoire.agents(stage, rng, family, *name, "other", other)
                rows = repertoire.rows(roster, ways_too)
                theirs = personal_addresses(stage, rng, country)
                self._speak(roster, rows, theirs, life, country)
            control.usual(stage, rng, life, addresses[0], ways[0].client)
        roster.settle(self.requests)

    def _speak(
        self,
        roster: Roster,
        settings: list[int],
        addresses: tuple[int, ...],
        life: Life,
        country: Country,
    ) -> None:
        """Draft one user of an account, its owner or a colleague."""
        stage, rng = roster.stage, roster.rng
        roster.speak(
            settings,
            addresses,
            life=life,
            spread=self.spread,
            per_sitting=1.4,
            gap=600.0,
            clock=own_clock(rng, country),
            rhythm=habits.pick_rhythm(rng),
            trip=journey(stage, rng, country),
        )

    def _setting(self, roster: Roster, family: str, tool: Setting) -> int:
        """Add the tool's setting: half its users keep its default model, which it may change."""
        moved = tool_moves(roster.stage, family, tool.model)
        if moved is None or roster.rng.random() < 0.5:
            return roster.setting(tool)
        model, at = moved
        at += int(roster.rng.exponential(_UPDATE_LAG))
        return roster.stage.add_setting(replace(tool, next_model=model, moves_at=at))
