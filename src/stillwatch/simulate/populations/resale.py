"""A resale pool without a harvest: pooled accounts that carry many unrelated end users."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from stillwatch.simulate.clients import TOOL_FAMILIES, build
from stillwatch.simulate.identity import pick_country
from stillwatch.simulate.populations import habits
from stillwatch.simulate.records import Pool, Setting, Speaker
from stillwatch.simulate.relay_accounts import RelayAccounts
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.chat import everyday, second_thoughts
from stillwatch.simulate.text.workloads import pipeline

_SITTINGS: Final = 0.6
_REQUESTS_A_SITTING: Final = 8.9
"""Measured: the mean over a customer's kinds, turns and the tail of their rates."""


@dataclass(frozen=True, slots=True)
class ResalePool:
    """A relay that resells access; its customers do not know of each other."""

    accounts: int
    requests: float = 22.0
    """Requests a day for each account."""
    relay: RelayAccounts = field(
        default=RelayAccounts(accounts=0, lanes=6, sharing=0.3, own_proxy=0.6, suspended=0.05)
    )
    population = "resale_pool"

    def populate(self, stage: Stage) -> None:
        """Put the pooled accounts and the end users on the stage."""
        rng = stage.generator(self.population)
        relay = self.relay.sized(self.accounts)
        members = relay.join(stage, rng, self.population, "reseller-1")
        pool = stage.add_pool(Pool("reseller-1", "sticky_lru", members))
        add_end_users(
            stage,
            rng,
            pool,
            requests=self.requests * self.accounts,
            lanes=relay.lanes,
            name="reseller-1",
        )


def add_end_users(
    stage: Stage,
    rng: np.random.Generator,
    pool: int,
    *,
    requests: float,
    lanes: int,
    name: str,
) -> None:
    """Put a relay's unrelated customers on the stage: chats, agents' users, small programs.

    Together they make about `requests` requests a day.
    """
    for number in range(max(4, round(requests / (_SITTINGS * _REQUESTS_A_SITTING)))):
        country = pick_country(rng)
        setting = _customer_setting(rng, country.language, stage.seed, name, number)
        stage.add_speaker(
            Speaker(
                pool=pool,
                lane=int(rng.integers(lanes)),
                settings=(stage.add_setting(setting),),
                addresses=(0,),
                sittings=habits.rate(rng, _SITTINGS, 0.9),
                clock=country.clock,
                rhythm=habits.pick_rhythm(rng),
                per_sitting=float(rng.uniform(1, 2.5)),
            )
        )


def _customer_setting(rng: np.random.Generator, language: str, *names: str | int) -> Setting:
    kind = str(rng.choice(["chat", "agent", "script", "pipeline"], p=[0.46, 0.27, 0.2, 0.07]))
    if kind == "agent":
        return habits.agent_tool(str(rng.choice(TOOL_FAMILIES)), rng, *names)
    if kind == "chat":
        return replace(
            habits.developer(rng, *names, client=build("python", rng), opening=everyday(language)),
            follow_up=second_thoughts(language),
            turns=float(rng.choice([0.6, 1.5, 3.0])),
            pace=70.0,
        )
    own = habits.developer(rng, *names)
    if kind == "pipeline":
        return replace(own, opening=pipeline(*names), turns=0.0, answer_tokens=60.0)
    return own
