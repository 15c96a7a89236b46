"""One prompt and one client over a quarter of all accounts: a campaign, or innocent, by its facts.

A trait above the cap is no stratum: it is itself a candidate group and judged like the others. The
campaign must be found whole; a company, a class and a tool of the same size must not be accused.
"""

from __future__ import annotations

from typing import Final

import pytest

from stillwatch.simulate import write_world
from tests.worlds.scans import Scan, World, run_scan

SCALE: Final = 0.5
"""600 accounts, 150 of them in the quarter that is looked at."""


@pytest.fixture(scope="module")
def scanned(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[World, Scan]:
    folder = tmp_path_factory.mktemp(str(request.param))
    write_world(str(request.param), SCALE, 7, folder / "world")
    return World(folder / "world"), run_scan(folder / "world", folder / "out")


def facts(scan: Scan) -> str:
    """Return what a failure must show: the groups, and the terms of the largest."""
    groups = sorted(scan.rows("groups"), key=lambda g: -g["accounts"])
    lines = [
        f"{g['kind']} {g['accounts']} q={g['q_value']:.3f} {g['best_innocent_explanation']} "
        + " ".join(f"{s}={g[f'{s}_log_odds']:+.1f}" for s in ("coordination", "extraction"))
        for g in groups
    ]
    if groups:
        lines += [
            f"  {e['term']} {e['log_odds']:+.2f} {e['statement']}"
            for e in scan.rows("evidence")
            if e["group_id"] == groups[0]["group_id"] and e["account_id"] is None
        ]
    return "\n".join(lines)


@pytest.mark.parametrize("scanned", ["mono-campaign"], indirect=True)
def test_a_campaign_of_a_quarter_of_all_accounts_is_found(scanned: tuple[World, Scan]) -> None:
    world, scan = scanned
    named = scan.named()
    active = set(world.exchanges["account_id"].to_pylist())
    assert len(world.campaign & active) >= 0.2 * len(active)
    assert len(named & world.campaign) >= 0.9 * len(world.campaign), facts(scan)
    assert {world.population[a] for a in named - world.campaign} == set(), facts(scan)


@pytest.mark.parametrize("scanned", ["mono-company", "mono-class", "mono-tool"], indirect=True)
def test_innocents_of_the_same_size_are_not_accused(scanned: tuple[World, Scan]) -> None:
    world, scan = scanned
    assert world.campaign == set()
    assert scan.named() == set(), facts(scan)
    assert scan.report.campaigns == 0, facts(scan)
