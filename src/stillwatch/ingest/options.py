"""What a reader of logs is told before it starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, get_args

from stillwatch.errors import UsageError
from stillwatch.ingest.addresses import Hops
from stillwatch.model.hashing import HashKey

Format = Literal[
    "canonical", "mapped", "litellm", "otlp", "envelope", "bedrock", "parquet", "unrecognised"
]
"""A log format; `parquet` and `unrecognised` are stations of detection, not choices."""

CHOICES: Final[tuple[str, ...]] = tuple(
    name for name in get_args(Format) if name not in ("parquet", "unrecognised")
)
"""Formats that a user may name."""

ACCOUNT_WORDS: Final = ("key", "user", "team", "end_user", "organization")
"""Who can count as the account in every gateway format; anything else is a dotted path."""

DEFAULT_HEADERS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("ja4", ("x-ja4", "x-client-ja4", "cf-ja4", "cloudfront-viewer-ja4-fingerprint")),
    ("client_asn", ("x-asn", "x-client-asn", "cf-asn", "cloudfront-viewer-asn")),
    (
        "client_country",
        ("x-country", "x-client-country", "cf-ipcountry", "cloudfront-viewer-country"),
    ),
    ("http_fingerprint", ("x-http-fingerprint", "x-h2-fingerprint", "x-akamai-fingerprint")),
)
"""Column → headers in which an edge passes it on, first match first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestOptions:
    """Everything that changes how a log is read; raises UsageError on what it cannot mean."""

    key: HashKey
    """Keys every hash that is made of text."""
    account_field: str | None = None
    """Who counts as the account: one of `ACCOUNT_WORDS`, a dotted path, or the format's default."""
    mapping: Path | None = None
    """A `mapping.toml` that says which source field fills which column."""
    source: str | None = None
    """Value of `source`; by default the format's name."""
    format_in: str | None = None
    """One of `CHOICES`, to overrule detection."""
    trusted_hops: int = 0
    """How many proxies of our own wrote the right end of X-Forwarded-For."""
    trusted_networks: tuple[str, ...] = ()
    """Further proxies of our own, as CIDR blocks, skipped while walking right to left."""
    edge_headers: bool = True
    """Whether `x-ja4` and its like are read; turn off where no edge overwrites them."""
    since: datetime | None = None
    """Exchanges before this moment are left out; naive means UTC."""
    until: datetime | None = None
    """Exchanges from this moment on are left out; naive means UTC."""
    batch_rows: int = 20_000
    longest_record: int = 64 << 20
    """Bytes of one record; what is longer is rejected without being held."""
    join_spans: int = 50_000
    """OTLP: model spans held while their HTTP server span has not come."""

    def __post_init__(self) -> None:
        if self.format_in is not None and self.format_in not in CHOICES:
            raise UsageError(
                f"there is no log format called {self.format_in!r}",
                hint="use: " + ", ".join(CHOICES),
            )
        if self.format_in == "mapped" and self.mapping is None:
            raise UsageError("the format 'mapped' needs a mapping", hint="add --map mapping.toml")
        if self.trusted_hops < 0:
            raise UsageError(f"trusted hops cannot be negative: {self.trusted_hops}")
        Hops.of(self.trusted_hops, self.trusted_networks)
        if self.batch_rows < 1:
            raise UsageError(f"a batch holds at least one row, not {self.batch_rows}")

    def window(self) -> tuple[int | None, int | None]:
        """Return `since` and `until` as microseconds since 1970."""
        return _micros(self.since), _micros(self.until)


def _micros(moment: datetime | None) -> int | None:
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    whole = aware - datetime(1970, 1, 1, tzinfo=UTC)
    return (whole.days * 86_400 + whole.seconds) * 1_000_000 + whole.microseconds
