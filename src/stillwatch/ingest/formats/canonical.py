"""The canonical schema as JSON lines or CSV."""

from __future__ import annotations

from typing import Any, Final

from stillwatch.errors import UsageError
from stillwatch.ingest.coerce import to_hash
from stillwatch.ingest.options import IngestOptions
from stillwatch.ingest.outcomes import RecordError
from stillwatch.model.hashing import to_hex

ACCOUNT_COLUMNS: Final = {"key": "credential_id", "end_user": "end_user_hash"}
"""Word of `--account-field` → canonical column that holds it."""


def account_column(options: IngestOptions) -> str | None:
    """Return the column that is the account instead of account_id; raises UsageError."""
    word = options.account_field
    if word is None or word in ("account", "account_id"):
        return None
    column = ACCOUNT_COLUMNS.get(word)
    if column is None and word not in ACCOUNT_COLUMNS.values():
        raise UsageError(
            f"canonical tables do not know {word!r} as the account",
            hint="use: " + ", ".join(ACCOUNT_COLUMNS),
        )
    return column or word


class CanonicalRows:
    """Makes rows of canonical JSON objects."""

    def __init__(self, options: IngestOptions) -> None:
        self._account = account_column(options)
        self._source = options.source

    def __call__(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return the columns of one object."""
        row = dict(record)
        if self._source is not None:
            row["source"] = self._source
        elif row.get("source") in (None, ""):
            row.pop("source", None)
        if self._account is not None:
            value = row.get(self._account)
            if value is None:
                raise RecordError(f"{self._account} is missing, and it was to be the account")
            if self._account == "end_user_hash":
                hashed = to_hash(value)
                value = None if hashed is None else to_hex(hashed)
            row["account_id"] = value
        return row
