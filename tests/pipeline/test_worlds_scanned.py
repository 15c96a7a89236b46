"""A hidden pool is found among innocents of every kind, and nobody is where there is none."""

from __future__ import annotations

from tests.worlds.scans import Scan, World


def test_nobody_is_named_where_there_is_no_campaign(null_scan: Scan) -> None:
    assert null_scan.report.campaigns == 0
    assert null_scan.named() == set()
    assert null_scan.rows("attributed") == []


def test_the_pool_is_found_and_no_innocent_named(demo_scan: Scan, demo_world: World) -> None:
    named = demo_scan.named()
    # At this size its four lanes are some twenty accounts each; two of them must be seen.
    assert len(named & demo_world.campaign) >= 0.4 * len(demo_world.campaign)
    assert {demo_world.population[a] for a in named - demo_world.campaign} == set()
