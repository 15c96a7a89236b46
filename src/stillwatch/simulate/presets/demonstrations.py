"""Small worlds to learn and test with."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from stillwatch.simulate.operators import FixedPromptCampaign, RelayCampaign
from stillwatch.simulate.populations import (
    Aggregators,
    BenchmarkRunners,
    Classes,
    Companies,
    Individuals,
    Pipelines,
    ResalePool,
    SharedNetworks,
    ToolUsers,
    TwoAccounts,
    ViralPrompt,
)
from stillwatch.simulate.presets.preset import Cast, Preset

_INNOCENT: Final[tuple[Cast, ...]] = (
    Individuals(1216),
    ToolUsers(600),
    Companies(330),
    Classes(120),
    Pipelines(36),
    BenchmarkRunners(60),
    ViralPrompt(180),
    SharedNetworks(340),
    Aggregators(16),
    TwoAccounts(40),
    ResalePool(64),
)


def _quarter(name: str, summary: str, cast: Cast) -> Preset:
    """Return a world of 1,200 accounts, a quarter of them the given ones."""
    others: tuple[Cast, ...] = (
        Individuals(470),
        ToolUsers(160),
        Companies(90),
        Classes(40, classes=1),
        Pipelines(8),
        BenchmarkRunners(20),
        ViralPrompt(40),
        SharedNetworks(68),
        Aggregators(4),
    )
    if any(other.population == cast.population for other in others):
        others = tuple(o for o in others if o.population != cast.population)
    missing = 900 - sum(o.accounts for o in others)
    others = (replace(others[0], accounts=others[0].accounts + missing), *others[1:])
    return Preset(
        name,
        summary,
        14,
        (*others, cast),
        models="One kind of customer that is far too common, to see what that does to a detector.",
        source="None: made up.",
        guessed=("everything",),
    )


DEMONSTRATIONS: Final = (
    Preset(
        "demo",
        "innocents of many kinds and one hidden relay pool",
        14,
        (*_INNOCENT, RelayCampaign(150)),
        models="A pool of 150 accounts behind a relay, a third of whose traffic is customers'.",
        source="None: made up, after what the reports have in common.",
        guessed=("everything",),
    ),
    Preset(
        "null",
        "the innocents of demo and no campaign",
        14,
        _INNOCENT,
        models="A provider without any campaign: whatever is reported is false.",
        source="None: made up.",
        guessed=("everything",),
    ),
    _quarter(
        "mono-campaign",
        "a quarter of all accounts is one fixed-prompt campaign",
        FixedPromptCampaign(300),
    ),
    _quarter(
        "mono-company", "a quarter of all accounts is one company", Companies(300, companies=1)
    ),
    _quarter("mono-class", "a quarter of all accounts is one class", Classes(300, classes=1)),
    _quarter(
        "mono-tool",
        "a quarter of all accounts uses one agent tool",
        ToolUsers(300, tools=("brushwood",), uniform=True),
    ),
)
