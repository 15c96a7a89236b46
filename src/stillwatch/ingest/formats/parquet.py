"""Parquet files: the canonical schema a column at a time, anything else through a mapping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.ingest.coerce import REQUIRED
from stillwatch.ingest.locations import LogFile
from stillwatch.ingest.outcomes import Bad, Note, Outcome, Place
from stillwatch.model.tables_in import EXCHANGES

_BATCH_BYTES: Final = 64 << 20


def open_parquet(file: LogFile) -> pq.ParquetFile:
    """Open a Parquet file; raises OSError or ArrowInvalid if it is damaged."""
    return pq.ParquetFile(file.open_file(), memory_map=False)


def missing_columns(names: Iterable[str], account: str | None) -> list[str]:
    """Return the required columns that a file lacks; `source` has a default."""
    present = set(names) | {"source"} | ({"account_id"} if account is not None else set())
    return [name for name in REQUIRED if name not in present] + (
        [account] if account is not None and account not in present else []
    )


def extra_columns(names: Iterable[str]) -> Iterator[Note]:
    """Say once which columns nobody will read."""
    extra = sorted(set(names) - set(EXCHANGES.names))
    if extra:
        yield Note("columns that are not part of the schema were ignored: " + ", ".join(extra))


def batches(
    file: LogFile, table: pq.ParquetFile, columns: list[str], rows: int
) -> Iterator[tuple[int, pa.RecordBatch] | Bad]:
    """Yield batches with the number of their first row; a file that breaks off ends in a Bad.

    Batches are small enough to hold about 64 MB of text.
    """
    about = table.metadata
    stored = sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups))
    per_row = max(1, stored // max(1, about.num_rows))
    size = max(1, min(rows, _BATCH_BYTES // per_row))
    at = 1
    try:
        for batch in table.iter_batches(batch_size=size, columns=columns):
            if batch.num_rows:
                yield at, batch
            at += batch.num_rows
    except (OSError, pa.ArrowException) as error:
        lost = max(1, about.num_rows - at + 1)
        reason = f"the Parquet file is damaged from row {at} on, {lost} rows lost: {_line(error)}"
        yield Bad(Place(file.name, at), reason, "", rows=lost)


def unreadable(file: LogFile, error: BaseException) -> Outcome:
    """Return the rejection of a whole Parquet file."""
    return Bad(Place(file.name, 1), f"cannot be read as Parquet: {_line(error)}", "")


def lacking(file: LogFile, rows: int, missing: list[str], names: Iterable[str]) -> Outcome:
    """Return the rejection of a whole file that lacks a column."""
    listed = ", ".join(names)
    reason = (
        f"column {', '.join(missing)} is missing, so none of its {rows} rows was read; "
        "rename it, or describe the file with --map mapping.toml"
    )
    return Bad(Place(file.name, 1), reason, f"columns: {listed}", rows=max(1, rows))


def row_record(batch: pa.RecordBatch, row: int) -> dict[str, Any]:
    """Return a row as it stood in the file, for `rejected`."""
    return {
        name: batch.column(i)[row].as_py() if _showable(batch.column(i)[row]) else "?"
        for i, name in enumerate(batch.schema.names)
    }


def _showable(value: Any) -> bool:
    try:
        value.as_py()
    except (ValueError, OverflowError):  # A timestamp that Python has no year for.
        return False
    return True


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300]
