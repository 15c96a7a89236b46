"""Gathers outcomes into batches of the canonical schema."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa

from stillwatch.ingest.coerce import COERCERS, COLUMNS, REQUIRED, conform
from stillwatch.ingest.options import IngestOptions
from stillwatch.ingest.outcomes import Bad, Good, LeftOut, Note, Outcome, RecordError, record_text
from stillwatch.model.tables_in import EXCHANGES
from stillwatch.model.tables_out import REJECTED

_BATCH_TEXT: Final = 64 << 20
"""Characters of text and rejected records after which a batch is closed early."""


@dataclass(frozen=True, slots=True)
class IngestedBatch:
    """Rows of a log, checked, with what was rejected and left out beside them."""

    exchanges: pa.RecordBatch
    """Exactly `tables_in.EXCHANGES`."""
    origins: pa.Array
    """The file each row came from (dictionary of strings)."""
    lines: pa.Array
    """The 1-based line or row of each row in that file (int64)."""
    rejected: pa.RecordBatch
    """Exactly `tables_out.REJECTED`."""
    rejected_rows: int
    """Rows lost with `rejected`: a file that could not be read counts all its rows."""
    left_out: Mapping[str, int]
    """Reason → rows that were left out on purpose."""
    notes: tuple[str, ...]
    """Remarks for the reader of the log, each said once in a run."""
    bytes_read: int
    """Bytes of the files, as stored, that were read since the batch before."""


@dataclass(slots=True)
class Gathering:
    """Rows on their way into a batch."""

    options: IngestOptions
    columns: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in COLUMNS})
    origins: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rejected: list[tuple[str, int, str, str]] = field(default_factory=list)
    rejected_rows: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    text: int = 0
    bytes_read: int = 0
    window: tuple[int | None, int | None] = (None, None)

    def __post_init__(self) -> None:
        self.window = self.options.window()

    def take(self, outcome: Outcome) -> None:
        """Check one outcome and keep it."""
        match outcome:
            case Good():
                self._row(outcome)
            case Bad():
                self.reject(outcome)
            case LeftOut():
                self.left_out[outcome.reason] += 1
            case Note():
                self.note(outcome.text)

    def note(self, text: str) -> None:
        """Keep a remark unless it was made before."""
        if text not in self.said:
            self.said.add(text)
            self.notes.append(text)

    def reject(self, bad: Bad) -> None:
        """Keep a rejected record as text."""
        text, cut = record_text(bad.record)
        reason = f"{bad.reason} (the record is cut)" if cut else bad.reason
        self.rejected.append((bad.place.origin, bad.place.line, reason, text))
        self.rejected_rows += bad.rows
        self.text += len(text)

    @property
    def full(self) -> bool:
        """Whether the batch should be closed now."""
        rows = len(self.lines) + len(self.rejected)
        return rows >= self.options.batch_rows or self.text >= _BATCH_TEXT

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.lines or self.rejected or self.left_out or self.notes or self.bytes_read)

    def _row(self, good: Good) -> None:
        try:
            row = conform(good.values, COERCERS, REQUIRED)
        except RecordError as error:
            self.reject(Bad(good.place, str(error), good.record))
            return
        since, until = self.window
        moment = row["occurred_at"]
        if (since is not None and moment < since) or (until is not None and moment >= until):
            self.left_out["outside_window"] += 1
            return
        for name, values in self.columns.items():
            values.append(row.get(name))
        self.origins.append(good.place.origin)
        self.lines.append(good.place.line)
        self.text += len(row.get("prompt") or "") + len(row.get("system_prompt") or "")

    def close(self) -> IngestedBatch:
        """Return what was gathered and start afresh."""
        exchanges = pa.RecordBatch.from_arrays(
            [pa.array(self.columns[f.name], type=f.type) for f in EXCHANGES], schema=EXCHANGES
        )
        batch = IngestedBatch(
            exchanges=exchanges,
            origins=pa.array(self.origins, pa.string()).dictionary_encode(),
            lines=pa.array(self.lines, pa.int64()),
            rejected=rejected_batch(self.rejected),
            rejected_rows=self.rejected_rows,
            left_out=dict(self.left_out),
            notes=tuple(self.notes),
            bytes_read=self.bytes_read,
        )
        for values in self.columns.values():
            values.clear()
        self.origins.clear()
        self.lines.clear()
        self.rejected.clear()
        self.notes.clear()
        self.left_out.clear()
        self.text = self.bytes_read = self.rejected_rows = 0
        return batch


def rejected_batch(rows: list[tuple[str, int, str, str]]) -> pa.RecordBatch:
    """Return rejected rows in the schema of the `rejected` table."""
    return pa.RecordBatch.from_arrays(
        [pa.array([row[i] for row in rows], type=field.type) for i, field in enumerate(REJECTED)],
        schema=REJECTED,
    )
