"""A campaign behind a relay: wrapped work queues over pooled accounts, mixed with real users."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

import numpy as np

from stillwatch.simulate.clients import build
from stillwatch.simulate.populations.resale import add_end_users
from stillwatch.simulate.records import Deck, Pool, Setting, Speaker
from stillwatch.simulate.relay_accounts import RelayAccounts
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.grammar import Grammar
from stillwatch.simulate.text.system_prompts import STOCK_PROMPTS
from stillwatch.simulate.text.wrappers import (
    AGENTIC_WRAPPERS,
    GRADING_WRAPPERS,
    MATHEMATICS_WRAPPERS,
    PROGRAMMING_WRAPPERS,
)


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a harvest: a wrapper, its share of the volume and how it is asked."""

    wrapper: Grammar
    share: float
    turns: float = 0.0
    loop: bool = False
    repeats: int = 1
    answer_tokens: float = 420.0


_LINES = (
    *(_Line(w, 0.16, repeats=4 if k else 1) for k, w in enumerate(MATHEMATICS_WRAPPERS)),
    *(_Line(w, 0.16, turns=0.9 * k) for k, w in enumerate(PROGRAMMING_WRAPPERS)),
    *(_Line(w, 0.14, turns=4.0, loop=True, answer_tokens=180.0) for w in AGENTIC_WRAPPERS),
    *(_Line(w, 0.08, repeats=2, answer_tokens=140.0) for w in GRADING_WRAPPERS),
)


@dataclass(frozen=True, slots=True)
class RelayCampaign:
    """One hidden pool; the knobs are those of the design's ladder."""

    accounts: int
    requests: float = 26.0
    """Requests a day for each account, mixed-in traffic included."""
    mixed_in: float = 0.3
    """Share of the pool's requests that come from real, innocent users."""
    workers: int = 48
    relay: RelayAccounts = field(default=RelayAccounts(accounts=0, sharing=0.25, own_proxy=1.0))
    name: str = "pool-1"
    population = "campaign"

    def populate(self, stage: Stage) -> None:
        """Put the pool, the harvesting programs and the mixed-in users on the stage."""
        rng = stage.generator(self.population, self.name)
        operator = f"operator-{self.name}"
        relay = self.relay.sized(self.accounts)
        members = relay.join(stage, rng, self.population, operator)
        pool = stage.add_pool(Pool(operator, "sticky_lru", members))
        campaign = len(stage.campaigns)
        stage.campaigns.append(self.name)
        stage.knobs[self.name] = asdict(self)

        total = self.requests * self.accounts
        self._workers(stage, rng, pool, campaign, total * (1 - self.mixed_in), relay.lanes)
        add_end_users(
            stage, rng, pool, requests=total * self.mixed_in, lanes=relay.lanes, name=operator
        )

    def _workers(
        self,
        stage: Stage,
        rng: np.random.Generator,
        pool: int,
        campaign: int,
        requests: float,
        lanes: int,
    ) -> None:
        weights = np.array([line.share for line in _LINES])
        clocks = rng.choice([-6.0, -3.0, 0.0, 1.0, 5.5, 8.0], lanes)
        for number, (line, share) in enumerate(zip(_LINES, weights / weights.sum(), strict=True)):
            deck = stage.add_deck(
                Deck("queue", stage.key(self.name, "queue", number), repeats=line.repeats)
            )
            hands = max(1, round(self.workers * share))
            turns = 1 + _mean_more(line.turns)
            for hand in range(hands):
                lane = int(rng.integers(lanes))
                setting = self._setting(stage, rng, line, deck, campaign)
                stage.add_speaker(
                    Speaker(
                        pool=pool,
                        lane=lane,
                        settings=(stage.add_setting(setting),),
                        addresses=(0,),
                        sittings=float(requests * share / hands / turns / 3),
                        per_sitting=3.0,
                        gap=200.0,
                        # No office hours, but each lane sleeps like the users it hides among.
                        clock=clocks[lane] + float(rng.integers(-3, 4)),
                        rhythm="day",
                        joins=int(rng.integers(0, stage.end // 2)) if hand else 0,
                    )
                )

    def _setting(
        self, stage: Stage, rng: np.random.Generator, line: _Line, deck: int, campaign: int
    ) -> Setting:
        return Setting(
            client=build("relay", rng),
            opening=line.wrapper,
            follow_up=stage.texts.tool_result() if line.loop else line.wrapper,
            system_prompt=str(rng.choice(STOCK_PROMPTS)) if rng.random() < 0.5 else None,
            model=str(rng.choice(["thinker-2", "large-2", "large-2", "medium-2"])),
            tools=(stage.key(self.name, "tools") >> 1) if line.loop else None,
            temperature=(None, None, None, 1.0, 0.7)[int(rng.integers(5))],
            max_tokens=int(rng.choice([2048, 4096, 8192])),
            stream=bool(rng.random() < 0.6),
            agent_loop=line.loop,
            reasons=bool(rng.random() < 0.6),
            turns=line.turns,
            pace=12.0 if line.loop else 45.0,
            pause=0.05,
            answer_tokens=line.answer_tokens,
            deck=deck,
            campaign=campaign,
        )


def _mean_more(median: float) -> float:
    """Return the mean number of further turns that demand draws for a median (log-normal, 0.8)."""
    return float(median * np.exp(0.8**2 / 2) - 0.25) if median > 0 else 0.0
