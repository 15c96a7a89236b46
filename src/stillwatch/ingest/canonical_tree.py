"""`stillwatch ingest`: any log as a canonical tree of Parquet files."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import stillwatch
from stillwatch.engine import Engine
from stillwatch.errors import InputError
from stillwatch.ingest.batches import IngestedBatch
from stillwatch.ingest.beside import read_beside
from stillwatch.ingest.conversation import CONVERSATION_VERSION
from stillwatch.ingest.digests import digest_of
from stillwatch.ingest.duplicates import (
    dropped_places,
    forget,
    loser_places,
    losers,
    rank_repeated,
)
from stillwatch.ingest.locations import log_files
from stillwatch.ingest.options import IngestOptions
from stillwatch.ingest.outcomes import record_text
from stillwatch.ingest.read import Progress, read_logs
from stillwatch.ingest.rejections import Tally, check_rejected
from stillwatch.model.hashing import HASH_VERSION
from stillwatch.model.tables_in import EXCHANGES, RAW_TEXT, SCHEMA_VERSION
from stillwatch.model.tables_out import REJECTED

PART_ROWS: Final = 500_000
PART_BYTES: Final = 512 << 20
_ARRIVALS: Final = "ingest_arrivals"
_PLACES: Final = ("origin", "line", "part", "row")


@dataclass(slots=True)
class IngestReport:
    """What an ingest did; written as `ingest.json`."""

    exchanges: int = 0
    repeated: int = 0
    """Rows that stood in the log before with equal content."""
    rejected: int = 0
    """Rows rejected, of all tables together."""
    rejected_by_table: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    accounts: int = 0
    account_events: int = 0
    control_events: int = 0
    authorised_use: int = 0
    schema_version: int = SCHEMA_VERSION
    hash_version: int = HASH_VERSION
    conversation_version: int = CONVERSATION_VERSION
    stillwatch_version: str = stillwatch.__version__
    inputs: list[dict[str, Any]] = field(default_factory=list)


def write_tree(
    paths: Sequence[str],
    out: Path,
    options: IngestOptions,
    engine: Engine,
    *,
    accounts: str | None = None,
    account_events: str | None = None,
    control_events: str | None = None,
    authorised_use: str | None = None,
    max_rejected: float = 0.01,
    progress: Progress | None = None,
) -> IngestReport:
    """Write logs as a canonical tree under `out` and return what was done.

    Writes `exchanges/part-*.parquet`, `rejected.parquet`, `ingest.json`, and the tables beside the
    logs if given. The folder must not hold a tree already. Raises TooManyRejected, after everything good
    was written, when more than `max_rejected` of the rows of one table were bad.
    """
    files = log_files(paths)
    folder = out / "exchanges"
    if folder.exists() and any(folder.iterdir()):
        raise InputError(
            "this folder holds exchanges already", source=str(folder), hint="choose another --out"
        )
    folder.mkdir(parents=True, exist_ok=True)
    report = IngestReport()
    left_out: Counter[str] = Counter()
    with pq.ParquetWriter(out / "rejected.parquet", REJECTED, compression="zstd") as rejected:
        arrivals = out / ".arrivals.parquet"
        try:
            with _Parts(folder) as parts, pq.ParquetWriter(arrivals, _SIDE) as side:
                for batch in read_logs(paths, options, progress):
                    _write(batch, parts, side, rejected)
                    report.exchanges += batch.exchanges.num_rows
                    report.rejected += batch.rejected_rows
                    left_out.update(batch.left_out)
                    report.notes += batch.notes
            lost = _resolve(engine, folder, arrivals, report)
            rejected.write_table(lost)
        finally:
            arrivals.unlink(missing_ok=True)
        tallies = {"exchanges": Tally(report.rejected, report.exchanges + report.repeated)}
        beside = {
            "accounts": accounts,
            "account_events": account_events,
            "control_events": control_events,
            "authorised_use": authorised_use,
        }
        tallies |= _write_beside(out, options, report, rejected, beside)
    report.rejected_by_table = {name: tally.rejected for name, tally in tallies.items()}
    report.rejected = sum(report.rejected_by_table.values())
    report.left_out = dict(sorted(left_out.items()))
    report.inputs = [
        {"name": file.name, "bytes": file.size, **digest_of(file).entry()} for file in files
    ]
    (out / "ingest.json").write_text(json.dumps(asdict(report), indent=2) + "\n")
    check_rejected(tallies, max_rejected, out)
    return report


_SIDE: Final = pa.schema(
    [
        ("exchange_id", pa.string()),
        ("part", pa.int32()),
        ("row", pa.int64()),
        ("origin", pa.string()),
        ("line", pa.int64()),
    ]
)


class _Parts:
    """Writes exchanges into files of bounded size and says where each row went."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer: pq.ParquetWriter | None = None
        self.part = 0
        self.rows = 0
        self._bytes = 0

    def __enter__(self) -> _Parts:
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()

    def write(self, batch: pa.RecordBatch) -> tuple[int, int]:
        """Write rows; return their part and the row at which they begin there."""
        if self.rows and (self.rows >= PART_ROWS or self._bytes >= PART_BYTES):
            self.__exit__()
            self.part += 1
            self._open()
        at = self.part, self.rows
        if self._writer is not None:
            self._writer.write_batch(batch)
        self.rows += batch.num_rows
        self._bytes += batch.nbytes
        return at

    def _open(self) -> None:
        self._writer = pq.ParquetWriter(
            part_path(self._folder, self.part), EXCHANGES, compression="zstd"
        )
        self.rows = self._bytes = 0


