"""Reads the tables beside the log: accounts, what happened to them, and what is declared of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.errors import InputError
from stillwatch.ingest.batches import rejected_batch
from stillwatch.ingest.coerce import coercer_of, conform
from stillwatch.ingest.csv_rows import csv_records
from stillwatch.ingest.formats.parquet import row_record
from stillwatch.ingest.framing import lines, values
from stillwatch.ingest.json_text import parse
from stillwatch.ingest.locations import LogFile, log_files
from stillwatch.ingest.outcomes import RecordError, record_text
from stillwatch.ingest.unpacking import Meter, unpacked
from stillwatch.ingest.validate import conform_batch
from stillwatch.model.hashing import HashKey, hash_text, to_hex
from stillwatch.model.tables_in import ACCOUNT_EVENTS, ACCOUNTS, AUTHORISED_USE, CONTROL_EVENTS

_LONGEST: Final = 16 << 20
Shape = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Read:
    line: int
    record: dict[str, Any] | None
    raw: Any
    fault: str | None = None


def read_accounts(path: str, key: HashKey) -> tuple[pa.Table, pa.Table]:
    """Return the accounts in a Parquet, CSV or JSON-lines file, and the rejected rows.

    A plain `email` column becomes domain, shape and keyed hash, and is not kept. The account that
    stands twice counts once; if the two differ, the smaller row in sort order stays.
    """

    def shape(record: dict[str, Any]) -> dict[str, Any]:
        email = record.get("email")
        if isinstance(email, str) and "@" in email:
            return {**email_columns(email, key), **record}
        return record

    table, rejected = _read_table(path, ACCOUNTS, shape)
    return _one_an_account(table, rejected, path)


def read_account_events(path: str) -> tuple[pa.Table, pa.Table]:
    """Return the account events in a Parquet, CSV or JSON-lines file, and the rejected rows."""
    return _read_table(path, ACCOUNT_EVENTS, lambda record: record)


def read_control_events(path: str) -> tuple[pa.Table, pa.Table]:
    """Return the control events in a Parquet, CSV or JSON-lines file, and the rejected rows."""
    return _read_table(path, CONTROL_EVENTS, lambda record: record)


def read_authorised_use(path: str) -> tuple[pa.Table, pa.Table]:
    """Return the declared uses in a Parquet, CSV or JSON-lines file, and the rejected rows.

    A row that names neither an account nor an organisation declares nothing, and is rejected.
    """
    nobody = "neither account_id nor organization_id is given"

    def shape(record: dict[str, Any]) -> dict[str, Any]:
        if not (record.get("account_id") or record.get("organization_id")):
            raise RecordError(nobody)
        return record

    table, rejected = _read_table(path, AUTHORISED_USE, shape)
    # Rows of Parquet come whole columns at a time and pass no `shape`.
    rows = table.to_pylist()
    named = [bool(row["account_id"] or row["organization_id"]) for row in rows]
    empty = [
        (path, at, nobody, record_text(row)[0])
        for at, (row, name) in enumerate(zip(rows, named, strict=True), start=1)
        if not name
    ]
    bad = pa.Table.from_batches([rejected_batch(empty)])
    return table.filter(pa.array(named, pa.bool_())), pa.concat_tables([rejected, bad])


def email_columns(email: str, key: HashKey) -> dict[str, Any]:
    """Return what is kept of an address: its domain, a keyed hash, and its shape."""
    name, _, domain = email.strip().rpartition("@")
    shape = "".join("9" if c.isdecimal() else "a" if c.isalpha() else c for c in name)
    return {
        "email_domain": domain.lower(),
        "email_hash": to_hex(hash_text(email.strip().lower(), key)),
        "email_shape": shape,
    }


def _read_table(path: str, schema: pa.Schema, shape: Shape) -> tuple[pa.Table, pa.Table]:
    (file,) = _only(path)
    with file.open_stream() as stream:
        magic = stream.read(4)
    if magic == b"PAR1":
        return _from_parquet(file, schema, shape)
    coercers = {field.name: coercer_of(field.name, field.type) for field in schema}
    required = tuple(field.name for field in schema if not field.nullable)
    rows: list[dict[str, Any]] = []
    rejected: list[tuple[str, int, str, str]] = []
    for read in _records(file):
        fault = read.fault
        if read.record is not None:
            try:
                rows.append(conform(shape(read.record), coercers, required))
            except RecordError as error:
                fault = str(error)
        if fault is not None:
            rejected.append((file.name, read.line, fault, record_text(read.raw)[0]))
    table = pa.Table.from_pylist(rows, schema=schema)
    return table, pa.Table.from_batches([rejected_batch(rejected)])


def _only(path: str) -> list[LogFile]:
    files = log_files([path])
    if len(files) != 1:
        raise InputError(f"one file was expected, not {len(files)}", source=path)
    return files


def _records(file: LogFile) -> Iterator[_Read]:
    pieces = unpacked(file, Meter())
    head = next(pieces, b"")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()

    def whole() -> Iterator[bytes]:
        yield head
        yield from pieces

    if not start.startswith((b"{", b"[")):
        delimiter = max(",\t;", key=start.partition(b"\n")[0].decode("utf-8", "replace").count)
        for line, record, raw, fault in csv_records(whole(), delimiter, _LONGEST):
            yield _Read(line, record, raw, fault)
        return
    for frame in (values if start.startswith(b"[") else lines)(whole(), _LONGEST):
        if frame.problem is not None:
            yield _Read(frame.line, None, frame.raw, frame.problem)
            continue
        try:
            parsed = parse(frame.raw)
        except RecordError as error:
            yield _Read(frame.line, None, frame.raw, str(error))
            continue
        fault = None if isinstance(parsed, dict) else "not a JSON object"
        yield _Read(frame.line, parsed if fault is None else None, frame.raw, fault)


def _from_parquet(file: LogFile, schema: pa.Schema, shape: Shape) -> tuple[pa.Table, pa.Table]:
    try:
        table = pq.read_table(file.open_file())
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"cannot be read as Parquet: {error}", source=file.name) from error
    if "email" in table.schema.names:
        table = pa.Table.from_pylist([shape(row) for row in table.to_pylist()])
    missing = [f.name for f in schema if not f.nullable and f.name not in table.schema.names]
    if missing:
        raise InputError(
            f"column {', '.join(missing)} is missing",
            source=file.name,
            hint="it has: " + ", ".join(table.schema.names),
        )
    clean, rejected, at = [], [], 1
    for batch in table.combine_chunks().to_batches():
        good, faults = conform_batch(batch, schema, {})
        clean.append(good)
        rejected += [
            (file.name, at + row, reason, record_text(row_record(batch, row))[0])
            for row, reason in sorted(faults.reasons.items())
        ]
        at += batch.num_rows
    return (
        pa.Table.from_batches(clean, schema=schema),
        pa.Table.from_batches([rejected_batch(rejected)]),
    )


def _one_an_account(table: pa.Table, rejected: pa.Table, path: str) -> tuple[pa.Table, pa.Table]:
    ids = table["account_id"]
    if len(ids.unique()) == len(ids):
        return table, rejected
    best: dict[str, dict[str, Any]] = {}
    losers: list[tuple[str, int, str, str]] = []
    for at, row in enumerate(table.to_pylist(), start=1):
        name = row["account_id"]
        before = best.setdefault(name, row)
        if before == row:
            continue
        best[name], other = sorted((before, row), key=lambda one: record_text(one)[0])
        reason = f"account {name} stands twice with other content; the other row was kept"
        losers.append((path, at, reason, record_text(other)[0]))
    kept = pa.Table.from_pylist([best[name] for name in best], schema=table.schema)
    return kept, pa.concat_tables([rejected, pa.Table.from_batches([rejected_batch(losers)])])
