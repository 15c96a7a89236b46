"""Pipelines: programs that send one prompt with a new item in it, day and night."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillwatch.simulate.clients import build
from stillwatch.simulate.identity import joined, person, pick_country
from stillwatch.simulate.network import hosting
from stillwatch.simulate.populations import habits
from stillwatch.simulate.records import Setting, Speaker
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.system_prompts import application
from stillwatch.simulate.text.workloads import pipeline


@dataclass(frozen=True, slots=True)
class Pipelines:
    """Unrelated programs on servers, each busy in its own way."""

    accounts: int
    sittings: float = 6.0
    population = "pipeline"

    def populate(self, stage: Stage) -> None:
        """Put the accounts and their programs on the stage."""
        rng = stage.generator(self.population)
        for number in range(self.accounts):
            country = pick_country(rng)
            fields = person(stage, rng, country, plan="api")
            name = (stage.seed, self.population, number)
            text = pipeline(*name)
            setting = Setting(
                client=build(str(rng.choice(["python", "node", "go", "bedrock"])), rng),
                opening=text,
                follow_up=text,
                model=habits.pick_model(rng, 0.6, 0.3, 0.06, 0.04),
                system_prompt=application(*name) if rng.random() < 0.6 else None,
                temperature=float(rng.choice([0.0, 0.2, 1.0])),
                max_tokens=int(rng.choice([64, 256, 1024])),
                stream=False,
                turns=0.0,
                answer_tokens=float(np.exp(rng.uniform(np.log(6), np.log(300)))),
            )
            exits = tuple(stage.add_address(hosting(rng)) for _ in range(int(rng.integers(1, 6))))
            stage.add_speaker(
                Speaker(
                    account=stage.add_account(
                        fields, self.population, credentials=int(rng.integers(1, 3))
                    ),
                    settings=(stage.add_setting(setting),),
                    addresses=exits,
                    sittings=habits.rate(rng, self.sittings, 0.9),
                    clock=0.0,
                    rhythm="always",
                    per_sitting=float(rng.uniform(1, 3)),
                    gap=20.0,
                    joins=joined(fields),
                )
            )
