"""Small worlds and their scans, made once a session for every test that asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.ingest import IngestOptions
from stillwatch.model.hashing import HashKey
from stillwatch.model.tables_out import RESULT_TABLES
from stillwatch.model.tables_picture import TIES, TIMELINE
from stillwatch.model.vocabulary import NAMED_PROBABILITY
from stillwatch.pipeline import ScanOptions, ScanReport, scan
from stillwatch.simulate import write_world

KEY = HashKey.from_text("key of the tests")
WRITTEN = {**RESULT_TABLES, "timeline": TIMELINE, "ties": TIES}
"""Every table that a scan writes."""


@dataclass(frozen=True)
class World:
    """A made world, and what is true of it."""

    folder: Path

    @cached_property
    def population(self) -> dict[str, str]:
        """Return each account's population."""
        truth = pq.read_table(self.folder / "truth.parquet")
        return dict(
            zip(truth["account_id"].to_pylist(), truth["population"].to_pylist(), strict=True)
        )

    @cached_property
    def campaign(self) -> set[str]:
        """Return the accounts that carry a campaign's exchanges."""
        truth = pq.read_table(self.folder / "truth.parquet").to_pylist()
        return {row["account_id"] for row in truth if row["campaign_id"] is not None}

    @cached_property
    def exchanges(self) -> pa.Table:
        """Return all exchanges."""
        return pq.read_table(self.folder / "exchanges")


@dataclass(frozen=True)
class Scan:
    """A scan's folder and what the scan reported."""

    folder: Path
    report: ScanReport
    stages: list[str] = field(default_factory=list)

    def table(self, name: str) -> pa.Table:
        """Return one of the tables as it was written."""
        return pq.read_table(self.folder / f"{name}.parquet")

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return a table's rows."""
        rows: list[dict[str, Any]] = self.table(name).to_pylist()
        return rows

    def named(self) -> set[str]:
        """Return the accounts that the scan names."""
        campaigns = {g["group_id"] for g in self.rows("groups") if g["kind"] == "campaign"}
        return {
            m["account_id"]
            for m in self.rows("members")
            if m["group_id"] in campaigns and m["probability"] >= NAMED_PROBABILITY
        }


def run_scan(logs: Path | Iterable[Path], out: Path, **options: Any) -> Scan:
    """Scan logs into a folder; `options` are those of ScanOptions."""
    paths = [str(logs)] if isinstance(logs, Path) else [str(path) for path in logs]
    stages: list[str] = []
    chosen = ScanOptions(**{"ingest": IngestOptions(key=KEY), "threads": 2, **options})
    report = scan(paths, out, chosen, stages.append)
    return Scan(out, report, stages)


@pytest.fixture(scope="session")
def demo_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Innocents of every kind and one hidden pool."""
    folder = tmp_path_factory.mktemp("demo") / "world"
    write_world("demo", 1.0, 3, folder)
    return World(folder)


@pytest.fixture(scope="session")
def demo_scan(demo_world: World, tmp_path_factory: pytest.TempPathFactory) -> Scan:
    return run_scan(demo_world.folder, tmp_path_factory.mktemp("demo-scan"))


@pytest.fixture(scope="session")
def null_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Innocents of every kind and nobody else."""
    folder = tmp_path_factory.mktemp("null") / "world"
    write_world("null", 0.35, 7, folder)
    return World(folder)


@pytest.fixture(scope="session")
def null_scan(null_world: World, tmp_path_factory: pytest.TempPathFactory) -> Scan:
    return run_scan(null_world.folder, tmp_path_factory.mktemp("null-scan"))
