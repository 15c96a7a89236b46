"""An innocent crowd of any size: every population in its share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from stillwatch.simulate.populations.abroad import Abroad
from stillwatch.simulate.populations.aggregators import Aggregators
from stillwatch.simulate.populations.benchmarks import BenchmarkRunners
from stillwatch.simulate.populations.classes import Classes
from stillwatch.simulate.populations.companies import Companies
from stillwatch.simulate.populations.evaluators import Evaluators
from stillwatch.simulate.populations.individuals import Individuals
from stillwatch.simulate.populations.migrations import Migrations
from stillwatch.simulate.populations.pipelines import Pipelines
from stillwatch.simulate.populations.resale import ResalePool
from stillwatch.simulate.populations.shared_networks import SharedNetworks
from stillwatch.simulate.populations.small_apps import SmallApps
from stillwatch.simulate.populations.tools import ToolUsers
from stillwatch.simulate.populations.two_accounts import TwoAccounts
from stillwatch.simulate.populations.viral import ViralPrompt

if TYPE_CHECKING:
    from stillwatch.simulate.presets.preset import Cast

SHARES: Final[tuple[tuple[type[Any], float], ...]] = (
    (Individuals, 0.36),
    (ToolUsers, 0.17),
    (Companies, 0.12),
    (SharedNetworks, 0.10),
    (ViralPrompt, 0.05),
    (Classes, 0.035),
    (ResalePool, 0.035),
    (SmallApps, 0.03),
    (Abroad, 0.025),
    (BenchmarkRunners, 0.02),
    (TwoAccounts, 0.02),
    (Pipelines, 0.015),
    (Evaluators, 0.01),
    (Migrations, 0.006),
    (Aggregators, 0.004),
)
"""Share of a crowd's accounts, the largest first. No public report says; all are guessed."""


def crowd(accounts: int, requests: float) -> tuple[Cast, ...]:
    """Return populations with that many accounts in all and that mean of exchanges a day for each.

    Populations keep their proportions in size and in rate. From 15 accounts on, none is left out;
    below, only the largest are there. Raises ValueError unless both numbers are positive.
    """
    if accounts < 1 or requests <= 0:
        raise ValueError("a crowd needs at least one account and a positive rate")
    shares = SHARES[:accounts]
    total = sum(share for _, share in shares)
    free = accounts - len(shares)
    # Everybody gets one; what is left over after rounding down goes to the largest population.
    sizes = [1 + int(free * share / total) for _, share in shares]
    sizes[0] += accounts - sum(sizes)
    casts = [kind(size) for (kind, _), size in zip(shares, sizes, strict=True)]
    usual = sum(cast.accounts * cast.requests for cast in casts)
    scale = requests * accounts / usual
    return tuple(replace(cast, requests=cast.requests * scale) for cast in casts)
