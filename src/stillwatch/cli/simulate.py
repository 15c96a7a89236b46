"""`stillwatch simulate`: a labelled world of accounts, from a seed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from stillwatch.cli.progress import StageProgress
from stillwatch.simulate import PRESETS, CorpusTexts, TraceArrivals, read_world, write_world


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
    innocent_accounts: Annotated[
        int | None,
        typer.Option(metavar="N", help="So many innocent accounts, whatever the scale."),
    ] = None,
    days: Annotated[
        int | None, typer.Option(metavar="N", help="So many days instead of the preset's.")
    ] = None,
    format_: Annotated[
        Literal["canonical", "litellm"],
        typer.Option(
            "--format", help="Parquet in the canonical schema, or LiteLLM's log as ndjson."
        ),
    ] = "canonical",
    arrivals: Annotated[
        Path | None,
        typer.Option("--arrivals", metavar="DIR", help="Follow the public traces in this folder."),
    ] = None,
    corpus: Annotated[
        Path | None,
        typer.Option(
            "--corpus",
            metavar="DIR",
            help="Draw requests from the text corpora in this folder instead of the grammar.",
        ),
    ] = None,
) -> None:
    """Write a world: exchanges, accounts, account events, and the truth about them.

    It writes files and calls nobody. A scan never reads truth*.parquet; `stillwatch evaluate` does.

    A small world to begin with, then find what it hides:

        stillwatch simulate demo --out world

        stillwatch scan world --out result

    A campaign of 2026 at a hundredth of its size, in a crowd of 5,000:

        stillwatch simulate alibaba-2026-06 --scale 0.01 --innocent-accounts 5000 --out world

    The log that a LiteLLM gateway would have kept of it:

        stillwatch simulate L2 --scale 0.02 --format litellm --out world

        stillwatch scan world/litellm --accounts world/accounts.parquet --out result

    A world of more than a million exchanges is written by as many processes as there are cores;
    the bytes do not depend on how many.
    """
    chosen = read_world(Path(preset)) if preset.endswith(".toml") else preset
    laws = None if arrivals is None else TraceArrivals.from_folder(arrivals)
    texts = None if corpus is None else CorpusTexts(corpus)
    with StageProgress() as progress:
        progress.stage("putting accounts on stage")
        world = write_world(
            chosen,
            scale,
            seed,
            out,
            progress.stage,
            innocent_accounts=innocent_accounts,
            days=days,
            texts=texts,
            arrivals=laws,
            log_format=format_,
        )
    console = Console(highlight=False)
    console.print(
        f"{world.exchanges:,} exchanges of {world.accounts:,} accounts over {world.days} days "
        f"written to {out}."
    )
    if texts is not None:
        console.print(
            f"The corpora hold {texts.size:,} different texts, so that one comes "
            f"{world.exchanges / texts.size:,.1f} times on average if all requests draw on them."
        )


simulate_command.__doc__ = (
    (simulate_command.__doc__ or "")
    + "\n\n    Presets:\n\n"
    + "\n\n".join(f"    {name}: {preset.summary}" for name, preset in sorted(PRESETS.items()))
)
