"""A campaign must not stand out account by account in numbers that anybody can count."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.leaks import report
from benchmarks.leaks.accounts import Measured, columns_of, measure
from benchmarks.leaks.caught import FALSE_POSITIVES, Caught, caught
from benchmarks.leaks.placebo import placebo
from stillwatch.simulate.operators.personas import KINDS
from tests.simulate.conftest import World


@pytest.fixture(scope="module")
def measured(demo: World) -> Measured:
    return measure(demo.folder, "demo", information=False)


def test_a_column_that_separates_is_seen_and_one_that_does_not_is_not() -> None:
    campaign = np.arange(5_000) < 500
    apart = np.where(campaign, 10.0, 0.0) + np.linspace(0, 1, 5_000)
    assert caught(apart, campaign).caught == 500
    alike = np.tile(np.linspace(0, 1, 500), 10)
    assert caught(alike, campaign).caught == pytest.approx(500 * FALSE_POSITIVES, abs=1)
    # Of equal scores as many are named as the rate allows, neither none nor all.
    assert caught(np.zeros(5_000), campaign).caught == 5


def test_every_active_account_is_measured_once(demo: World, measured: Measured) -> None:
    active = set(demo.exchanges["account_id"].to_pylist())
    truth = [row for row in demo.truth.to_pylist() if row["account_id"] in active]
    operators = {row["operator"] for row in truth if row["campaign_id"] is not None}
    # Accounts of an operator that carried none of its exchanges are neither innocent nor caught.
    counted = [r for r in truth if r["campaign_id"] or r["operator"] not in operators]
    assert len(measured.campaign) == len(counted)
    assert measured.campaign.sum() == sum(r["campaign_id"] is not None for r in counted)
    for letter, columns in measured.columns.items():
        assert len(columns) > 30, letter
        for name, values in columns.items():
            assert len(values) == len(counted), name
            assert np.isfinite(values).all(), name


def test_the_measures_are_what_they_are_called(demo: World, measured: Measured) -> None:
    row = int(measured.columns["a"]["exchanges"].argmax())
    mine = np.array(demo.exchanges["account_id"].to_pylist()) == measured.accounts[row]
    status = np.array(demo.exchanges["status"].to_pylist())[mine]
    at = np.sort(demo.exchanges["occurred_at"].cast("int64").to_numpy()[mine])
    agents = np.array(demo.exchanges["user_agent"].to_pylist(), dtype=object)[mine]
    days = at // 86_400_000_000
    expected = {
        "exchanges": mine.sum(),
        "active days": len(np.unique(days)),
        "exchanges on the busiest day": np.bincount(days - days[0]).max(),
        "gap, median": np.median(np.diff(at)) / 1e6,
        "hour 13": (at // 3_600_000_000 % 24 == 13).mean(),
        "weekday 6": ((days + 3) % 7 == 6).mean(),
        "errors": (status != 200).mean(),
        "rate limits": (status == 429).mean(),
        "different user_agent": len({a for a in agents if a is not None}),
        "null user_agent": np.mean([a is None for a in agents]),
    }
    found = {k: v for columns in measured.columns.values() for k, v in columns.items()}
    for name, value in expected.items():
        assert found[name][row] == pytest.approx(value), name


def test_sets_that_must_say_nothing_hold_what_they_are_called_and_nothing_else(
    measured: Measured,
) -> None:
    held = {letter: sorted(columns_of(measured, letter)) for letter in "inpt"}
    assert all(name.startswith(("digits", "length", "negative", "even")) for name in held["i"][:-1])
    assert held["i"][-1] == "place in the table of accounts"
    assert "null prompt_role" in held["n"] and "account without phone_prefix" in held["n"]
    assert "first prompt length, median" in held["p"] and "prompt length, 90 %" in held["p"]
    assert held["t"] == [
        "fraction of the second",
        "fraction of the second of creation",
        "on five-minute marks",
        "second within the minute",
    ]
    digits = measured.columns["i"]["digits of account_id"]
    assert 0 <= digits.min() < 0.01 and 0.99 < digits.max() < 1


def test_a_table_gives_the_mean_over_seeds_and_names_what_leaks() -> None:
    tests = [
        report.Test("L4", "p", "other seeds", "forest", f"seed {k}", Caught(found, 100, 1000))
        for k, found in enumerate((2, 4, 6))
    ]
    (row,) = report.rows(tests)
    assert "**0.040** (0.000–0.090)" in row and "0.020–0.060" in row
    assert report.leaking(tests) == [row]
    assert not report.leaking(tests[:1])


def test_a_placebo_marks_as_many_innocents_who_stand_alone(measured: Measured) -> None:
    made = placebo(measured)
    assert made.campaign.sum() == measured.campaign.sum()
    assert len(made.accounts) == (~measured.campaign).sum()
    assert not set(made.accounts) & set(np.array(measured.accounts)[measured.campaign])
    assert set(made.population[made.campaign]) <= set(KINDS)
    where = measured.accounts.index(made.accounts[5])
    assert made.columns["a"]["exchanges"][5] == measured.columns["a"]["exchanges"][where]
