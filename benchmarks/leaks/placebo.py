"""The same test on a campaign that does not exist: some innocents, drawn by lot, in its place."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from benchmarks.leaks.accounts import Measured
from stillwatch.simulate.operators.personas import KINDS

_SEED: Final = 1


def placebo(world: Measured) -> Measured:
    """Return a world without its campaign, in which as many innocents who stand alone are marked.

    They are of the kinds that a mimic's accounts are drawn from, in the crowd's proportions. What a
    model catches of them is what it would catch of an operator who copies innocents perfectly.
    """
    kept = np.flatnonzero(~world.campaign)
    alone = np.flatnonzero(np.isin(world.population[kept], KINDS))
    count = min(int(world.campaign.sum()), len(alone))
    marked = np.zeros(len(kept), bool)
    marked[np.random.default_rng(_SEED).choice(alone, count, replace=False)] = True
    return replace(
        world,
        accounts=[world.accounts[k] for k in kept.tolist()],
        campaign=marked,
        group=world.group[kept],
        population=world.population[kept],
        columns={
            letter: {name: values[kept] for name, values in columns.items()}
            for letter, columns in world.columns.items()
        },
        texts=[world.texts[k] for k in kept.tolist()] if world.texts else [],
    )
