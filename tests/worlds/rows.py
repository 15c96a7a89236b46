"""Exchanges and accounts by hand: what a test does not say is plain and differs from row to row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.model.tables_in import ACCOUNTS, EXCHANGES

START: Final = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
_SENTENCE: Final = "please compare how the river and the railway shaped the growth of town number"
WORDS: Final = _SENTENCE.split()
Row = Mapping[str, Any]


def at(seconds: float) -> datetime:
    """Return a moment after the start."""
    return START + timedelta(seconds=seconds)


def exchanges(rows: Iterable[Row], **same: Any) -> pa.Table:
    """Fill a table of exchanges: ids in order, a minute apart, all well; `same` is for every row."""
    filled = []
    for i, row in enumerate(rows):
        plain = {
            "exchange_id": f"x{i:05d}",
            "occurred_at": at(60.0 * i),
            "account_id": "a0",
            "source": "test",
            "model": "m",
            "status": 200,
        }
        filled.append({**plain, **same, **row})
    return pa.Table.from_pylist(filled, schema=EXCHANGES)


def accounts(rows: Iterable[Row], **same: Any) -> pa.Table:
    """Fill a table of accounts, by default paying ones of one plan and country."""
    plain = {"created_at": START - timedelta(days=90), "plan": "plus", "billing_country": "AA"}
    return pa.Table.from_pylist([{**plain, **same, **row} for row in rows], schema=ACCOUNTS)


def write_logs(
    folder: Path, exchanges_table: pa.Table, accounts_table: pa.Table | None = None, parts: int = 1
) -> Path:
    """Write a folder that a scan can read, the exchanges split into files."""
    (folder / "exchanges").mkdir(parents=True)
    size = -(-exchanges_table.num_rows // parts) or 1
    for i in range(parts):
        pq.write_table(
            exchanges_table.slice(i * size, size), folder / "exchanges" / f"part-{i:05d}.parquet"
        )
    if accounts_table is not None:
        pq.write_table(accounts_table, folder / "accounts.parquet")
    return folder


def strangers(count: int, each: int = 2) -> pa.Table:
    """Return exchanges of accounts that have nothing in common but the language."""
    return exchanges(
        {
            "account_id": f"a{i}",
            "prompt": " ".join(WORDS[(i + j) % len(WORDS) :] + [f"word{i}x{j}"] * 5),
            "user_agent": f"client-{i}/1",
        }
        for i in range(count)
        for j in range(each)
    )
