"""Pipelines: programs that send one prompt with a new item in it, day and night."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from stillwatch.simulate.clients import build
from stillwatch.simulate.draws import Weighted, between, one_of, whole
from stillwatch.simulate.identity import person, pick_country
from stillwatch.simulate.populations import control, habits
from stillwatch.simulate.populations.places import servers
from stillwatch.simulate.populations.roster import Roster
from stillwatch.simulate.records import Setting
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.system_prompts import application

_CLIENT: Final = Weighted(
    [("python", 0.38), ("node", 0.25), ("go", 0.2), ("bedrock", 0.1), ("vertex", 0.07)]
)
_KIND: Final = Weighted([("stream", 0.4), ("batch", 0.3), ("ci", 0.3)])


@dataclass(frozen=True, slots=True)
class Pipelines:
    """Unrelated programs on servers, each busy in its own way: streams, nightly batches, CI."""

    accounts: int
    requests: float = 30.0
    """Mean exchanges a day for each account."""
    spread: float = 2.0
    """Standard deviation of the logarithm of programs' rates."""
    population = "pipeline"

    def populate(self, stage: Stage) -> None:
        """Put the accounts and their programs on the stage."""
        roster = Roster(stage, self.population)
        rng = roster.rng
        for number in range(self.accounts):
            country = pick_country(rng)
            life = roster.open(
                person(stage, rng, country, plan="api"), credentials=whole(rng, 1, 3)
            )
            addresses = servers(stage, rng)
            roster.speak(
                [roster.setting(self._setting(stage, rng, number))],
                addresses,
                life=life,
                spread=self.spread,
                **_timing(rng, country.clock),
            )
            control.developer_calls(stage, rng, life, addresses[0])
        roster.settle(self.requests)

    def _setting(self, stage: Stage, rng: np.random.Generator, number: int) -> Setting:
        name = (stage.seed, self.population, number)
        text = stage.texts.pipeline(*name)
        return Setting(
            client=build(_CLIENT.draw(rng), rng),
            opening=text,
            follow_up=text,
            model=habits.CHEAP.draw(rng),
            system_prompt=application(*name) if rng.random() < 0.6 else None,
            temperature=one_of(rng, (0.0, 0.2, 1.0)),
            max_tokens=one_of(rng, (64, 256, 1024)),
            stream=False,
            turns=0.0,
            answer_tokens=float(np.exp(between(rng, np.log(6), np.log(300)))),
            context_tokens=one_of(rng, (0.0, 0.0, 500.0, 1500.0, 4000.0)),
            choices=one_of(rng, (3, 5)) if rng.random() < 0.04 else None,
        )


def _timing(rng: np.random.Generator, clock: float) -> dict[str, Any]:
    """Return when a program runs: items as they come, a batch, or a burst for each change."""
    kind = _KIND.draw(rng)
    if kind == "batch":
        return {"clock": 0.0, "rhythm": "always", "per_sitting": between(rng, 30, 150), "gap": 3.0}
    if kind == "ci":
        return {"clock": clock, "rhythm": "office", "per_sitting": between(rng, 4, 25), "gap": 2.0}
    return {"clock": 0.0, "rhythm": "always", "per_sitting": between(rng, 2, 8), "gap": 20.0}
