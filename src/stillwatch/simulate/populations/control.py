"""The control plane of innocents: sign-ins, token refreshes, usage polls, new keys."""

from __future__ import annotations

from typing import Final

import numpy as np

from stillwatch.simulate.clients import CHAT_FAMILIES, TOOL_FAMILIES, Client
from stillwatch.simulate.draws import Weighted, around, one_of
from stillwatch.simulate.populations.roster import Life
from stillwatch.simulate.records import DAY, SECOND, ControlHabit
from stillwatch.simulate.stage import Stage

_TICKS: Final = Weighted([(0, 0.8), (60, 0.06), (300, 0.1), (900, 0.04)])
"""Seconds that a refreshing program's timer rounds to: cron and launch agents like whole minutes."""
_DASHBOARD: Final = 0.03
_TOKEN_HOURS: Final = (8, 12, 24, 24)


def sign_ins(stage: Stage, rng: np.random.Generator, life: Life, address: int) -> None:
    """Add a person's sign-ins: days to weeks apart, whenever it happens."""
    _habit(stage, life, "sign_in", address, around(rng, 9 * DAY, 0.8))


def app_refreshes(stage: Stage, rng: np.random.Generator, life: Life, address: int) -> None:
    """Add the token refreshes of an app on a phone: about daily, when the phone wakes it."""
    _habit(stage, life, "token_refresh", address, around(rng, 1.5 * DAY, 0.5), jitter=0.6)


def tool_refreshes(stage: Stage, rng: np.random.Generator, life: Life, address: int) -> None:
    """Add the token refreshes of a command-line client: one interval, some on a timer's ticks."""
    period = one_of(rng, _TOKEN_HOURS) * 3600 * SECOND
    tick = _TICKS.draw(rng) * SECOND
    _habit(stage, life, "token_refresh", address, period, jitter=0.02 if tick else 0.3, tick=tick)


def developer_calls(stage: Stage, rng: np.random.Generator, life: Life, address: int) -> None:
    """Add a developer's new keys, and for a few a dashboard that polls the usage."""
    _habit(stage, life, "key_created", address, around(rng, 60 * DAY, 0.8))
    if rng.random() < _DASHBOARD:
        hours = one_of(rng, (1, 1, 6, 24))
        tick = one_of(rng, (0, 0, 60, 3600))
        _habit(
            stage,
            life,
            "usage_poll",
            address,
            hours * 3600 * SECOND,
            jitter=0.05,
            tick=tick * SECOND,
        )


def usual(stage: Stage, rng: np.random.Generator, life: Life, address: int, client: Client) -> None:
    """Add what belongs to a client: people sign in, apps and tools refresh, developers make keys."""
    if client.family in CHAT_FAMILIES:
        sign_ins(stage, rng, life, address)
        if client.family == "mobile":
            app_refreshes(stage, rng, life, address)
    elif client.family in TOOL_FAMILIES:
        tool_refreshes(stage, rng, life, address)
    else:
        developer_calls(stage, rng, life, address)


def _habit(
    stage: Stage,
    life: Life,
    kind: str,
    address: int,
    period: float,
    *,
    jitter: float = 1.0,
    tick: int = 0,
) -> None:
    stage.control.append(
        ControlHabit(
            account=life.account,
            kind=kind,
            period=int(period),
            address=address,
            jitter=jitter,
            tick=tick,
            joins=life.joins,
            leaves=min(life.leaves, stage.end),
        )
    )
