"""A written world keeps its contract: schema, order, truth, determinism, clear refusals."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from stillwatch.errors import UsageError
from stillwatch.model.tables_in import (
    ACCOUNT_EVENTS,
    ACCOUNTS,
    EXCHANGES,
    TRUTH,
    TRUTH_EXCHANGES,
)
from stillwatch.simulate import PRESETS, write_world
from tests.simulate.conftest import World, open_world


def test_tables_have_the_canonical_schema(demo: World) -> None:
    assert demo.exchanges.schema.equals(EXCHANGES)
    for name, schema in (
        ("accounts", ACCOUNTS),
        ("account_events", ACCOUNT_EVENTS),
        ("truth", TRUTH),
        ("truth_exchanges", TRUTH_EXCHANGES),
    ):
        assert pq.read_schema(demo.folder / f"{name}.parquet").equals(schema), name


def test_exchanges_are_in_time_order_with_unique_ids_inside_the_window(demo: World) -> None:
    at = demo.exchanges["occurred_at"].cast("int64").to_numpy()
    assert (np.diff(at) >= 0).all()
    assert at[-1] - at[0] < PRESETS["demo"].days * 86_400_000_000
    ids = demo.exchanges["exchange_id"].to_pylist()
    assert len(set(ids)) == len(ids) == demo.summary.exchanges


def test_truth_marks_exactly_the_accounts_that_carried_a_campaign(demo: World) -> None:
    account = dict(
        zip(
            demo.exchanges["exchange_id"].to_pylist(),
            demo.exchanges["account_id"].to_pylist(),
            strict=True,
        )
    )
    marked = demo.truth_exchanges.to_pylist()
    assert len(marked) == demo.summary.campaign_exchanges > 0
    carried = {(account[row["exchange_id"]], row["campaign_id"]) for row in marked}
    said = {
        (row["account_id"], row["campaign_id"])
        for row in demo.truth.to_pylist()
        if row["campaign_id"] is not None
    }
    assert carried == said
    assert set(account.values()) <= set(demo.truth["account_id"].to_pylist())
    assert demo.truth["account_id"].to_pylist() == demo.accounts["account_id"].to_pylist()


def test_nobody_asks_before_the_account_exists(demo: World) -> None:
    created = dict(
        zip(
            demo.accounts["account_id"].to_pylist(),
            demo.accounts["created_at"].cast("int64").to_pylist(),
            strict=True,
        )
    )
    at = demo.exchanges["occurred_at"].cast("int64").to_pylist()
    accounts = demo.exchanges["account_id"].to_pylist()
    assert all(t >= created[a] for t, a in zip(at, accounts, strict=True))


def test_the_campaign_is_the_size_it_says(demo: World) -> None:
    populations = Counter(demo.truth["population"].to_pylist())
    assert populations["campaign"] == 75
    assert 1_400 <= demo.summary.innocent_accounts <= 1_600
    accounts = demo.exchanges["account_id"].to_pylist()
    of = {r["account_id"]: r["population"] for r in demo.truth.to_pylist()}
    day = demo.exchanges["occurred_at"].cast("int64").to_numpy() // 86_400_000_000
    busy = {(a, d) for a, d in zip(accounts, day.tolist(), strict=True) if of[a] == "campaign"}
    pool = sum(of[a] == "campaign" for a in accounts)
    assert 20 <= pool / len(busy) <= 32
    assert 0.25 <= 1 - demo.summary.campaign_exchanges / pool <= 0.45


@pytest.mark.parametrize("preset", ["demo", "mono-campaign", "L3", "L5"])
def test_equal_arguments_give_equal_bytes_and_another_seed_does_not(
    preset: str, tmp_path: Path
) -> None:
    scale = min(0.02, 60 / sum(cast.accounts for cast in PRESETS[preset].casts))
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        write_world(preset, scale, seed, tmp_path / name)
    files = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*.*"))
    assert len(files) == 8
    for file in files:
        first = (tmp_path / "a" / file).read_bytes()
        assert first == (tmp_path / "b" / file).read_bytes(), file
    part = Path("exchanges") / "part-00000.parquet"
    assert (tmp_path / "a" / part).read_bytes() != (tmp_path / "c" / part).read_bytes()


def test_the_manifest_has_knobs_and_digests_of_every_file(demo: World) -> None:
    manifest = json.loads((demo.folder / "manifest.json").read_text())
    assert (manifest["preset"], manifest["seed"], manifest["scale"]) == ("demo", 11, 0.5)
    assert manifest["knobs"]["pool-1"]["relay"]["sharing"] == 0.25
    assert set(manifest["files"]) == {
        str(p.relative_to(demo.folder)) for p in demo.folder.rglob("*.parquet")
    }
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((demo.folder / name).read_bytes()).hexdigest() == digest


def test_scale_multiplies_accounts(demo: World, tmp_path: Path) -> None:
    small = write_world("demo", 0.1, 11, tmp_path / "w")
    assert small.accounts == pytest.approx(demo.summary.accounts / 5, rel=0.02)
    assert small.exchanges == pytest.approx(demo.summary.exchanges / 5, rel=0.5)


def test_progress_tells_each_day(tmp_path: Path) -> None:
    said: list[str] = []
    write_world("null", 0.02, 1, tmp_path / "w", said.append)
    assert len(said) == 1 + PRESETS["null"].days
    assert "accounts" in said[0]
    assert all("a second" in line and "left" in line for line in said[1:])


def test_the_null_world_has_no_campaign(tmp_path: Path) -> None:
    world = open_world("null", 0.05, 1, tmp_path / "w")
    assert world.truth_exchanges.num_rows == 0
    assert world.truth["campaign_id"].null_count == world.truth.num_rows
    assert "campaign" not in world.truth["population"].to_pylist()


@pytest.mark.parametrize(
    ("preset", "scale", "seed", "message"),
    [
        ("demmo", 1.0, 1, "no preset called 'demmo'"),
        ("demo", 0.0, 1, "above 0"),
        ("demo", float("nan"), 1, "above 0"),
        ("demo", 1.0, -1, "whole number from 0"),
    ],
)
def test_what_cannot_be_made_is_refused(
    preset: str, scale: float, seed: int, message: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=message):
        write_world(preset, scale, seed, tmp_path / "w")
    assert not (tmp_path / "w").exists()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("kept")
    with pytest.raises(UsageError, match="not an empty folder"):
        write_world("demo", 0.01, 1, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["precious"]
