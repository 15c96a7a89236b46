"""Resale pools without a harvest: pooled accounts that carry many unrelated end users."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from stillwatch.simulate.clients import TOOL_FAMILIES, build
from stillwatch.simulate.draws import Weighted, between, one_of, whole
from stillwatch.simulate.identity import pick_country
from stillwatch.simulate.populations import habits
from stillwatch.simulate.populations.places import own_clock
from stillwatch.simulate.populations.roster import Roster
from stillwatch.simulate.records import SECOND, Pool, SchedulerName, Setting
from stillwatch.simulate.relay_accounts import RelayAccounts
from stillwatch.simulate.stage import Stage

_CUSTOMER: Final = Weighted([("chat", 0.46), ("agent", 0.27), ("script", 0.2), ("pipeline", 0.07)])
_ACCOUNTS_A_POOL: Final = 110
_OWN_USE: Final = 2.5
"""Measured: exchanges a day of an owner who goes on using a lent account."""


@dataclass(frozen=True, slots=True)
class PoolKind:
    """How one reseller runs its relay."""

    scheduler: SchedulerName = "sticky_lru"
    """Least recently used with stickiness, in turn, or by hash of the conversation."""
    stickiness: float = 1.0
    """Hours that a conversation stays on the account that it used last."""
    failover: float = 1.0
    """Chance that a request goes to another account after an account's own error."""
    cool_downs: tuple[int, ...] = (60, 300, 600, 1800)
    """Seconds that an account rests after an error of its own: the first, second, ... in a row."""
    summarised: float = 0.0
    """Chance that a conversation that moves is sent on as a summary."""
    sharing: float = 0.3
    """Chance that an account has one of the reseller's own values of an identity trait."""
    own_proxy: float = 0.6
    """Share of accounts with a proxy of their own; the others share a few exits."""


KINDS: Final = (
    PoolKind(),
    PoolKind(own_proxy=0.0, sharing=0.5, cool_downs=(60,)),
    PoolKind("round_robin", own_proxy=1.0, sharing=0.1),
    PoolKind(stickiness=6.0, own_proxy=1.0, sharing=0.05, summarised=0.3),
    PoolKind("round_robin", failover=0.5, own_proxy=0.2, cool_downs=(300, 1800)),
    PoolKind("sharded", own_proxy=0.8, sharing=0.1, failover=0.3),
)
"""Resellers of different skill, the commonest first (guessed)."""


@dataclass(frozen=True, slots=True)
class ResalePool:
    """Relays that resell access; their customers do not know of each other."""

    accounts: int
    requests: float = 12.0
    """Mean exchanges a day for each account, the customers' and the lent accounts' owners'."""
    pools: int = 0
    """How many pools; 0 for one in 110 accounts."""
    end_users: float = 3.5
    """Customers for each account."""
    kinds: tuple[PoolKind, ...] = KINDS
    """How the pools are run, in turn."""
    relay: RelayAccounts = field(default=RelayAccounts(accounts=0, lanes=6, suspended=0.05))
    """How the pools' accounts are obtained."""
    population = "resale_pool"

    def populate(self, stage: Stage) -> None:
        """Put the pooled accounts and the end users on the stage."""
        rng = stage.generator(self.population)
        count = max(1, min(self.pools or self.accounts // _ACCOUNTS_A_POOL, self.accounts))
        weights = np.sort(np.exp(rng.normal(0, 0.8, count)))[::-1]
        edges = np.floor(np.cumsum(weights / weights.sum()) * (self.accounts - count) + 1e-9)
        sizes = np.diff(edges, prepend=0).astype(int) + 1
        sizes[0] += self.accounts - sizes.sum()
        for number, size in enumerate(sizes.tolist()):
            self._pool(stage, rng, number, size)

    def _pool(self, stage: Stage, rng: np.random.Generator, number: int, size: int) -> None:
        kind = self.kinds[number % len(self.kinds)]
        name = f"reseller-{number + 1}"
        relay = replace(self.relay.sized(size), sharing=kind.sharing, own_proxy=kind.own_proxy)
        before = len(stage.speakers)
        members = relay.join(stage, rng, self.population, name)
        own = len(stage.speakers) - before
        pool = stage.add_pool(
            Pool(
                name,
                kind.scheduler,
                members,
                stickiness=int(kind.stickiness * 3600 * SECOND),
                failover=kind.failover,
                cool_downs=kind.cool_downs,
                summarised=kind.summarised,
            )
        )
        add_end_users(
            stage,
            rng,
            pool,
            requests=max(1.0, self.requests * size - _OWN_USE * own),
            lanes=relay.lanes,
            name=name,
            end_users=max(1, round(self.end_users * size)),
        )


def add_end_users(
    stage: Stage,
    rng: np.random.Generator,
    pool: int,
    *,
    requests: float,
    lanes: int,
    name: str,
    end_users: int | None = None,
) -> None:
    """Put a relay's unrelated customers on the stage: chats, agents' users, small programs.

    Together they make about `requests` requests a day; without a number there is one customer for
    each four of these.
    """
    roster = Roster(stage, "end users", name)
    for number in range(end_users or max(4, round(requests / 4))):
        country = pick_country(rng)
        setting = _customer_setting(stage, rng, country.language, stage.seed, name, number)
        roster.speak(
            [roster.setting(setting)],
            (0,),
            pool=pool,
            lane=whole(rng, 0, lanes),
            spread=1.2,
            clock=own_clock(rng, country),
            rhythm=habits.pick_rhythm(rng),
            per_sitting=between(rng, 1, 2.5),
        )
    roster.settle_total(requests * stage.days)


def _customer_setting(
    stage: Stage, rng: np.random.Generator, language: str, *names: str | int
) -> Setting:
    kind = _CUSTOMER.draw(rng)
    if kind == "agent":
        return habits.agent_tool(stage, rng, one_of(rng, TOOL_FAMILIES), *names)
    if kind == "chat":
        return replace(
            habits.developer(
                stage,
                rng,
                *names,
                client=build("python", rng),
                opening=stage.texts.everyday(language),
            ),
            follow_up=stage.texts.follow_up(language),
            turns=one_of(rng, (0.6, 1.5, 3.0)),
            pace=70.0,
        )
    own = habits.developer(stage, rng, *names)
    if kind == "pipeline":
        return replace(own, opening=stage.texts.pipeline(*names), turns=0.0, answer_tokens=60.0)
    return own
