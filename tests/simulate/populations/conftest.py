"""Innocent crowds: on stage, and with a fortnight lived."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

from stillwatch.simulate.populations import crowd
from stillwatch.simulate.presets import Preset
from stillwatch.simulate.records import DAY, Release
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.world import World

REQUESTS = 5.0
RELEASE = Release("medium-3", 3 * DAY, 3.0, 15.0)


@dataclass(frozen=True, slots=True)
class Lived:
    """A crowd's fortnight: its stage and its exchanges."""

    stage: Stage
    exchanges: pa.Table

    @property
    def account(self) -> npt.NDArray[np.int64]:
        """Return the row of each exchange's account."""
        row = {a.fields["account_id"]: k for k, a in enumerate(self.stage.accounts)}
        return np.array([row[a] for a in self.exchanges["account_id"].to_pylist()])

    @property
    def population(self) -> npt.NDArray[np.str_]:
        """Return the population of each exchange's account."""
        return np.array([a.population for a in self.stage.accounts])[self.account]

    @property
    def at(self) -> npt.NDArray[np.int64]:
        """Return each exchange's microseconds of world time."""
        begin = int(self.stage.beginning.timestamp()) * 1_000_000
        times: npt.NDArray[np.int64] = self.exchanges["occurred_at"].cast("int64").to_numpy()
        return times - begin


def staged(accounts: int, *, seed: int = 1, days: int = 14) -> Stage:
    """Return the stage of a crowd, nothing lived."""
    stage = Stage(seed=seed, days=days)
    stage.releases.append(RELEASE)
    for cast in crowd(accounts, REQUESTS):
        cast.populate(stage)
    return stage


@pytest.fixture(scope="session")
def stage() -> Stage:
    return staged(3000)


@pytest.fixture(scope="session")
def lived() -> Lived:
    preset = Preset("crowd", "innocents", 14, crowd(1200, REQUESTS), releases=(RELEASE,))
    world = World(preset, seed=3)
    slices = [part.exchanges for part in world.advance(world.stage.end)]
    return Lived(world.stage, pa.concat_tables(slices))
