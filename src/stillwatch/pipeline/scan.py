"""The scan, the whole way on one page: logs in, explained groups out."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

import stillwatch
from stillwatch.detect import (
    Detection,
    Parameters,
    detect,
    link_kinds,
    readiness_table,
    trait_kinds,
)
from stillwatch.engine import Engine, open_engine
from stillwatch.errors import InputError
from stillwatch.fingerprint import Fingerprinter
from stillwatch.ingest import (
    Companions,
    IngestOptions,
    find_companions,
    log_files,
    read_account_events,
    read_accounts,
    split_duplicates,
)
from stillwatch.model.tables_in import ACCOUNT_EVENTS, ACCOUNTS, SCHEMA_VERSION
from stillwatch.model.tables_out import REJECTED
from stillwatch.pipeline.fingerprinting import fingerprint_logs
from stillwatch.pipeline.presence import PresenceCounter
from stillwatch.pipeline.record import file_digests, write_record
from stillwatch.respond.report import write_report

Stage = Callable[[str], None]
INTERMEDIATE: Final = "intermediate"
_SECRET: Final = ("sampling_salt",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOptions:
    """Everything that a scan is told."""

    ingest: IngestOptions
    accounts: str | None = None
    account_events: str | None = None
    engine: str = "duckdb"
    threads: int = 0
    memory_limit: str = "1GB"
    temporary_directory: Path | None = None
    public_key: bool = False
    """Whether hashes are made under the public development key, which the report then says."""
    keep_intermediate: bool = False
    """Keep the fingerprints beside the results, to open or to scan again."""


@dataclass(slots=True)
class ScanReport:
    """What a scan did, written as `scan.json`."""

    exchanges: int = 0
    accounts: int = 0
    rejected: int = 0
    repeated: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    timings: dict[str, float] = field(default_factory=dict)
    campaigns: int = 0
    groups: int = 0


def scan(
    logs: Sequence[str], out: Path, options: ScanOptions, stage: Stage, progress: Any = None
) -> ScanReport:
    """Scan logs and write all result tables, `report.html` and `scan.json` into `out`.

    `out` is made anew but for files that a scan does not write. How many rejected rows are too many
    is the caller's to decide, from the report. Raises InputError where there is nothing to scan.
    """
    report = ScanReport()
    clock = _Clock(report.timings, stage)
    out.mkdir(parents=True, exist_ok=True)
    parts = out / INTERMEDIATE
    shutil.rmtree(parts, ignore_errors=True)
    parts.mkdir()
    beside = find_companions(logs)
    clock.begin("fingerprint")
    streamed = fingerprint_logs(
        logs,
        options.ingest,
        Fingerprinter(options.ingest.key),
        parts,
        threads=options.threads,
        progress=progress,
    )
    report.left_out, report.notes = streamed.left_out, streamed.notes
    if streamed.rows == 0:
        raise InputError(
            "no exchange could be read",
            source=", ".join(logs),
            hint="`stillwatch ingest` writes the rejected rows with their reasons",
        )
    with open_engine(
        options.engine,
        threads=options.threads,
        memory_limit=options.memory_limit,
        temporary_directory=options.temporary_directory or parts,
    ) as engine:
        claims, rejected = _load(engine, beside, streamed.parts, options, report)
        rejected.append(streamed.rejected)
        parameters = Parameters(sampling_salt=options.ingest.key.derived("sampling"))
        fields = streamed.presence.fields("exchanges") | claims.presence().fields("accounts")
        found = detect(engine, parameters, fields, clock.begin)
        report.accounts = engine.scalar("SELECT count(*) FROM account_index")
        report.exchanges = engine.scalar("SELECT count(*) FROM fingerprints")
        clock.begin("write")
        found.tables["readiness"] = readiness_table(
            streamed.presence,
            claims.presence(),
            trait_kinds(),
            link_kinds(),
            parameters,
            account_count=report.accounts,
            tested_pairs=found.tested_pairs,
        )
        found.tables["rejected"] = _sorted(pa.concat_tables(rejected))
        for name, table in found.tables.items():
            pq.write_table(table, out / f"{name}.parquet", compression="zstd")
        window = engine.arrow(
            "SELECT min(occurred_at) AS first, max(occurred_at) AS last FROM fingerprints"
        ).to_pylist()[0]
    kinds = found.tables["groups"]["kind"].to_pylist()
    report.campaigns, report.groups = kinds.count("campaign"), len(kinds)
    report.rejected = streamed.rejected_rows + sum(t.num_rows for t in rejected[:-1])
    report.notes += _honest_notes(found, options, report)
    if not options.keep_intermediate:
        shutil.rmtree(parts)
    clock.end()
    write_record(
        out,
        {
            "stillwatch_version": stillwatch.__version__,
            "schema_version": SCHEMA_VERSION,
            "parameters": {
                **{k: v for k, v in asdict(parameters).items() if k not in _SECRET},
                "engine": options.engine,
                "calibration": found.calibration,
            },
            "inputs": file_digests(
                log_files(logs),
                options.accounts or beside.accounts,
                options.account_events or beside.account_events,
            ),
            "counts": {
                "exchanges": report.exchanges,
                "accounts": report.accounts,
                "rejected": report.rejected,
                "repeated": report.repeated,
                "left_out": dict(sorted(report.left_out.items())),
                "groups": report.groups,
                "campaigns": report.campaigns,
                "candidates": found.candidates,
            },
            "timings": report.timings,
            "window": window,
            "notes": report.notes,
        },
    )
    write_report(out)
    return report


def _load(
    engine: Engine,
    beside: Companions,
    parts: Sequence[Path],
    options: ScanOptions,
    report: ScanReport,
) -> tuple[PresenceCounter, list[pa.Table]]:
    """Create `fingerprints`, `accounts` and `account_events`; return claims held and rows rejected."""
    engine.add_parquet("arrivals", parts)
    arrived = engine.scalar("SELECT count(*) FROM arrivals")
    lost = split_duplicates(engine, "arrivals", "fingerprints")
    kept = engine.scalar("SELECT count(*) FROM fingerprints")
    report.repeated = arrived - kept - lost.num_rows
    claims = PresenceCounter(ACCOUNTS)
    rejected = [lost]
    accounts = options.accounts or beside.accounts
    table, bad = (
        read_accounts(accounts, options.ingest.key)
        if accounts
        else (ACCOUNTS.empty_table(), REJECTED.empty_table())
    )
    claims.add(table)
    engine.add_arrow("accounts", table)
    rejected.append(bad)
    events = options.account_events or beside.account_events
    table, bad = (
        read_account_events(events)
        if events
        else (ACCOUNT_EVENTS.empty_table(), REJECTED.empty_table())
    )
    engine.add_arrow("account_events", table)
    rejected.append(bad)
    return claims, rejected


def _sorted(rejected: pa.Table) -> pa.Table:
    return rejected.sort_by([(name, "ascending") for name in REJECTED.names])


def _honest_notes(found: Detection, options: ScanOptions, report: ScanReport) -> list[str]:
    notes = [
        f"Likelihoods: {found.calibration}.",
        "Ranked, no guarantee: q-values come from these likelihoods and an assumed prior, not from "
        "innocent groups of this deployment (n = 0).",
    ]
    if found.unjudged:
        notes.append(f"Not judged, for lack of fields: {', '.join(found.unjudged)}.")
        if "concealment.declared_relation" in found.unjudged:
            notes.append(
                "Without an account table nobody can be said to hide anything, so no group is called "
                "a campaign; give one with --accounts."
            )
    if options.public_key:
        notes.append(
            "Hashes are made under the public development key; set STILLWATCH_HASH_KEY to your own."
        )
    if report.left_out:
        listed = ", ".join(f"{rows:,} {why}" for why, rows in sorted(report.left_out.items()))
        notes.append(f"Rows left out on purpose: {listed}.")
    return notes


class _Clock:
    """Times stages one after another and tells who listens."""

    def __init__(self, timings: dict[str, float], listener: Stage) -> None:
        self._timings = timings
        self._listener = listener
        self._name: str | None = None
        self._since = 0.0

    def begin(self, name: str) -> None:
        self.end()
        self._name, self._since = name, time.perf_counter()
        self._listener(name)

    def end(self) -> None:
        if self._name is not None:
            spent = time.perf_counter() - self._since
            self._timings[self._name] = round(self._timings.get(self._name, 0.0) + spent, 3)
            self._name = None