def part_path(folder: Path, part: int) -> Path:
    """Return the path of a numbered part."""
    return folder / f"part-{part:05d}.parquet"


def _write(
    batch: IngestedBatch, parts: _Parts, side: pq.ParquetWriter, rejected: pq.ParquetWriter
) -> None:
    if batch.rejected.num_rows:
        rejected.write_batch(batch.rejected)
    rows = batch.exchanges.num_rows
    if not rows:
        return
    part, at = parts.write(batch.exchanges)
    side.write_batch(
        pa.RecordBatch.from_arrays(
            [
                batch.exchanges["exchange_id"],
                pa.array(np.full(rows, part, dtype=np.int32)),
                pa.array(np.arange(at, at + rows, dtype=np.int64)),
                batch.origins.cast(pa.string()),
                batch.lines,
            ],
            schema=_SIDE,
        )
    )


def _resolve(engine: Engine, folder: Path, arrivals: Path, report: IngestReport) -> pa.Table:
    """Leave one row an exchange in the parts; return the rows that lost."""
    engine.add_parquet(_ARRIVALS, [arrivals])
    repeated_rows = engine.arrow(
        f"SELECT part, row, origin, line FROM {_ARRIVALS} WHERE exchange_id IN ("
        f"SELECT exchange_id FROM {_ARRIVALS} GROUP BY exchange_id HAVING count(*) > 1"
        ") ORDER BY part, row"
    )
    engine.drop(_ARRIVALS)
    if not repeated_rows.num_rows:
        return REJECTED.empty_table()
    contents = pa.Table.from_batches(list(_contents(folder, repeated_rows)))
    engine.add_arrow(_ARRIVALS, contents)
    repeated = rank_repeated(engine, _ARRIVALS, _PLACES)
    lost = _with_texts(losers(engine, repeated), loser_places(engine), folder)
    dropped = dropped_places(engine)
    forget(engine)
    engine.drop(_ARRIVALS)
    for part in sorted(set(dropped["part"].to_pylist())):
        rows = dropped.filter(pc.equal(dropped["part"], part))["row"].to_numpy()
        _rewrite(part_path(folder, part), rows)
    report.exchanges -= dropped.num_rows
    report.rejected += lost.num_rows
    report.repeated = dropped.num_rows - lost.num_rows
    return lost


