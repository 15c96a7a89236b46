"""Reads logs of any known format as one stream of checked batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.ingest.batches import Gathering, IngestedBatch
from stillwatch.ingest.csv_rows import csv_records
from stillwatch.ingest.detect_format import HEAD, Detected, detect
from stillwatch.ingest.formats import parquet
from stillwatch.ingest.formats.canonical import account_column
from stillwatch.ingest.formats.canonical_parquet import Arrived, checked
from stillwatch.ingest.formats.registry import Converters
from stillwatch.ingest.framing import lines, values
from stillwatch.ingest.json_text import parse
from stillwatch.ingest.locations import LogFile, log_files
from stillwatch.ingest.options import IngestOptions
from stillwatch.ingest.outcomes import Bad, Converter, Outcome, Parsed, Place, RecordError
from stillwatch.ingest.unpacking import BrokenOffError, Meter, unpacked
from stillwatch.model.tables_in import EXCHANGES

_SURPRISES = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class ReadProgress:
    """How far reading has come."""

    file: str
    files_done: int
    files: int
    bytes_read: int
    bytes: int
    """Sum of the stored sizes of all files."""
    rows: int
    rejected: int


Progress = Callable[[ReadProgress], None]


def read_logs(
    paths: Sequence[str], options: IngestOptions, progress: Progress | None = None
) -> Iterator[IngestedBatch]:
    """Yield the exchanges behind paths as checked batches, in the order of file names.

    A bad row never costs a good one: it comes back in `rejected`. Raises InputError if a path
    leads nowhere and UsageError if the options make no sense, both before anything is read.
    """
    files = log_files(paths)
    converters = Converters(options)
    return _Reading(files, options, converters, progress).batches()


class _Reading:
    def __init__(
        self,
        files: list[LogFile],
        options: IngestOptions,
        converters: Converters,
        progress: Progress | None,
    ) -> None:
        self._files = files
        self._options = options
        self._converters = converters
        self._progress = progress
        self._gathering = Gathering(options)
        self._meter = Meter()
        self._rows = self._rejected = 0
        self._bytes = sum(file.size for file in files)

    def batches(self) -> Iterator[IngestedBatch]:
        """Read every file, then what converters still hold."""
        for done, file in enumerate(self._files):
            yield from self._told(self._file(file), file, done)
        last = self._files[-1]
        yield from self._told(self._gathered(self._converters.flush()), last, len(self._files))
        self._gathering.bytes_read += self._meter.since_last()
        if not self._gathering.empty:
            yield from self._told([self._gathering.close()], last, len(self._files))

    def _told(
        self, batches: Iterable[IngestedBatch], file: LogFile, done: int
    ) -> Iterator[IngestedBatch]:
        for batch in batches:
            self._rows += batch.exchanges.num_rows
            self._rejected += batch.rejected_rows
            yield batch
            self._tell(file, done)
        self._tell(file, done + 1 if done < len(self._files) else done)

    def _tell(self, file: LogFile, done: int) -> None:
        if self._progress is not None:
            self._progress(
                ReadProgress(
                    file=file.name,
                    files_done=done,
                    files=len(self._files),
                    bytes_read=self._meter.read,
                    bytes=self._bytes,
                    rows=self._rows,
                    rejected=self._rejected,
                )
            )

    def _gathered(self, outcomes: Iterable[Outcome]) -> Iterator[IngestedBatch]:
        for outcome in outcomes:
            self._gathering.take(outcome)
            if self._gathering.full:
                self._gathering.bytes_read += self._meter.since_last()
                yield self._gathering.close()

    def _file(self, file: LogFile) -> Iterator[IngestedBatch]:
        pieces = unpacked(file, self._meter)
        head = b""
        broken: BrokenOffError | None = None
        try:
            while len(head) < HEAD and (piece := next(pieces, b"")):
                head += piece
        except BrokenOffError as error:
            broken = error
        detected = self._converters.choose(detect(head))
        if detected.framing == "parquet":
            yield from self._parquet(file)
            self._meter.read += max(0, file.size - len(head))
            return
        whole = chain([head] if head else [], _raising(broken), pieces)
        if detected.framing == "none":
            reason = broken or detected.reason or "not a log"
            yield from self._gathered([Bad(Place(file.name, 1), str(reason), head[:2_000])])
        elif detected.framing == "csv":
            yield from self._gathered(self._csv(file, whole, detected))
        else:
            yield from self._gathered(self._json(file, whole, detected))

    def _json(
        self, file: LogFile, pieces: Iterable[bytes], detected: Detected
    ) -> Iterator[Outcome]:
        cut = lines if detected.framing == "lines" else values
        converter = self._converters.of(detected)
        for frame in cut(pieces, self._options.longest_record):
            place = Place(file.name, frame.line)
            if frame.problem is not None:
                yield Bad(place, frame.problem, frame.raw)
                continue
            yield from _converted(converter, frame.raw, place)

    def _csv(self, file: LogFile, pieces: Iterable[bytes], detected: Detected) -> Iterator[Outcome]:
        converter = self._converters.of(detected)
        delimiter = self._converters.delimiter or detected.delimiter
        for line, record, raw, fault in csv_records(
            pieces, delimiter, self._options.longest_record
        ):
            place = Place(file.name, line)
            if record is None:
                yield Bad(place, str(fault), raw)
            else:
                yield from _safely(converter, Parsed(record, place, raw))

    def _parquet(self, file: LogFile) -> Iterator[IngestedBatch]:
        try:
            table = parquet.open_parquet(file)
        except (OSError, pa.ArrowException) as error:
            yield from self._gathered([parquet.unreadable(file, error)])
            return
        with table:
            names = table.schema_arrow.names
            if self._converters.mapping is not None and self._options.format_in != "canonical":
                yield from self._gathered(self._mapped_parquet(file, table))
                return
            account = account_column(self._options)
            missing = parquet.missing_columns(names, account)
            if missing:
                rows = table.metadata.num_rows
                yield from self._gathered([parquet.lacking(file, rows, missing, names)])
                return
            yield from self._gathered(parquet.extra_columns(names))
            yield from self._canonical_parquet(file, table, account)

    def _mapped_parquet(self, file: LogFile, table: pq.ParquetFile) -> Iterator[Outcome]:
        converter = self._converters.of(Detected("mapped", "parquet"))
        columns = self._converters.mapped_columns(table.schema_arrow.names)
        for read in parquet.batches(file, table, columns, self._options.batch_rows):
            if isinstance(read, Bad):
                yield read
                continue
            at, batch = read
            for row in range(batch.num_rows):
                record = parquet.row_record(batch, row)
                yield from _safely(converter, Parsed(record, Place(file.name, at + row), record))

    def _canonical_parquet(
        self, file: LogFile, table: pq.ParquetFile, account: str | None
    ) -> Iterator[IngestedBatch]:
        """Pass whole columns through, in batches of their own."""
        if not self._gathering.empty:
            yield self._gathering.close()
        columns = [name for name in table.schema_arrow.names if name in EXCHANGES.names]
        for read in parquet.batches(file, table, columns, self._options.batch_rows):
            if isinstance(read, Bad):
                yield from self._gathered([read])
                continue
            at, batch = read
            self._gathering.bytes_read += self._meter.since_last()
            arrived = Arrived(file.name, at, batch, account)
            yield checked(arrived, self._options.source, self._gathering)


def _raising(error: BrokenOffError | None) -> Iterator[bytes]:
    """Yield nothing, then break off if reading the head did."""
    if error is not None:
        raise error
    yield from ()


def _converted(converter: Converter, raw: bytes, place: Place) -> Iterator[Outcome]:
    try:
        record = parse(raw)
    except RecordError as error:
        yield Bad(place, str(error), raw)
    else:
        yield from _safely(converter, Parsed(record, place, raw))


def _safely(converter: Converter, parsed: Parsed) -> Iterator[Outcome]:
    """Convert a record; whatever goes wrong rejects this record and no other."""
    try:
        yield from list(converter.convert(parsed))
    except RecordError as error:
        yield Bad(parsed.place, str(error), parsed.raw)
    except _SURPRISES as error:
        reason = f"cannot be understood ({type(error).__name__}: {error})"
        yield Bad(parsed.place, reason, parsed.raw)
