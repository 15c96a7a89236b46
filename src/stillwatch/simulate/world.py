"""Makes a whole world: cast, then day by day demand, service, relay, text and files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from stillwatch import __version__
from stillwatch.errors import UsageError
from stillwatch.model.hashing import HashKey
from stillwatch.model.tables_in import (
    ACCOUNT_EVENTS,
    ACCOUNTS,
    EXCHANGES,
    SCHEMA_VERSION,
    TRUTH,
    TRUTH_EXCHANGES,
)
from stillwatch.settings import PUBLIC_DEVELOPMENT_KEY
from stillwatch.simulate.calendar import moment
from stillwatch.simulate.demand import Demand
from stillwatch.simulate.exchanges import ExchangeTable
from stillwatch.simulate.presets import PRESETS, Preset
from stillwatch.simulate.records import DAY, TURN, Rows
from stillwatch.simulate.schedulers import Scheduler, scheduler_for
from stillwatch.simulate.service import attempts, outages
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.writer import PartWriter, write_manifest, write_table


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
    preset: str, scale: float, seed: int, out: Path, progress: Callable[[str], None] | None = None
) -> WorldSummary:
    """Write the world of a preset into a folder; equal arguments give equal bytes.

    Raises UsageError for an unknown preset, a scale that is not positive, a negative seed or a
    folder that already holds something.
    """
    if preset not in PRESETS:
        raise UsageError(
            f"there is no preset called {preset!r}", hint="use one of: " + ", ".join(PRESETS)
        )
    if not 0 < scale <= 10_000:
        raise UsageError(f"--scale must be above 0 and at most 10000, not {scale:g}")
    if not 0 <= seed < 1 << 31:
        raise UsageError(f"--seed must be a whole number from 0 to {(1 << 31) - 1}, not {seed}")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(
            f"{out} already exists and is not an empty folder", hint="name a new folder"
        )
    out.mkdir(parents=True, exist_ok=True)
    return _World(PRESETS[preset].scaled(scale), seed).write(
        out, scale, progress or (lambda _: None)
    )


class _World:
    def __init__(self, preset: Preset, seed: int) -> None:
        self._preset = preset
        self._stage = stage = Stage(seed=seed, days=preset.days)
        for cast in preset.casts:
            cast.populate(stage)
        self._demand = Demand(stage)
        self._outages = outages(seed, preset.days)
        self._table = ExchangeTable(stage, HashKey.from_text(PUBLIC_DEVELOPMENT_KEY))
        lanes = [speaker.lane for speaker in stage.speakers]
        self._schedulers: list[Scheduler] = [scheduler_for(p, lanes, seed) for p in stage.pools]
        self._pool = np.array([-1 if s.pool is None else s.pool for s in stage.speakers])
        self._campaign = np.array(
            [-1 if s.campaign is None else s.campaign for s in stage.settings]
        )
        self._waiting = [np.zeros(0, TURN) for _ in stage.pools]
        self._ready = np.zeros(0, TURN)
        self._harvested: dict[int, int] = {}

    def write(self, out: Path, scale: float, progress: Callable[[str], None]) -> WorldSummary:
        stage = self._stage
        parts = PartWriter(out / "exchanges", EXCHANGES)
        campaign_ids: list[str] = []
        exchange_ids: list[pa.Array] = []
        written = 0
        for day in range(stage.days):
            rows = self.advance(day)
            if len(rows):
                table = self._table.render(rows)
                parts.write(table)
                campaign = self._campaign[rows["setting"]]
                mine = np.flatnonzero(campaign >= 0)
                campaign_ids += [stage.campaigns[c] for c in campaign[mine].tolist()]
                exchange_ids.append(table["exchange_id"].combine_chunks().take(pa.array(mine)))
                for account, c in zip(
                    rows["account"][mine].tolist(), campaign[mine].tolist(), strict=True
                ):
                    self._harvested[account] = c
                written += len(rows)
            open_rows = [self._ready, *self._waiting]
            self._table.forget(np.unique(np.concatenate([r["conversation"] for r in open_rows])))
            progress(f"day {day + 1} of {stage.days}: {written:,} exchanges")
        parts.close()
        self._small_tables(out, exchange_ids, campaign_ids)
        summary = WorldSummary(
            folder=out,
            preset=self._preset.name,
            seed=stage.seed,
            scale=scale,
            days=stage.days,
            accounts=len(stage.accounts),
            innocent_accounts=len(stage.accounts) - len(self._harvested),
            exchanges=written,
            campaigns=len(stage.campaigns),
            campaign_exchanges=len(campaign_ids),
        )
        counts = {k: v for k, v in asdict(summary).items() if k != "folder"}
        facts: dict[str, Any] = {
            **counts,
            "stillwatch": __version__,
            "schema_version": SCHEMA_VERSION,
            "summary": self._preset.summary,
            "casts": [{"cast": type(cast).__name__, **asdict(cast)} for cast in self._preset.casts],
            "knobs": stage.knobs,
        }
        write_manifest(out, facts)
        return summary

    def advance(self, day: int) -> Rows:
        """Return every attempt of one day in time order; later ones wait for their day."""
        stage, end = self._stage, (day + 1) * DAY
        turns = self._demand.day(day)
        planned = attempts(turns, self._pool[turns["speaker"]] >= 0, self._outages)
        pool = self._pool[planned["speaker"]]
        ready = [self._ready, planned[pool < 0]]
        for number, scheduler in enumerate(self._schedulers):
            mine = np.concatenate([self._waiting[number], planned[pool == number]])
            mine = mine[np.lexsort((mine["attempt"], mine["conversation"], mine["at"]))]
            due = mine["at"] < end
            self._waiting[number] = mine[~due]
            ready.append(scheduler.assign(mine[due]))
        rows = np.concatenate(ready)
        due = rows["at"] < end
        self._ready = rows[~due]
        rows = rows[due & (rows["at"] < stage.end)]
        return rows[np.lexsort((self._table.names(rows), rows["at"]))]

    def _small_tables(self, out: Path, ids: list[pa.Array], campaigns: list[str]) -> None:
        stage = self._stage
        order = sorted(
            range(len(stage.accounts)), key=lambda k: str(stage.accounts[k].fields["account_id"])
        )
        accounts = [stage.accounts[k] for k in order]
        write_table([a.fields for a in accounts], ACCOUNTS, out / "accounts.parquet")
        events = sorted(
            (at, str(stage.accounts[a].fields["account_id"]), f, v) for a, at, f, v in stage.events
        )
        write_table(
            [
                {"account_id": a, "occurred_at": moment(at), "field": f, "value": v}
                for at, a, f, v in events
            ],
            ACCOUNT_EVENTS,
            out / "account_events.parquet",
        )
        truth = [
            {
                "account_id": account.fields["account_id"],
                "population": account.population,
                "campaign_id": stage.campaigns[self._harvested[k]]
                if k in self._harvested
                else None,
                "operator": account.operator,
            }
            for k, account in zip(order, accounts, strict=True)
        ]
        write_table(truth, TRUTH, out / "truth.parquet")
        all_ids = pa.concat_arrays(ids).to_pylist() if ids else []
        pairs = sorted(zip(all_ids, campaigns, strict=True))
        write_table(
            [{"exchange_id": e, "campaign_id": c} for e, c in pairs],
            TRUTH_EXCHANGES,
            out / "truth_exchanges.parquet",
        )
