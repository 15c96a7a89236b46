"""What every engine can do: named tables in, named tables out, in the DuckDB dialect of SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import pyarrow as pa

MapFunction = Callable[[pa.RecordBatch], pa.RecordBatch]
"""A pure function of one record batch; the kernel is one."""


class Engine(Protocol):
    """A place to keep named tables and ask integer-exact questions of them.

    Aggregates must be over integers, so that results are identical whatever the threads, file
    order or engine. A query that needs an order states it. Errors raise `EngineError`.
    """

    name: str

    def add_parquet(self, table: str, paths: Sequence[Path]) -> None:
        """Name the rows of Parquet files, read lazily, columns matched by name."""

    def add_arrow(self, table: str, data: pa.Table) -> None:
        """Keep an Arrow table under a name."""

    def create(self, table: str, sql: str) -> None:
        """Run a query once and keep its rows under a name, replacing what was there."""

    def view(self, table: str, sql: str) -> None:
        """Name a query without running it."""

    def arrow(self, sql: str) -> pa.Table:
        """Run a query and return all its rows."""

    def batches(self, sql: str, rows: int = 100_000) -> Iterator[pa.RecordBatch]:
        """Run a query and stream its rows."""

    def scalar(self, sql: str) -> int:
        """Run a query that returns one integer; null counts as 0."""

    def write_parquet(self, sql: str, path: Path) -> None:
        """Run a query and write its rows to one Parquet file."""

    def tables(self) -> frozenset[str]:
        """Return the names of all tables and views."""

    def drop(self, *tables: str) -> None:
        """Forget tables or views; unknown names are no error."""

    def close(self) -> None:
        """Let go of memory and spill files."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
