"""Whose fault a failed exchange was: the account's, the provider's, or neither's."""

from __future__ import annotations

from typing import Any, Final

from stillwatch.ingest.coerce import to_decimal
from stillwatch.ingest.outcomes import RecordError

_ACCOUNT: Final = frozenset({401, 402, 403, 429})


def error_scope(status: int, *, upstream: bool = False) -> str | None:
    """Return `account`, `provider`, or null for success and for plain bad requests.

    `upstream` says that a gateway's own provider refused it: then a rate limit or a wrong key
    is the gateway's, not the customer's.
    """
    if status in _ACCOUNT:
        return "provider" if upstream else "account"
    return "provider" if status >= 500 or status == 408 else None


def retry_after_ms(value: Any) -> int | None:
    """Return a Retry-After header in seconds as milliseconds; null for dates and nonsense."""
    try:
        seconds = None if value is None else to_decimal(value)
    except RecordError:
        return None
    return int(seconds * 1000) if seconds is not None and 0 <= seconds < 2_000_000 else None