def _contents(folder: Path, rows: pa.Table) -> Iterator[pa.RecordBatch]:
    """Yield the given rows with digests in place of their texts, to compare in little memory."""
    for part in sorted(set(rows["part"].to_pylist())):
        mine = rows.filter(pc.equal(rows["part"], part))
        wanted = mine["row"].to_numpy()
        at = 0
        for batch in pq.ParquetFile(part_path(folder, part)).iter_batches(batch_size=20_000):
            low, high = np.searchsorted(wanted, [at, at + batch.num_rows])
            if low < high:
                chosen = batch.take(pa.array(wanted[low:high] - at))
                places = mine.slice(low, high - low).combine_chunks()
                arrays = [
                    _digests(column) if name in RAW_TEXT else column
                    for name, column in zip(chosen.schema.names, chosen.columns, strict=True)
                ]
                names = [*chosen.schema.names, *_PLACES]
                place_arrays = [places[n].combine_chunks() for n in _PLACES]
                yield pa.RecordBatch.from_arrays([*arrays, *place_arrays], names=names)
            at += batch.num_rows


def _with_texts(lost: pa.Table, places: pa.Table, folder: Path) -> pa.Table:
    """Put the texts back into the records of rows that lost; `places` has the same order."""
    texts: dict[tuple[int, int], dict[str, Any]] = {}
    for part in sorted(set(places["part"].to_pylist())):
        rows = np.sort(places.filter(pc.equal(places["part"], part))["row"].to_numpy())
        at = 0
        table = pq.ParquetFile(part_path(folder, part))
        for batch in table.iter_batches(batch_size=20_000, columns=list(RAW_TEXT)):
            here = rows[np.searchsorted(rows, at) : np.searchsorted(rows, at + batch.num_rows)]
            found = batch.take(pa.array(here - at)).to_pylist()
            texts.update(zip([(part, int(row)) for row in here], found, strict=True))
            at += batch.num_rows
    records = []
    for text, place in zip(lost["record"].to_pylist(), places.to_pylist(), strict=True):
        said = texts[place["part"], place["row"]]
        record = {**orjson.loads(text), **{k: v for k, v in said.items() if v is not None}}
        records.append(record_text(orjson.dumps(record).decode())[0])
    at_record = lost.schema.get_field_index("record")
    return lost.set_column(at_record, lost.schema.field(at_record), pa.array(records, pa.string()))


def _digests(texts: pa.Array) -> pa.Array:
    return pa.array(
        [
            None if text is None else hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
            for text in texts.to_pylist()
        ],
        pa.string(),
    )


def _rewrite(path: Path, dropped: np.ndarray) -> None:
    """Write a part again without some of its rows."""
    fresh = path.with_suffix(".fresh")
    with pq.ParquetFile(path) as old, pq.ParquetWriter(fresh, EXCHANGES, compression="zstd") as new:
        at = 0
        for batch in old.iter_batches(batch_size=20_000):
            keep = ~np.isin(np.arange(at, at + batch.num_rows), dropped)
            new.write_batch(batch.filter(pa.array(keep)).cast(EXCHANGES))
            at += batch.num_rows
    fresh.replace(path)


def _write_beside(
    out: Path,
    options: IngestOptions,
    report: IngestReport,
    rejected: pq.ParquetWriter,
    beside: Mapping[str, str | None],
) -> dict[str, Tally]:
    tallies = {}
    for name, path in beside.items():
        if path is None:
            continue
        table, bad = read_beside(name, path, options.key)
        pq.write_table(table, out / f"{name}.parquet", compression="zstd")
        rejected.write_table(bad)
        setattr(report, name, table.num_rows)
        tallies[name] = Tally(bad.num_rows, table.num_rows)
    return tallies
