"""`stillwatch evaluate`: a scan held against a world's truth."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Literal

import orjson
import typer
from rich.console import Console
from rich.table import Table

from stillwatch.cli import options as o
from stillwatch.cli.progress import StageProgress
from stillwatch.evaluate import Evaluation, evaluate
from stillwatch.ingest import IngestOptions
from stillwatch.pipeline import ScanOptions, scan


def evaluate_command(
    world: Annotated[Path, typer.Argument(help="A world folder, with its truth.")],
    result: Annotated[
        Path | None,
        typer.Option(
            "--result", metavar="DIR", help="A scan of it; without one it is scanned now."
        ),
    ] = None,
    format_: Annotated[
        Literal["table", "json"], typer.Option("--format", help="What to print.")
    ] = "table",
) -> None:
    """Score a scan strictly: any innocent account named counts, whoever it belongs to.

    Every figure says over what its interval is; what cannot be measured says why.
    """
    if result is not None:
        _show(evaluate(world, result), format_)
        return
    settings = o.load_settings()
    with tempfile.TemporaryDirectory(prefix="stillwatch-") as folder, StageProgress() as progress:
        scan(
            [str(world)],
            Path(folder),
            ScanOptions(
                ingest=IngestOptions(key=o.hash_key(settings)),
                threads=settings.threads,
                memory_limit=settings.memory_limit,
                temporary_directory=settings.temporary_directory,
                public_key=settings.uses_public_key,
            ),
            progress.stage,
            progress.read,
        )
        evaluation = evaluate(world, Path(folder))
    _show(evaluation, format_)


def _show(evaluation: Evaluation, format_: str) -> None:
    if format_ == "json":
        typer.echo(orjson.dumps(evaluation.to_json(), option=orjson.OPT_INDENT_2).decode())
        return
    console = Console(highlight=False)
    table = Table("figure", "value", "95 % interval", "note", box=None)
    section = None
    for row in evaluation.rows():
        if row.section != section:
            section = row.section
            table.add_row(f"[bold]{section}[/bold]", "", "", "")
        table.add_row(f"  {row.name}", row.value, row.interval, row.note)
    console.print(table)
