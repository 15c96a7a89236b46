"""Prompts that went round, and published conversations that people carry on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from stillwatch.simulate.draws import between
from stillwatch.simulate.identity import person, pick_country
from stillwatch.simulate.populations import control, habits
from stillwatch.simulate.populations.places import journey, own_clock, personal_addresses
from stillwatch.simulate.populations.roster import Life, Roster
from stillwatch.simulate.records import DAY
from stillwatch.simulate.stage import Stage

_FOLLOWERS: Final = 350
_BEFORE: Final = -30 * DAY


@dataclass(frozen=True, slots=True)
class ViralPrompt:
    """Strangers who all tried one prompt or another; a few paste a published conversation."""

    accounts: int
    requests: float = 1.8
    """Mean exchanges a day for each account."""
    spread: float = 1.3
    """Standard deviation of the logarithm of people's rates."""
    prompts: int = 0
    """How many prompts go round; 0 for one in 350 accounts."""
    fad: float = 5.0
    """Days that most people's interest lasts, from the day they hear of it."""
    tries: float = 0.5
    """How much somebody asks it while it lasts, beside their own questions (1: as much again)."""
    pasting: float = 0.15
    """Share who carry on the conversation that the prompt's inventor published."""
    population = "viral"

    def populate(self, stage: Stage) -> None:
        """Put the accounts and their owners on the stage."""
        roster = Roster(stage, self.population)
        rng = roster.rng
        prompts = self.prompts or max(1, self.accounts // _FOLLOWERS)
        texts = [stage.texts.viral(stage.seed, k) for k in range(prompts)]
        begins = [0, *(int(between(rng, 0, 0.7 * stage.end)) for _ in range(prompts - 1))]
        inventors: list[tuple[int, Life]] = []
        for number in range(self.accounts):
            prompt = number % prompts
            country = pick_country(rng)
            fields = person(stage, rng, country)
            inventor = number < prompts
            if inventor:
                fields["created_at"] = min(fields["created_at"], stage.moment(_BEFORE))
            life = roster.open(fields, steady=inventor)
            own = habits.chat(stage, rng, country.language, stage.seed, self.population, number)
            addresses = personal_addresses(stage, rng, country, life.account)
            pastes = not inventor and rng.random() < self.pasting
            facts: dict[str, Any] = {
                "spread": self.spread,
                "clock": own_clock(rng, country),
                "rhythm": habits.pick_rhythm(rng),
                "trip": journey(stage, rng, country),
            }
            roster.speak([roster.setting(own)], addresses, life=life, **facts)
            heard = max(life.joins, begins[prompt] + int(rng.exponential(self.fad * DAY / 2)))
            tried = stage.add_setting(replace(own, opening=texts[prompt]))
            roster.speak(
                [tried],
                addresses,
                life=replace(
                    life,
                    joins=heard,
                    leaves=min(life.leaves, heard + int(rng.exponential(self.fad * DAY))),
                ),
                weight=self.tries,
                shared_root=stage.key("published", prompt) if pastes else None,
                **facts,
            )
            control.usual(stage, rng, life, addresses[0], own.client)
            if inventor:
                inventors.append((stage.key("published", prompt), life))
        first = len(stage.speakers)
        roster.settle(self.requests)
        # Two speakers an account: an inventor's own chat is the first of its two.
        stage.shared_roots += [(key, first + 2 * k) for k, (key, _) in enumerate(inventors)]
