"""Writes exchanges into Parquet files of bounded size, and says what each file holds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.model.tables_in import EXCHANGES
from stillwatch.simulate.exchanges import ExchangeTable
from stillwatch.simulate.records import Rows
from stillwatch.simulate.words import CODED_EXCHANGES

ROWS_PER_PART: Final = 1_000_000
_NO_TWO_ALIKE: Final = frozenset(
    {
        "exchange_id",
        "occurred_at",
        "session_id",
        "prompt",
        "first_prompt_hash",
        "request_hash",
        "prior_assistant_hashes",
        "prior_assistant_tokens",
        "response_hash",
        "replayed_signature_hashes",
        "issued_signature_hash",
        "duration_ms",
        "time_to_first_token_ms",
    }
)
"""Columns whose values hardly repeat: a dictionary costs time and makes them larger."""
_ONCE: Final = [name for name in EXCHANGES.names if name not in _NO_TWO_ALIKE]
_BOUNDED: Final = ["occurred_at", "account_id", "status"]
"""Columns by whose bounds a reader can leave out parts of a file."""
_DICTIONARY: Final = 1 << 28
"""Bytes of distinct words in a row group above which a file would hold them once a row."""
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file that was written: its path, rows, bytes and SHA-256."""

    path: Path
    rows: int
    bytes: int
    sha256: str


class Writer(Protocol):
    """Appends slices of exchanges, in time order, to files of its own."""

    def write(self, exchanges: pa.Table, rows: Rows, table: ExchangeTable) -> None:
        """Append one slice; `rows` are the attempts that `table` made the exchanges of."""

    def finish(self) -> list[FileFacts]:
        """Finish the files and say what they hold."""


class PartWriter:
    """Appends exchanges to `part-00000.parquet`, `part-00001.parquet`, ..., at most 1M rows each.

    Shards put their number behind that of the part: `part-00000-2.parquet`.
    """

    def __init__(self, folder: Path, shard: int | None = None) -> None:
        """Take the folder, which is made if need be, and the shard's number if there are many."""
        self._folder, self._ending = folder, "" if shard is None else f"-{shard}"
        self._open: pq.ParquetWriter | None = None
        self._path = folder
        self._in_part = 0
        self._done: list[FileFacts] = []

    def write(self, exchanges: pa.Table, rows: Rows, table: ExchangeTable) -> None:
        """Append one slice; `rows` are the attempts that `table` made the exchanges of."""
        del rows, table
        if self._open is None or self._in_part + exchanges.num_rows > ROWS_PER_PART:
            self._close()
            self._folder.mkdir(parents=True, exist_ok=True)
            self._path = self._folder / f"part-{len(self._done):05d}{self._ending}.parquet"
            self._open = pq.ParquetWriter(
                self._path,
                CODED_EXCHANGES,
                compression="zstd",
                use_dictionary=_ONCE,
                write_statistics=_BOUNDED,
                # Words are read back as plain text, in the canonical schema.
                store_schema=False,
                dictionary_pagesize_limit=_DICTIONARY,
            )
            self._in_part = 0
        self._open.write_table(exchanges)
        self._in_part += exchanges.num_rows

    def finish(self) -> list[FileFacts]:
        """Finish the part that is being written and say what all of them hold."""
        self._close()
        return self._done

    def _close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._done.append(facts_of(self._path, self._in_part))
            self._open = None


def write_table(table: pa.Table, path: Path) -> FileFacts:
    """Write a small table whole."""
    pq.write_table(table, path, compression="zstd")
    return facts_of(path, table.num_rows)


def facts_of(path: Path, rows: int) -> FileFacts:
    """Return the facts of a finished file, read in blocks."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return FileFacts(path, rows, size, digest.hexdigest())
