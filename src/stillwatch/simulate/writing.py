"""Writes a whole world into a folder."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

import pyarrow.parquet as pq

from stillwatch.errors import UsageError
from stillwatch.model.tables_in import CONTROL_EVENTS
from stillwatch.simulate.arrivals import Arrivals
from stillwatch.simulate.litellm import LiteLLMWriter
from stillwatch.simulate.manifest import write_manifest
from stillwatch.simulate.presets import Preset
from stillwatch.simulate.records import DAY
from stillwatch.simulate.shards import (
    ROWS_AT_ONCE,
    OwnSink,
    ProcessSink,
    Sink,
    processes_for,
    shards_for,
)
from stillwatch.simulate.text.texts import Texts
from stillwatch.simulate.truth_file import TruthFile
from stillwatch.simulate.world import World
from stillwatch.simulate.writer import FileFacts, PartWriter, Writer, facts_of, write_table

LogFormat = Literal["canonical", "litellm"]
"""In what form the exchanges are written."""
_LOGS: Final[dict[LogFormat, tuple[str, Callable[[Path, int | None], Writer]]]] = {
    "canonical": ("exchanges", PartWriter),
    "litellm": ("litellm", LiteLLMWriter),
}


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
    days: int | None = None,
    texts: Texts | None = None,
    arrivals: Arrivals | None = None,
    processes: int | None = None,
    log_format: LogFormat = "canonical",
) -> WorldSummary:
    """Write the world of a preset into a folder; equal arguments give equal bytes.

    The arguments are those of `World`. `processes` says how many render and write a large world
    (by default one a core); it changes no byte. `log_format` is that of the exchanges. Raises
    UsageError as `World` does, and for a folder that already holds something.
    """
    world = World(
        preset,
        scale,
        seed,
        innocent_accounts=innocent_accounts,
        days=days,
        texts=texts,
        arrivals=arrivals,
    )
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(
            f"{out} already exists and is not an empty folder", hint="name a new folder"
        )
    out.mkdir(parents=True, exist_ok=True)
    if progress is not None:
        progress(f"{len(world.stage.accounts):,} accounts are on stage")
    shards = shards_for(world.expected())
    folder, writer = _LOGS[log_format]
    writers = [writer(out / folder, k if shards > 1 else None) for k in range(shards)]
    helpers = processes_for(shards, processes)
    written = 0
    files: list[FileFacts] = []
    with TruthFile(out / "truth_exchanges.parquet", world.stage.campaigns) as harvested:
        with ExitStack() as open_things:
            sink: Sink = (
                open_things.enter_context(ProcessSink(world.table, writers, helpers))
                if helpers
                else OwnSink(world.table, writers)
            )
            control = open_things.enter_context(
                pq.ParquetWriter(out / "control_events.parquet", CONTROL_EVENTS, compression="zstd")
            )
            calls = 0
            clock = Clock(world.stage.days, progress)
            for day in range(world.stage.days):
                for rows, end in world.rows((day + 1) * DAY, ROWS_AT_ONCE * shards):
                    if len(rows):
                        sink.write(rows)
                    harvested.add(*world.harvested(rows))
                    events = world.control_events(end)
                    control.write_table(events)
                    calls += len(events)
                    written += len(rows)
                clock.day(day + 1, written)
            files += sink.finish()
        files.append(facts_of(out / "control_events.parquet", calls))
    files.append(facts_of(out / "truth_exchanges.parquet", harvested.rows))
    truth = world.truth()
    files += [
        write_table(table, out / f"{name}.parquet")
        for name, table in (
            ("accounts", world.accounts()),
            ("account_events", world.account_events(0, world.stage.end)),
            ("models", world.models()),
            ("truth", truth),
        )
    ]
    summary = WorldSummary(
        folder=out,
        preset=world.preset.name,
        seed=seed,
        scale=scale,
        days=world.stage.days,
        accounts=len(world.stage.accounts),
        innocent_accounts=truth["campaign_id"].null_count,
        exchanges=written,
        campaigns=len(world.stage.campaigns),
        campaign_exchanges=harvested.rows,
    )
    counts = {k: v for k, v in asdict(summary).items() if k != "folder"}
    write_manifest(out, world, counts, files)
    return summary


class Clock:
    """Tells how far a world has come, how fast, and how long the rest will take."""

    def __init__(self, days: int, tell: Callable[[str], None] | None) -> None:
        """Start counting; `tell` is given one sentence a day."""
        self._days, self._tell, self._begin = days, tell, time.monotonic()

    def day(self, done: int, exchanges: int) -> None:
        """Tell that so many days are done."""
        if self._tell is None:
            return
        passed = max(time.monotonic() - self._begin, 1e-9)
        left = passed / done * (self._days - done)
        self._tell(
            f"day {done} of {self._days}: {exchanges:,} exchanges, {exchanges / passed:,.0f} "
            f"a second, {left:,.0f} s left"
        )
