"""`stillwatch simulate`: a labelled world of accounts, from a seed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from stillwatch.cli.progress import StageProgress
from stillwatch.simulate import PRESETS, TraceArrivals, read_world, write_world


def simulate_command(
    preset: Annotated[
        str,
        typer.Argument(
            help="One of: " + ", ".join(sorted(PRESETS)) + "; or a world file that ends in .toml.",
            show_default=False,
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="WORLD", help="A new or empty folder.")],
    scale: Annotated[float, typer.Option(help="Multiplies accounts and exchanges alike.")] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed makes the same bytes.")] = 1,
    arrivals: Annotated[
        Path | None,
        typer.Option("--arrivals", metavar="DIR", help="Follow the public traces in this folder."),
    ] = None,
) -> None:
    """Write a world: exchanges, accounts, account events, and the truth about them.

    The simulator writes files and calls nobody. A scan never reads truth*.parquet.
    """
    chosen = read_world(Path(preset)) if preset.endswith(".toml") else preset
    laws = None if arrivals is None else TraceArrivals.from_folder(arrivals)
    with StageProgress() as progress:
        world = write_world(chosen, scale, seed, out, progress.stage, arrivals=laws)
    Console(highlight=False).print(
        f"{world.exchanges:,} exchanges of {world.accounts:,} accounts over {world.days} days "
        f"written to {out}."
    )


simulate_command.__doc__ = (
    (simulate_command.__doc__ or "")
    + "\n\n    Presets:\n\n"
    + "\n\n".join(f"    {name}: {preset.summary}" for name, preset in sorted(PRESETS.items()))
)
