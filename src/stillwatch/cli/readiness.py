"""`stillwatch readiness`: what a source supports, before anything is judged."""

from __future__ import annotations

from typing import Annotated, Literal

import orjson
import typer
from rich.console import Console
from rich.table import Table

from stillwatch.cli import options as o
from stillwatch.cli.progress import StageProgress
from stillwatch.pipeline import inspect_source

_STYLES = {"ready": "green", "partial": "yellow", "absent": "red"}


def readiness_command(
    logs: o.Logs,
    accounts: o.Accounts = None,
    format_: Annotated[
        Literal["table", "json"], typer.Option("--format", help="What to print.")
    ] = "table",
    account_field: o.AccountField = None,
    mapping: o.Mapping = None,
    format_in: o.FormatIn = None,
    source: o.Source = None,
    trusted_hops: o.TrustedHops = 0,
    trusted_networks: o.TrustedNetworks = None,
    since: o.Since = None,
    until: o.Until = None,
) -> None:
    """Say which evidence can run on these logs, and how small a group would still be found.

    A family that cannot run is named: that it found nothing would mean nothing. Fields that are
    absent altogether are listed last.
    """
    chosen = o.ingest_options(
        o.load_settings(),
        account_field=account_field,
        mapping=mapping,
        format_in=format_in,
        source=source,
        trusted_hops=trusted_hops,
        trusted_networks=trusted_networks,
        since=since,
        until=until,
    )
    with StageProgress() as progress:
        progress.stage("reading")
        table, notes = inspect_source(logs, chosen, accounts=accounts, progress=progress.read)
    rows = table.to_pylist()
    if format_ == "json":
        typer.echo(orjson.dumps({"readiness": rows, "notes": notes}).decode())
        return
    console = Console(highlight=False)
    for subject, title in (("family", "Evidence families"), ("limit", "Smallest group")):
        shown = Table("", "", title=title, title_justify="left", show_header=False, box=None)
        for row in rows:
            if row["subject"] == subject:
                style = _STYLES[row["status"]]
                shown.add_row(f"[{style}]{row['status']}[/{style}]", row["statement"])
        console.print(shown)
    fields = [row for row in rows if row["subject"] == "field"]
    held = Table("field", "filled", title="Fields", title_justify="left", box=None)
    for row in fields:
        if row["status"] != "absent":
            held.add_row(row["name"], f"{row['present_share']:.1%}")
    console.print(held)
    absent = [row["name"] for row in fields if row["status"] == "absent"]
    if absent:
        console.print("Absent: " + ", ".join(absent), style="dim")
    for note in notes:
        console.print(note, markup=False)
