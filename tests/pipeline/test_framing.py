"""Whoever tries to make strangers look like members of a campaign fails, and does not hide it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.worlds.framing import (
    Stage,
    each_on_victims_of_its_own,
    stage,
    write_forged,
)
from tests.worlds.scans import Scan, World, run_scan

VICTIMS = 60


@pytest.fixture(scope="module")
def on(demo_world: World) -> Stage:
    found = stage(demo_world, VICTIMS)
    assert len(found.victims) == VICTIMS
    assert not set(found.victims) & demo_world.campaign
    return found


def test_no_victim_is_named(on: Stage, demo_world: World, demo_scan: Scan, tmp_path: Path) -> None:
    forged = list(each_on_victims_of_its_own(on))
    assert len({row["exchange_id"] for row in forged}) >= 2 * VICTIMS
    scan = run_scan(
        write_forged(demo_world, forged, tmp_path / "forged"),
        tmp_path / "out",
        accounts=str(demo_world.folder / "accounts.parquet"),
        account_events=str(demo_world.folder / "account_events.parquet"),
    )
    assert scan.report.exchanges == demo_scan.report.exchanges + len(forged)
    # What was forged was seen: ties join half of the victims to the campaign, or this shows nothing.
    ends = [{link["account_a"], link["account_b"]} for link in scan.rows("links")]
    tied = {v for v in on.victims for pair in ends if v in pair and pair & demo_world.campaign}
    assert len(tied) >= VICTIMS / 2
    named = scan.named()
    assert sorted(set(on.victims) & named) == []
    assert named - demo_world.campaign == set()
    # The attempt saves nobody either.
    before = len(demo_scan.named() & demo_world.campaign)
    assert len(named & demo_world.campaign) >= 0.9 * before
