"""Streams logs through the fingerprint kernel into Parquet parts; raw text goes no further."""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.detect import Presence
from stillwatch.ingest import IngestedBatch
from stillwatch.model.tables_between import FINGERPRINTS
from stillwatch.model.tables_in import EXCHANGES
from stillwatch.pipeline.presence import PresenceCounter

_PART_ROWS = 500_000
_PLACED = pa.schema([*FINGERPRINTS, pa.field("origin", pa.string()), pa.field("line", pa.int64())])

Kernel = Callable[[pa.RecordBatch], pa.RecordBatch]


@dataclass(frozen=True, slots=True)
class Streamed:
    """What became of the rows that were read."""

    parts: list[Path]
    """Parquet files of FINGERPRINTS with `origin` and `line`."""
    rows: int
    presence: Presence
    rejected_rows: int
    left_out: Counter[str]
    notes: list[str]


def fingerprint_logs(
    batches: Iterator[IngestedBatch],
    kernel: Kernel,
    folder: Path,
    rejected: list[pa.Table],
    *,
    threads: int = 0,
) -> Streamed:
    """Fingerprint what is read in bounded memory; the kernel runs in threads.

    Batches are written in the order they were read, whatever the number of threads. Rejected rows
    are added to `rejected` as they come, so that they are known even if a later one stops us.
    """
    presence = PresenceCounter(EXCHANGES)
    left_out: Counter[str] = Counter()
    notes: list[str] = []
    rejected_rows = rows = 0
    parts: list[Path] = []
    writer: pq.ParquetWriter | None = None
    try:
        for batch, printed in _in_order(batches, kernel, threads):
            presence.add(batch.exchanges)
            left_out.update(batch.left_out)
            notes += batch.notes
            rejected_rows += batch.rejected_rows
            if batch.rejected.num_rows:
                rejected.append(pa.Table.from_batches([batch.rejected]))
            if writer is None or rows >= len(parts) * _PART_ROWS:
                if writer is not None:
                    writer.close()
                parts.append(folder / f"fingerprints-{len(parts):05d}.parquet")
                writer = pq.ParquetWriter(
                    parts[-1], _PLACED, compression="zstd", compression_level=1
                )
            writer.write_batch(_placed(batch, printed))
            rows += printed.num_rows
    finally:
        if writer is not None:
            writer.close()
        # Arrow's pool keeps what the batches took (a quarter of a gigabyte) unless it is asked, and
        # the engine would come on top of it.
        pa.default_memory_pool().release_unused()
    return Streamed(
        parts=parts,
        rows=rows,
        presence=presence.presence(),
        rejected_rows=rejected_rows,
        left_out=left_out,
        notes=notes,
    )


def _in_order(
    batches: Iterator[IngestedBatch], kernel: Kernel, threads: int
) -> Iterator[tuple[IngestedBatch, pa.RecordBatch]]:
    workers = threads or os.cpu_count() or 1
    waiting: deque[tuple[IngestedBatch, Future[pa.RecordBatch]]] = deque()
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="fingerprint") as pool:
        for batch in batches:
            waiting.append((batch, pool.submit(kernel, batch.exchanges)))
            # One batch ahead a worker bounds what is held in memory.
            while len(waiting) > workers:
                first, done = waiting.popleft()
                yield first, done.result()
        while waiting:
            first, done = waiting.popleft()
            yield first, done.result()


def _placed(batch: IngestedBatch, printed: pa.RecordBatch) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [*printed.columns, batch.origins.cast(pa.string()), batch.lines], schema=_PLACED
    )
