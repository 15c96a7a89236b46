"""`stillwatch ingest`: any log as a canonical tree of Parquet files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from stillwatch.cli import options as o
from stillwatch.cli.progress import StageProgress
from stillwatch.engine import open_engine
from stillwatch.ingest import find_companions, write_tree


def ingest_command(
    logs: o.Logs,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder for the canonical tree.")
    ],
    accounts: o.Accounts = None,
    account_events: o.AccountEvents = None,
    control_events: o.ControlEvents = None,
    authorised_use: o.AuthorisedUse = None,
    account_field: o.AccountField = None,
    mapping: o.Mapping = None,
    format_in: o.FormatIn = None,
    source: o.Source = None,
    trusted_hops: o.TrustedHops = 0,
    trusted_networks: o.TrustedNetworks = None,
    since: o.Since = None,
    until: o.Until = None,
    max_rejected: o.MaxRejected = 0.01,
) -> None:
    """Read logs of any known format and write them as a canonical tree.

    DIR gets exchanges/part-*.parquet, rejected.parquet (source, line, reason and the record of every
    bad row) and ingest.json. The tree holds the prompts: keep it where the logs may be kept.
    `stillwatch scan` reads logs directly; ingest first only to look at what was read, or to join.
    """
    settings = o.load_settings()
    chosen = o.ingest_options(
        settings,
        account_field=account_field,
        mapping=mapping,
        format_in=format_in,
        source=source,
        trusted_hops=trusted_hops,
        trusted_networks=trusted_networks,
        since=since,
        until=until,
    )
    beside = find_companions(logs)
    with (
        StageProgress() as progress,
        open_engine(
            threads=settings.threads,
            memory_limit=settings.memory_limit,
            temporary_directory=settings.temporary_directory,
        ) as engine,
    ):
        progress.stage("reading")
        report = write_tree(
            logs,
            out,
            chosen,
            engine,
            accounts=accounts or beside.accounts,
            account_events=account_events or beside.account_events,
            control_events=control_events or beside.control_events,
            authorised_use=authorised_use or beside.authorised_use,
            max_rejected=max_rejected,
            progress=progress.read,
        )
    console = Console(highlight=False)
    console.print(
        f"{report.exchanges:,} exchanges written to {out}; {report.rejected:,} rejected, "
        f"{report.repeated:,} repeated."
    )
    for reason, rows in report.left_out.items():
        console.print(f"{rows:,} left out: {reason}", markup=False)
    for note in report.notes:
        console.print(note, markup=False)
