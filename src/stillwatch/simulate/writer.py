"""Writes a world's folder: Parquet files of bounded size and a manifest with their digests."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

ROWS_PER_PART: Final = 1_000_000


class PartWriter:
    """Appends tables in time order to `part-00000.parquet`, `part-00001.parquet`, ..."""

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        self._folder, self._schema = folder, schema
        self._open: pq.ParquetWriter | None = None
        self._in_part = 0
        self._parts = 0

    def write(self, table: pa.Table) -> None:
        """Append one slice of time as one row group or more."""
        if self._open is None or self._in_part + table.num_rows > ROWS_PER_PART:
            self.close()
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / f"part-{self._parts:05d}.parquet"
            self._open = pq.ParquetWriter(path, self._schema, compression="zstd")
            self._parts += 1
            self._in_part = 0
        self._open.write_table(table)
        self._in_part += table.num_rows

    def close(self) -> None:
        """Finish the part that is being written."""
        if self._open is not None:
            self._open.close()
            self._open = None


def write_table(rows: list[dict[str, Any]], schema: pa.Schema, path: Path) -> None:
    """Write a small table whole."""
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path, compression="zstd")


def write_manifest(folder: Path, facts: dict[str, Any]) -> None:
    """Write `manifest.json`: the given facts and the SHA-256 of every file beside it."""
    files = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.parquet"))
    }
    text = json.dumps({**facts, "files": files}, indent=2, sort_keys=True, default=str)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
