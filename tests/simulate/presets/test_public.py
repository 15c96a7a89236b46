"""The presets of public campaigns have the public figures, at any scale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest

from stillwatch.simulate import PRESETS, World
from stillwatch.simulate.operators import Campaign, Growth
from stillwatch.simulate.records import DAY

FIGURES = {
    "deepseek-2026-02": (150_000, None),
    "moonshot-2026-02": (3_400_000, None),
    "minimax-2026-02": (13_000_000, None),
    "alibaba-2026-06": (28_800_000, 24_900),
    "alibaba-2026-07": (151_000_000, 8_500),
}
"""Exchanges and accounts of the campaign at scale 1, where a report says."""
SCALES = {
    "deepseek-2026-02": 1.0,
    "moonshot-2026-02": 0.05,
    "minimax-2026-02": 0.01,
    "alibaba-2026-06": 0.01,
    "alibaba-2026-07": 0.002,
}


@dataclass(frozen=True, slots=True)
class _Run:
    world: World
    at: np.ndarray[tuple[int], np.dtype[np.int64]]
    """Times of the campaign's exchanges."""
    model_moved: float


@cache
def _run(name: str) -> _Run:
    world = World(name, SCALES[name], 1, innocent_accounts=30)
    times, moved = [], 0
    for rows, _ in world.rows(world.stage.end):
        marked = np.array([s.campaign is not None for s in world.stage.settings])
        mine = rows[marked[rows["setting"]]]
        times.append(mine["at"])
        moved += sum(
            world.stage.settings[k].moves_at <= at
            for k, at in zip(mine["setting"].tolist(), mine["at"].tolist(), strict=True)
            if world.stage.settings[k].next_model is not None
        )
    at = np.concatenate(times)
    after = (at > 46 * DAY).sum()
    return _Run(world, at, moved / max(1, after))


def _campaign(world: World) -> Campaign:
    (found,) = [cast for cast in world.preset.casts if isinstance(cast, Campaign)]
    return found


@pytest.mark.parametrize("name", FIGURES)
def test_exchanges_match_the_public_figure_within_two_per_cent(name: str) -> None:
    exchanges, _ = FIGURES[name]
    assert len(_run(name).at) == pytest.approx(exchanges * SCALES[name], rel=0.02)


@pytest.mark.parametrize("name", [n for n, (_, accounts) in FIGURES.items() if accounts])
def test_accounts_match_the_public_figure_within_two_per_cent(name: str) -> None:
    _, accounts = FIGURES[name]
    assert accounts is not None
    carried = [c for c in _run(name).world.truth()["campaign_id"].to_pylist() if c]
    assert len(carried) == pytest.approx(accounts * SCALES[name], rel=0.02, abs=1)


def test_the_june_campaign_runs_on_its_own_dates_at_26_requests_a_day() -> None:
    run = _run("alibaba-2026-06")
    assert run.world.begin == datetime(2026, 4, 22, tzinfo=UTC)
    assert run.world.end - run.world.begin == timedelta(days=45)
    assert len(run.at) / 249 / 45 == pytest.approx(25.7, rel=0.02)
    casts: tuple[Any, ...] = PRESETS["alibaba-2026-06"].casts
    innocent = [c for c in casts if not isinstance(c, Campaign)]
    assert sum(c.accounts for c in innocent) == 250_000
    assert sum(c.accounts * c.requests * 45 for c in innocent) == pytest.approx(3e7, rel=0.01)


def test_the_july_pool_is_banned_and_a_second_one_takes_over() -> None:
    run = _run("alibaba-2026-07")
    by_day = np.bincount(run.at // DAY, minlength=92) / SCALES["alibaba-2026-07"]
    assert 2e6 < by_day[50:60].mean() < 3.6e6
    assert by_day[66:90].mean() > 1e6
    campaign = _campaign(run.world)
    assert campaign.wording.fixed == "user"
    members = run.world.stage.memory["alibaba-2026-07"].members
    banned = [m for m in members if 60 * DAY < m.ends < 64 * DAY]
    assert len(banned) == 10


def test_minimax_moves_nearly_half_its_traffic_within_a_day_of_the_release() -> None:
    assert _run("minimax-2026-02").model_moved == pytest.approx(0.48, abs=0.08)


def test_moonshot_comes_in_by_four_pathways() -> None:
    world = _run("moonshot-2026-02").world
    members = world.stage.memory["moonshot-2026-02"].members
    pathways = {world.stage.clients[m.client].pathway for m in members}
    assert pathways == {"api", "app", "bedrock", "vertex"}


def test_scale_multiplies_accounts_and_innocents_are_set_apart() -> None:
    preset = PRESETS["alibaba-2026-06"]
    small = preset.scaled(0.01)
    innocent = [c for c in small.casts if c.population != "campaign"]
    assert small.casts[-1].accounts == 249
    assert sum(c.accounts for c in innocent) == pytest.approx(2500, abs=15)
    crowd = [c for c in small.with_innocents(1234).casts if c.population != "campaign"]
    assert sum(c.accounts for c in crowd) == 1234
    assert {c.population for c in crowd} == {c.population for c in innocent}
    assert small.with_innocents(1234).casts[-1] == small.casts[-1]


def test_the_june_campaign_may_grow_or_ramp() -> None:
    preset = PRESETS["alibaba-2026-06"]
    total = {}
    for shape in ("flat", "growing", "ramping"):
        growth = Growth(shape)
        casts = tuple(
            replace(cast, growth=growth) if isinstance(cast, Campaign) else cast
            for cast in preset.casts
        )
        world = World(replace(preset, casts=casts), 0.004, 1, innocent_accounts=30)
        at = np.concatenate([r["at"] for r, _ in world.rows(world.stage.end)])
        total[shape] = len(at)
        halves = [(at < 22 * DAY).sum(), (at >= 22 * DAY).sum()]
        assert (halves[1] > 1.5 * halves[0]) == (shape != "flat")
    assert max(total.values()) < 1.1 * min(total.values())


@pytest.mark.parametrize("name", [*FIGURES, *(f"L{k}" for k in range(6))])
def test_each_says_what_it_stands_for_its_source_and_what_is_guessed(name: str) -> None:
    preset = PRESETS[name]
    assert preset.models
    assert preset.source
    assert len(preset.guessed) >= 2
