"""Progress of long work on stderr; silent when stderr is no terminal."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

from stillwatch.ingest import ReadProgress


class StageProgress:
    """Shows the stage at work and, while logs are read, how far reading has come."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("starting", total=None, note="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def stage(self, name: str) -> None:
        """Begin a stage."""
        self._bar.update(self._task, description=name, total=None, completed=0, note="")

    def read(self, progress: ReadProgress) -> None:
        """Show how far reading has come."""
        note = f"{progress.rows:,} rows"
        if progress.rejected:
            note += f", {progress.rejected:,} rejected"
        self._bar.update(
            self._task, total=progress.bytes or None, completed=progress.bytes_read, note=note
        )
