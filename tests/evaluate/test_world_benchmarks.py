"""The benchmarks over worlds count, cut and draw what they say; no world is scanned here."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy.special import logit

from benchmarks.worlds import ablations, curves, reliability
from benchmarks.worlds.reliability import Statement, binned, wilson
from stillwatch.detect import detection, link_kinds, trait_kinds
from stillwatch.detect.judgement.likelihoods import built_in_likelihoods

SVG = "{http://www.w3.org/2000/svg}"


def used(name: str) -> Any:
    """Return what detection reads under this name at this moment."""
    return getattr(detection, name)()


def said(probability: float, *outcomes: int) -> list[Statement]:
    return [
        Statement(float(logit(probability)), bool(outcome), bool(outcome)) for outcome in outcomes
    ]


def test_wilson_is_the_interval_of_the_books() -> None:
    half = wilson(5, 10)
    assert (half.low, half.high) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert wilson(0, 10).low == 0.0
    assert wilson(0, 10).high == pytest.approx(0.2775, abs=1e-4)
    with pytest.raises(ValueError, match="not a proportion"):
        wilson(1, 0)


def test_statements_fall_into_tenths_and_certainty_into_the_last() -> None:
    bins = binned([*said(0.12, 0, 1), *said(0.97, 1, 1, 1), Statement(900.0, True, True)])
    assert [(b.low, b.count, b.true) for b in bins] == [(0.1, 2, 1), (0.9, 4, 4)]
    assert bins[0].mean == pytest.approx(0.12)
    assert reliability.calibration_error(bins) == pytest.approx(
        (2 * 0.38 + 4 * (1 - (3 * 0.97 + 1) / 4)) / 6
    )


def test_a_coin_called_certain_costs_a_half_and_one_called_a_coin_a_quarter() -> None:
    assert (
        reliability.brier_score([Statement(900.0, True, True), Statement(900.0, False, False)])
        == 0.5
    )
    assert reliability.brier_score(said(0.5, 0, 1)) == 0.25


def test_recalibration_finds_how_much_too_extreme_statements_are() -> None:
    # Log-odds of ±2 where one in four is otherwise, which is ±1.1.
    statements = [*said(0.8808, 1, 1, 1, 0), *said(0.1192, 0, 0, 0, 1)]
    fitted = reliability.recalibration(statements)
    assert fitted is not None
    assert fitted == pytest.approx((0.0, 0.549), abs=0.01)
    assert reliability.recalibration(said(0.9, 1, 1)) is None


def test_statements_are_true_of_the_campaign_that_most_of_a_group_carried(tmp_path: Path) -> None:
    carried = {"a": "one", "b": "one", "c": "two", "d": None, "e": None}
    pq.write_table(
        pa.table({"account_id": list(carried), "campaign_id": list(carried.values())}),
        tmp_path / "truth.parquet",
    )
    pq.write_table(
        pa.table({"group_id": ["g", "h"], "kind": ["campaign", "class"]}),
        tmp_path / "groups.parquet",
    )
    pq.write_table(
        pa.table(
            {
                "group_id": ["g"] * 4 + ["h"],
                "account_id": list(carried),
                "log_odds": [3.0, 2.0, 1.0, -1.0, 4.0],
                "probability": [0.95, 0.88, 0.73, 0.27, 0.98],
            }
        ),
        tmp_path / "members.parquet",
    )
    found = reliability.statements_of(tmp_path, tmp_path)
    assert [(s.log_odds, s.true, s.carried) for s in found] == [
        (3.0, True, True),
        (2.0, True, True),
        (1.0, False, True),
        (-1.0, False, False),
    ]


def test_the_reliability_diagram_draws_each_bin_with_its_interval() -> None:
    bins = binned([*said(0.2, 0, 1), *said(0.8, 1)])
    root = ET.fromstring(reliability.picture({"world": bins}))  # noqa: S314  # made just above
    assert len(root.findall(f"{SVG}circle")) == 2
    kinds = [path.attrib["class"] for path in root.findall(f"{SVG}path")]
    assert kinds.count("reach reach-0") == 2
    assert kinds.count("ideal") == 1


def test_a_curve_draws_every_seed_and_tells_its_means() -> None:
    def result(value: float, seed: int, found: int) -> curves.Result:
        return curves.Result(curves.Point("size", "relay", value, seed), found, 10, found, 0, ())

    results = [result(5, 1, 0), result(5, 2, 4), result(10, 1, 10)]
    root = ET.fromstring(curves.picture("size", results))  # noqa: S314  # made just above
    assert len(root.findall(f"{SVG}circle")) == 3
    assert "| size | relay | 5 | 0.20 | 0.00, 0.40 | 0, 0 |" in curves.table(results)


def test_a_point_changes_one_knob_and_its_line_takes_one_thing_away() -> None:
    base = curves.campaign_of(curves.Point("size", "relay", 100, 1))
    alone = curves.campaign_of(curves.Point("mixing", "no relay", 0.7, 1))
    assert (base.accounts, base.cover.share, base.relaying.scheduler) == (100, 0.3, "sticky_lru")
    assert (alone.accounts, alone.cover.share, alone.relaying.scheduler) == (100, 0.7, "direct")
    seeds = [p.seed for p in curves.points(["size", "mixing"], [1, 2])]
    assert seeds == sorted(seeds)


@pytest.mark.parametrize("family", ablations.FAMILIES)
def test_a_family_is_gone_while_it_is_removed_and_back_afterwards(family: str) -> None:
    name = family.removesuffix(ablations.IN_COORDINATION)
    with ablations.without_family(family):
        families = {kind.family for read in ("trait_kinds", "link_kinds") for kind in used(read)}
        terms = used("built_in_likelihoods").terms
    assert name not in families
    left = {term.score for term in terms if term.family == name}
    assert left == (set() if name == family else left - {"coordination"})
    assert used("trait_kinds") == trait_kinds()
    assert used("link_kinds") == link_kinds()
    assert used("built_in_likelihoods") is built_in_likelihoods()


def test_a_world_is_written_without_a_column_and_without_what_failed(tmp_path: Path) -> None:
    world, out = tmp_path / "world", tmp_path / "out"
    (world / "exchanges").mkdir(parents=True)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    exchanges = pa.table({"exchange_id": ["1", "2"], "status": [200, 429], "ja4": ["x", "y"]})
    pq.write_table(exchanges, world / "exchanges" / "part-0.parquet")
    pq.write_table(pa.table({"account_id": ["a"], "referrer": ["r"]}), world / "accounts.parquet")
    pq.write_table(
        pa.table({"account_id": ["a"], "occurred_at": [now]}), world / "account_events.parquet"
    )
    ablations.write_without(world, ("exchanges.ja4", "failed", "account_events"), out)
    assert pq.read_table(out / "exchanges").to_pylist() == [{"exchange_id": "1", "status": 200}]
    assert pq.read_table(out / "accounts.parquet").column_names == ["account_id", "referrer"]
    assert not (out / "account_events.parquet").exists()


def test_what_is_no_column_is_said_to_be_none() -> None:
    assert ablations.columns_of("accounts.referrer") == ("accounts.referrer",)
    with pytest.raises(ValueError, match="addresses"):
        ablations.columns_of("exchanges.colour")
