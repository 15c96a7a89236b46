"""One demo world, made once, that the tests of this folder read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.simulate import WorldSummary, write_world


@dataclass(frozen=True, slots=True)
class World:
    """A world's tables in memory."""

    folder: Path
    summary: WorldSummary
    exchanges: pa.Table
    accounts: pa.Table
    truth: pa.Table
    truth_exchanges: pa.Table


def open_world(preset: str, scale: float, seed: int, folder: Path) -> World:
    """Write a world and read it back."""
    summary = write_world(preset, scale, seed, folder)
    return World(
        folder,
        summary,
        pq.read_table(folder / "exchanges"),
        *(pq.read_table(folder / f"{t}.parquet") for t in ("accounts", "truth", "truth_exchanges")),
    )


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> World:
    return open_world("demo", 0.5, 11, tmp_path_factory.mktemp("demo") / "world")
