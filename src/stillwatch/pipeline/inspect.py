"""`stillwatch readiness`: what a source can show, without fingerprinting or judging anything."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from stillwatch.detect import Parameters, link_kinds, readiness_table, trait_kinds
from stillwatch.ingest import IngestOptions, Progress, find_companions, read_accounts, read_logs
from stillwatch.model.tables_in import ACCOUNTS, EXCHANGES
from stillwatch.pipeline.presence import PresenceCounter


def inspect_source(
    logs: Sequence[str],
    options: IngestOptions,
    *,
    accounts: str | None = None,
    progress: Progress | None = None,
) -> tuple[pa.Table, list[str]]:
    """Return the readiness table of a source, and notes on how it was read."""
    exchanges = PresenceCounter(EXCHANGES)
    claims = PresenceCounter(ACCOUNTS)
    seen: set[str] = set()
    notes: list[str] = []
    rejected = 0
    for batch in read_logs(logs, options, progress):
        exchanges.add(batch.exchanges)
        seen.update(pa.compute.unique(batch.exchanges["account_id"]).to_pylist())
        rejected += batch.rejected_rows
        notes += batch.notes
        notes += [f"{rows:,} rows left out: {why}" for why, rows in batch.left_out.items()]
    accounts = accounts or find_companions(logs).accounts
    if accounts is not None:
        table, bad = read_accounts(accounts, options.key)
        claims.add(table)
        rejected += bad.num_rows
    if rejected:
        notes.append(f"{rejected:,} rows would be rejected; `stillwatch ingest` lists them")
    table = readiness_table(
        exchanges.presence(),
        claims.presence(),
        trait_kinds(),
        link_kinds(),
        Parameters(),
        account_count=len(seen),
    )
    return table, notes
