"""Batches of canonical Parquet: checked a column at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.ingest.batches import Gathering, IngestedBatch
from stillwatch.ingest.formats.parquet import row_record
from stillwatch.ingest.outcomes import Bad, Place
from stillwatch.ingest.validate import conform_batch
from stillwatch.model.hashing import to_hex
from stillwatch.model.tables_in import EXCHANGES


@dataclass(frozen=True, slots=True)
class Arrived:
    """A batch as it stood in a file."""

    origin: str
    first_row: int
    batch: pa.RecordBatch
    account: str | None
    """Column that is the account instead of account_id."""


def checked(arrived: Arrived, source: str | None, gathering: Gathering) -> IngestedBatch:
    """Return a batch's good rows, and its bad ones beside them; closes the gathering."""
    batch = _with_account(arrived.batch, arrived.account)
    if source is not None and "source" in batch.schema.names:
        batch = batch.drop_columns(["source"])
    clean, faults = conform_batch(batch, EXCHANGES, {"source": source or "canonical"})
    for row, reason in sorted(faults.reasons.items()):
        place = Place(arrived.origin, arrived.first_row + row)
        gathering.reject(Bad(place, reason, row_record(arrived.batch, row)))
    rows = np.arange(arrived.batch.num_rows, dtype=np.int64)
    if faults.reasons:
        rows = np.delete(rows, list(faults.reasons))
    clean, rows = _within_window(clean, rows, gathering)
    rest = gathering.close()
    origins = pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(len(rows), dtype=np.int32)), pa.array([arrived.origin])
    )
    return IngestedBatch(
        exchanges=clean,
        origins=origins,
        lines=pa.array(rows + arrived.first_row),
        rejected=rest.rejected,
        rejected_rows=rest.rejected_rows,
        left_out=rest.left_out,
        notes=rest.notes,
        bytes_read=rest.bytes_read,
    )


def _with_account(batch: pa.RecordBatch, column: str | None) -> pa.RecordBatch:
    if column is None:
        return batch
    accounts = batch.column(column)
    if column == "end_user_hash":
        hashes = accounts.to_pylist()
        accounts = pa.array([None if one is None else to_hex(one) for one in hashes], pa.string())
    if "account_id" in batch.schema.names:
        batch = batch.drop_columns(["account_id"])
    return batch.append_column("account_id", accounts)


def _within_window(
    batch: pa.RecordBatch, rows: np.ndarray, gathering: Gathering
) -> tuple[pa.RecordBatch, np.ndarray]:
    since, until = gathering.window
    if since is None and until is None:
        return batch, rows
    moments = batch.column("occurred_at").view(pa.int64())
    inside = pa.array(np.ones(len(rows), dtype=bool))
    if since is not None:
        inside = pc.and_(inside, pc.greater_equal(moments, since))
    if until is not None:
        inside = pc.and_(inside, pc.less(moments, until))
    outside = len(rows) - (pc.sum(inside).as_py() or 0)
    if outside:
        gathering.left_out["outside_window"] += outside
    return batch.filter(inside), rows[inside.to_numpy(zero_copy_only=False)]
