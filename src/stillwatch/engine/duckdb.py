"""The embedded engine: DuckDB in memory, spilling to a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.errors import EngineError


class DuckDBEngine:
    """The engine protocol on one DuckDB connection; see `protocol.Engine` for the contract."""

    name = "duckdb"

    def __init__(
        self,
        *,
        threads: int = 0,
        memory_limit: str = "1GB",
        temporary_directory: Path | None = None,
    ) -> None:
        # Extensions are never fetched: a scan must work, and stay silent, without a network.
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory_limit,
            "autoinstall_known_extensions": False,
            "preserve_insertion_order": False,
            "TimeZone": "UTC",
        }
        if threads:
            config["threads"] = threads
        if temporary_directory is not None:
            config["temp_directory"] = str(temporary_directory)
        with _explained("opening DuckDB"):
            self._connection = duckdb.connect(":memory:", config=config)

    def add_parquet(self, table: str, paths: Sequence[Path]) -> None:
        """Name the rows of Parquet files, read lazily, columns matched by name."""
        if not paths:
            raise EngineError(f"table {table!r} was given no Parquet file")
        listed = ", ".join(_quoted(str(path)) for path in sorted(paths))
        self.view(table, f"SELECT * FROM read_parquet([{listed}], union_by_name = true)")

    def add_arrow(self, table: str, data: pa.Table) -> None:
        """Keep an Arrow table under a name."""
        with _explained(f"keeping table {table!r}"):
            self._connection.register("arrow_in", data)
            try:
                self.create(table, "SELECT * FROM arrow_in")
            finally:
                self._connection.unregister("arrow_in")

    def create(self, table: str, sql: str) -> None:
        """Run a query once and keep its rows under a name, replacing what was there."""
        if self._kinds().get(table) != "VIEW":
            self._run(f"CREATE OR REPLACE TABLE {table} AS {sql}")
            return
        # DuckDB does not replace a view by a table; the query may read the view, so it goes last.
        self._run(f"CREATE OR REPLACE TABLE {table}_replacing AS {sql}")
        self._run(f"DROP VIEW {table}")
        self._run(f"ALTER TABLE {table}_replacing RENAME TO {table}")

    def view(self, table: str, sql: str) -> None:
        """Name a query without running it."""
        if self._kinds().get(table, "VIEW") != "VIEW":
            self.drop(table)
        self._run(f"CREATE OR REPLACE VIEW {table} AS {sql}")

    def arrow(self, sql: str) -> pa.Table:
        """Run a query and return all its rows."""
        with _explained(sql):
            return self._connection.sql(sql).to_arrow_table()

    def batches(self, sql: str, rows: int = 100_000) -> Iterator[pa.RecordBatch]:
        """Run a query and stream its rows."""
        with _explained(sql):
            yield from self._connection.cursor().sql(sql).to_arrow_reader(rows)

    def scalar(self, sql: str) -> int:
        """Run a query that returns one integer; null counts as 0."""
        with _explained(sql):
            rows = self._connection.execute(sql).fetchall()
        return int(rows[0][0]) if rows and rows[0][0] is not None else 0

    def write_parquet(self, sql: str, path: Path) -> None:
        """Run a query and write its rows to one Parquet file."""
        with _explained(sql):
            reader = self._connection.sql(sql).to_arrow_reader(100_000)
            with pq.ParquetWriter(path, reader.schema, compression="zstd") as writer:
                for batch in reader:
                    writer.write_batch(batch)

    def tables(self) -> frozenset[str]:
        """Return the names of all tables and views."""
        return frozenset(self._kinds())

    def drop(self, *tables: str) -> None:
        """Forget tables or views; unknown names are no error."""
        kinds = self._kinds()
        for table in tables:
            if table in kinds:
                self._run(f"DROP {'VIEW' if kinds[table] == 'VIEW' else 'TABLE'} {table}")

    def close(self) -> None:
        """Let go of memory and spill files."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _kinds(self) -> dict[str, str]:
        with _explained("listing tables"):
            return dict(
                self._connection.execute(
                    "SELECT table_name, table_type FROM information_schema.tables"
                ).fetchall()
            )

    def _run(self, sql: str) -> None:
        # Fetched to the end: a connection with an unfinished result takes no further query.
        with _explained(sql):
            self._connection.execute(sql).fetchall()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def _explained(what: str) -> Iterator[None]:
    """Turn DuckDB's errors into ours, with the start of the query and a hint where one helps."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise EngineError(
            f"the engine ran out of memory: {_first_line(error)}",
            hint="raise STILLWATCH_MEMORY_LIMIT, for example to 4GB",
        ) from error
    except (duckdb.IOException, OSError) as error:
        raise EngineError(
            f"the engine could not read or write: {_first_line(error)}",
            hint="is the disk full, or a file gone or damaged?",
        ) from error
    except duckdb.Error as error:
        raise EngineError(f"{_first_line(error)} (in: {' '.join(what.split())[:200]})") from error


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
