"""The scan, the whole way on one page: logs in, explained groups out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

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
    IngestOptions,
    Tally,
    log_files,
    read_logs,
    split_duplicates,
)
from stillwatch.model.tables_in import SCHEMA_VERSION
from stillwatch.pipeline.beside import files_beside, load_tables_beside, read_tables_beside
from stillwatch.pipeline.fingerprinting import Streamed, fingerprint_logs
from stillwatch.pipeline.record import input_entries, write_record
from stillwatch.pipeline.result_folder import ResultFolder
from stillwatch.respond.report import write_report

Stage = Callable[[str], None]
_SECRET: Final = ("sampling_salt",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOptions:
    """Everything that a scan is told."""

    ingest: IngestOptions
    accounts: str | None = None
    account_events: str | None = None
    control_events: str | None = None
    authorised_use: str | None = None
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
    repeated: int = 0
    tallies: dict[str, Tally] = field(default_factory=dict)
    """Rows of each table in, good and rejected."""
    left_out: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    timings: dict[str, float] = field(default_factory=dict)
    campaigns: int = 0
    groups: int = 0

    @property
    def rejected(self) -> int:
        """Rows rejected, of all tables in."""
        return sum(tally.rejected for tally in self.tallies.values())


def scan(
    logs: Sequence[str], out: Path, options: ScanOptions, stage: Stage, progress: Any = None
) -> ScanReport:
    """Scan logs and write all result tables, `report.html` and `scan.json` into `out`.

    Results of an earlier scan in `out` are removed first. How many rejected rows are too many is
    the caller's to decide, from the report. Raises InputError where there is nothing to scan; then
    `out` holds no result but `rejected.parquet`. A UsageError leaves `out` as it was.
    """
    with ResultFolder(out, keep_intermediate=options.keep_intermediate) as folder:
        return _scan_into(folder, logs, options, stage, progress)


def _scan_into(
    folder: ResultFolder,
    logs: Sequence[str],
    options: ScanOptions,
    stage: Stage,
    progress: Any,
) -> ScanReport:
    report = ScanReport()
    clock = _Clock(report.timings, stage)
    batches = read_logs(logs, options.ingest, progress)
    beside = files_beside(logs, options)
    inputs = [*log_files(logs), *(f for path in beside.values() for f in log_files([path]))]
    clock.begin("fingerprint")
    # Some options can be judged only by what stands in the logs; the first batch shows it, before
    # anything of an older scan is removed.
    first = list(islice(batches, 1))
    folder.begin(inputs)
    tables = read_tables_beside(beside, options.ingest.key, folder.rejected, report.tallies)
    streamed = fingerprint_logs(
        chain(first, batches),
        Fingerprinter(options.ingest.key),
        folder.parts,
        folder.rejected,
        threads=options.threads,
    )
    report.left_out, report.notes = streamed.left_out, streamed.notes
    if streamed.rows == 0:
        raise InputError(
            "no exchange could be read",
            source=", ".join(logs),
            hint=_why_nothing(folder, streamed),
        )
    with open_engine(
        options.engine,
        threads=options.threads,
        memory_limit=options.memory_limit,
        temporary_directory=options.temporary_directory or folder.parts,
    ) as engine:
        _load(engine, streamed, folder.rejected, report)
        held = load_tables_beside(engine, tables)
        parameters = Parameters(sampling_salt=options.ingest.key.derived("sampling"))
        fields = streamed.presence.fields("exchanges").union(
            *(presence.fields(name) for name, presence in held.items())
        )
        found = detect(engine, parameters, fields, clock.begin)
        report.accounts = engine.scalar("SELECT count(*) FROM account_index")
        clock.begin("write")
        found.tables["readiness"] = readiness_table(
            streamed.presence,
            held["accounts"],
            trait_kinds(),
            link_kinds(),
            parameters,
            account_count=report.accounts,
            tested_pairs=found.tested_pairs,
        )
        folder.write(found.tables)
        window = engine.arrow(
            "SELECT min(occurred_at) AS first, max(occurred_at) AS last FROM fingerprints"
        ).to_pylist()[0]
    kinds = found.tables["groups"]["kind"].to_pylist()
    report.campaigns, report.groups = kinds.count("campaign"), len(kinds)
    report.notes += _honest_notes(found, options, report)
    digested = input_entries(inputs)
    unread = sum(entry["sha256"] is None for entry in digested)
    if unread:
        report.notes.append(
            f"{unread:,} of {len(digested):,} input files could not be read again for their SHA-256; "
            "`inputs` says why."
        )
    clock.end()
    write_record(
        folder.out,
        {
            "stillwatch_version": stillwatch.__version__,
            "schema_version": SCHEMA_VERSION,
            "parameters": {
                **{k: v for k, v in asdict(parameters).items() if k not in _SECRET},
                "engine": options.engine,
                "calibration": found.calibration,
            },
            "inputs": digested,
            "counts": {
                "exchanges": report.exchanges,
                "accounts": report.accounts,
                "rejected": report.rejected,
                "rejected_by_table": {n: tally.rejected for n, tally in report.tallies.items()},
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
    write_report(folder.out)
    return report


def _why_nothing(folder: ResultFolder, streamed: Streamed) -> str:
    if streamed.left_out:
        listed = ", ".join(f"{rows:,} {why}" for why, rows in sorted(streamed.left_out.items()))
        return f"rows left out on purpose: {listed}; is the window right?"
    if streamed.rejected_rows:
        return f"the column `reason` of {folder.out / 'rejected.parquet'} says why"
    return "the files hold no record"


def _load(
    engine: Engine,
    streamed: Streamed,
    rejected: list[pa.Table],
    report: ScanReport,
) -> None:
    """Create `fingerprints`, one row an exchange."""
    engine.add_parquet("arrivals", streamed.parts)
    lost = split_duplicates(engine, "arrivals", "fingerprints")
    rejected.append(lost)
    report.exchanges = engine.scalar("SELECT count(*) FROM fingerprints")
    report.repeated = streamed.rows - report.exchanges - lost.num_rows
    good = report.exchanges + report.repeated
    exchanges = Tally(streamed.rejected_rows + lost.num_rows, good)
    report.tallies = {"exchanges": exchanges, **report.tallies}


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
    events = report.tallies.get("account_events")
    if events is not None and events.good:
        notes.append("Of the account events suspensions are judged; nothing judges the others yet.")
    notes += _said_of_declarations(found, report)
    if options.public_key:
        notes.append(
            "Hashes are made under the public development key; set STILLWATCH_HASH_KEY to your own."
        )
    if report.left_out:
        listed = ", ".join(f"{rows:,} {why}" for why, rows in sorted(report.left_out.items()))
        notes.append(f"Rows left out on purpose: {listed}.")
    return notes


def _said_of_declarations(found: Detection, report: ScanReport) -> list[str]:
    declared = report.tallies.get("authorised_use")
    if declared is None:
        return []
    said = found.authorised
    return [
        f"Authorised use: {said.accounts:,} accounts in these logs are declared, and none of them is "
        f"named. {said.groups:,} groups are mostly theirs and for that no campaign; from other "
        f"groups {said.taken_out:,} of them were taken out."
    ]


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
