"""`stillwatch scan`: which accounts act as one, why, and whether they harvest."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from stillwatch.cli import options as o
from stillwatch.cli.progress import StageProgress
from stillwatch.cli.render import render_result
from stillwatch.ingest import check_rejected
from stillwatch.pipeline import ScanOptions, ScanReport, scan


class FailOn(StrEnum):
    """Findings that make the exit code 1."""

    campaign = "campaign"
    group = "group"


def scan_command(
    logs: o.Logs,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder for the tables and report.html.")
    ],
    accounts: o.Accounts = None,
    account_events: o.AccountEvents = None,
    control_events: o.ControlEvents = None,
    authorised_use: o.AuthorisedUse = None,
    format_: Annotated[
        Literal["table", "json", "jsonl", "html"],
        typer.Option(
            "--format", help="What to print; the tables and report.html are written anyway."
        ),
    ] = "table",
    fail_on: Annotated[
        FailOn | None,
        typer.Option(help="Exit with 1 if a campaign (or any group at all) was found."),
    ] = None,
    account_field: o.AccountField = None,
    mapping: o.Mapping = None,
    format_in: o.FormatIn = None,
    source: o.Source = None,
    trusted_hops: o.TrustedHops = 0,
    trusted_networks: o.TrustedNetworks = None,
    since: o.Since = None,
    until: o.Until = None,
    max_rejected: o.MaxRejected = 0.01,
    threads: o.Threads = None,
    keep_intermediate: Annotated[
        bool, typer.Option(help="Keep the fingerprints in DIR/intermediate, to open them.")
    ] = False,
) -> None:
    """Read logs, find accounts that act as one, judge them, and write an explained result.

    Writes groups, members, evidence, links, traits, attributed, capabilities, readiness and
    rejected as Parquet into DIR, and timeline and ties for the pictures of report.html (one offline
    page), with scan.json. Raw text is not kept, but for the records of rejected rows.

    Exit codes: 0 done; 1 findings, with --fail-on; 2 usage; 3 input that could not be read, or more
    bad rows than --max-rejected allows. With 2 DIR is left as it was. With 3 it holds no
    result, not even an older one, unless the reason was bad rows: those are in rejected.parquet.

    Try it on a made-up world:

    \b
      stillwatch simulate demo --seed 7 --out world
      stillwatch scan world --out result
    """
    settings = o.load_settings()
    chosen = ScanOptions(
        ingest=o.ingest_options(
            settings,
            account_field=account_field,
            mapping=mapping,
            format_in=format_in,
            source=source,
            trusted_hops=trusted_hops,
            trusted_networks=trusted_networks,
            since=since,
            until=until,
        ),
        accounts=accounts,
        account_events=account_events,
        control_events=control_events,
        authorised_use=authorised_use,
        threads=settings.threads if threads is None else threads,
        memory_limit=settings.memory_limit,
        temporary_directory=settings.temporary_directory,
        public_key=settings.uses_public_key,
        keep_intermediate=keep_intermediate,
    )
    with StageProgress() as progress:
        report = scan(logs, out, chosen, progress.stage, progress.read)
    render_result(out, format_)
    check_rejected(report.tallies, max_rejected, out)
    if _found(report, fail_on):
        raise typer.Exit(1)


def _found(report: ScanReport, fail_on: FailOn | None) -> bool:
    if fail_on is FailOn.campaign:
        return report.campaigns > 0
    return fail_on is FailOn.group and report.groups > 0
