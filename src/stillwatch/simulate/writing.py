"""Writes a whole world into a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from stillwatch import __version__
from stillwatch.errors import UsageError
from stillwatch.model.tables_in import CONTROL_EVENTS, EXCHANGES, SCHEMA_VERSION
from stillwatch.simulate.arrivals import Arrivals
from stillwatch.simulate.presets import Preset
from stillwatch.simulate.records import DAY
from stillwatch.simulate.text.texts import Texts
from stillwatch.simulate.truth_file import TruthFile
from stillwatch.simulate.world import World
from stillwatch.simulate.writer import PartWriter, write_manifest


@dataclass(frozen=True, slots=True)
class WorldSummary:
    """What was written, and where."""

    folder: Path
    preset: str
    seed: int
    scale: float
    days: int
    accounts: int
    innocent_accounts: int
    exchanges: int
    campaigns: int
    campaign_exchanges: int


def write_world(
    preset: str | Preset,
    scale: float,
    seed: int,
    out: Path,
    progress: Callable[[str], None] | None = None,
    *,
    innocent_accounts: int | None = None,
    texts: Texts | None = None,
    arrivals: Arrivals | None = None,
) -> WorldSummary:
    """Write the world of a preset into a folder; equal arguments give equal bytes.

    The arguments are those of `World`. Raises UsageError as it does, and for a folder that already
    holds something.
    """
    tell = progress or (lambda _: None)
    world = World(
        preset, scale, seed, innocent_accounts=innocent_accounts, texts=texts, arrivals=arrivals
    )
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(
            f"{out} already exists and is not an empty folder", hint="name a new folder"
        )
    out.mkdir(parents=True, exist_ok=True)
    stage = world.stage
    exchanges = PartWriter(out / "exchanges", EXCHANGES)
    written = 0
    with (
        TruthFile(out / "truth_exchanges.parquet", stage.campaigns) as harvested,
        pq.ParquetWriter(out / "control_events.parquet", CONTROL_EVENTS, compression="zstd") as c,
    ):
        for day in range(stage.days):
            for rows, end in world.rows((day + 1) * DAY):
                if len(rows):
                    exchanges.write(world.table.render(rows))
                harvested.add(*world.harvested(rows))
                c.write_table(world.control_events(end))
                written += len(rows)
            tell(f"day {day + 1} of {stage.days}: {written:,} exchanges")
    exchanges.close()
    truth = world.truth()
    for name, table in (
        ("accounts", world.accounts()),
        ("account_events", world.account_events(0, stage.end)),
        ("models", world.models()),
        ("truth", truth),
    ):
        pq.write_table(table, out / f"{name}.parquet", compression="zstd")
    summary = WorldSummary(
        folder=out,
        preset=world.preset.name,
        seed=seed,
        scale=scale,
        days=stage.days,
        accounts=len(stage.accounts),
        innocent_accounts=truth["campaign_id"].null_count,
        exchanges=written,
        campaigns=len(stage.campaigns),
        campaign_exchanges=harvested.rows,
    )
    counts = {k: v for k, v in asdict(summary).items() if k != "folder"}
    facts: dict[str, Any] = {
        **counts,
        "stillwatch": __version__,
        "schema_version": SCHEMA_VERSION,
        "summary": world.preset.summary,
        "casts": [{"cast": type(cast).__name__, **asdict(cast)} for cast in world.preset.casts],
        "knobs": stage.knobs,
    }
    write_manifest(out, facts)
    return summary
