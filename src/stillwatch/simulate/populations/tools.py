"""Users of popular agent tools: strangers with one system prompt, client, tool set and TLS."""

from __future__ import annotations

from dataclasses import dataclass, replace

from stillwatch.simulate.clients import TOOL_FAMILIES, build
from stillwatch.simulate.identity import joined, person, pick_country
from stillwatch.simulate.populations import habits
from stillwatch.simulate.populations.individuals import personal_addresses
from stillwatch.simulate.records import Speaker
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.system_prompts import TOOL_PROMPTS


@dataclass(frozen=True, slots=True)
class ToolUsers:
    """People who each installed one of a few tools and do their own work with it."""

    accounts: int
    tools: tuple[str, ...] = TOOL_FAMILIES
    sittings: float = 0.05
    uniform: bool = False
    """Whether all run one release and send no lines about their own machine."""
    population = "tool"

    def populate(self, stage: Stage) -> None:
        """Put the accounts and their owners on the stage."""
        rng = stage.generator(self.population)
        release = build(self.tools[0], rng)
        for number in range(self.accounts):
            country = pick_country(rng)
            fields = person(stage, rng, country, plan=str(rng.choice(["plus", "pro", "api"])))
            # The first tool is the most popular, the next half as popular, and so on.
            rank = min(int(rng.geometric(0.45)) - 1, len(self.tools) - 1)
            name = (stage.seed, self.population, number)
            tool = habits.agent_tool(self.tools[rank], rng, *name)
            if self.uniform:
                tool = replace(tool, client=release, system_prompt=TOOL_PROMPTS[self.tools[rank]])
            settings = [tool]
            if rng.random() < 0.2:
                settings.append(habits.chat(rng, country.language, *name))
            stage.add_speaker(
                Speaker(
                    account=stage.add_account(fields, self.population),
                    settings=tuple(stage.add_setting(s) for s in settings),
                    addresses=personal_addresses(stage, rng, country),
                    sittings=habits.rate(rng, self.sittings, 1.6),
                    clock=country.clock,
                    rhythm=habits.pick_rhythm(rng),
                    per_sitting=1.4,
                    gap=600.0,
                    joins=joined(fields),
                )
            )
