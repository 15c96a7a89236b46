"""Options that several commands share, each defined once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from stillwatch.errors import UsageError
from stillwatch.ingest import FORMAT_CHOICES, IngestOptions
from stillwatch.model.hashing import HashKey
from stillwatch.settings import Settings

Logs = Annotated[
    list[str],
    typer.Argument(
        help="Files, folders, globs or s3:// addresses; plain, gzip or zstd. A world or canonical "
        "tree brings its accounts along.",
        show_default=False,
    ),
]
Accounts = Annotated[
    str | None,
    typer.Option(
        "--accounts",
        metavar="FILE",
        help="Account table: Parquet, CSV or JSON lines. Without it no identity evidence can run.",
    ),
]
AccountEvents = Annotated[
    str | None,
    typer.Option(
        "--account-events",
        metavar="FILE",
        help="What happened to accounts, and when. Suspensions are judged; the rest is read and checked.",
    ),
]
ControlEvents = Annotated[
    str | None,
    typer.Option(
        "--control-events",
        metavar="FILE",
        help="What accounts did beside asking: token refreshes, usage polls, sign-ins, new keys.",
    ),
]
AuthorisedUse = Annotated[
    str | None,
    typer.Option(
        "--authorised-use",
        metavar="FILE",
        help="Accounts and organisations whose use you have agreed to, such as research; never named.",
    ),
]
AccountField = Annotated[
    str | None,
    typer.Option(
        help="Who counts as the account: key, user, team, end_user, organization, or a dotted path "
        "into the record. By default what the format bills.",
    ),
]
Mapping = Annotated[
    Path | None,
    typer.Option("--map", metavar="FILE", help="mapping.toml for any CSV, JSON lines or Parquet."),
]
FormatIn = Annotated[
    str | None,
    typer.Option(
        "--format-in",
        help="Name the log format instead of detecting it: " + ", ".join(FORMAT_CHOICES) + ".",
    ),
]
Source = Annotated[
    str | None, typer.Option(help="Name of this source in the results; by default the format's.")
]
TrustedHops = Annotated[
    int,
    typer.Option(
        min=0,
        help="Proxies of your own in front of the gateway. X-Forwarded-For is walked from the right "
        "through this many; what lies left of them a client may have made up.",
    ),
]
TrustedNetworks = Annotated[
    list[str] | None,
    typer.Option("--trusted-network", help="Your own proxies as CIDR blocks; may be repeated."),
]
Since = Annotated[
    str | None, typer.Option(help="Leave out exchanges before this time (ISO 8601, UTC).")
]
Until = Annotated[
    str | None, typer.Option(help="Leave out exchanges from this time on (ISO 8601, UTC).")
]
MaxRejected = Annotated[
    float,
    typer.Option(
        min=0.0,
        max=1.0,
        help="Share of rows of each table in that may be bad. Above it the exit code is 3; what was good "
        "is kept.",
    ),
]
Threads = Annotated[
    int | None, typer.Option(min=0, help="Worker threads; 0 means all cores.", show_default=False)
]


def load_settings() -> Settings:
    """Return the deployment's settings; raises UsageError on one that cannot be meant."""
    try:
        return Settings()
    except ValidationError as error:
        # What was given stays unsaid: one of the settings is a secret.
        said = "; ".join(
            f"STILLWATCH_{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors()
        )
        raise UsageError(
            f"a setting cannot be meant: {said}", hint="change or unset the environment variable"
        ) from error


def ingest_options(
    settings: Settings,
    *,
    account_field: str | None,
    mapping: Path | None,
    format_in: str | None,
    source: str | None,
    trusted_hops: int,
    trusted_networks: Sequence[str] | None,
    since: str | None,
    until: str | None,
) -> IngestOptions:
    """Return what the readers are told; raises UsageError on what cannot be meant."""
    return IngestOptions(
        key=hash_key(settings),
        account_field=account_field,
        mapping=mapping,
        format_in=format_in,
        source=source,
        trusted_hops=trusted_hops,
        trusted_networks=tuple(trusted_networks or ()),
        since=_moment(since, "--since"),
        until=_moment(until, "--until"),
    )


def hash_key(settings: Settings) -> HashKey:
    """Return the deployment's hash key."""
    return HashKey.from_text(settings.hash_key.get_secret_value())


def _moment(text: str | None, option: str) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{option} is no time: {text!r}", hint="write 2026-05-01 or 2026-05-01T06:00:00Z"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
