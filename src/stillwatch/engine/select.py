"""Opens the engine that a command asked for."""

from __future__ import annotations

from pathlib import Path

from stillwatch.engine.duckdb import DuckDBEngine
from stillwatch.engine.protocol import Engine
from stillwatch.errors import UsageError


def open_engine(
    name: str = "duckdb",
    *,
    threads: int = 0,
    memory_limit: str = "1GB",
    temporary_directory: Path | None = None,
) -> Engine:
    """Open an engine by name; `threads` 0 means all cores; raises UsageError if there is none."""
    if name == "duckdb":
        return DuckDBEngine(
            threads=threads, memory_limit=memory_limit, temporary_directory=temporary_directory
        )
    raise UsageError(f"there is no engine called {name!r}", hint="use: duckdb")
