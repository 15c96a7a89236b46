"""Every table that may lie beside a log: its schema, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyarrow as pa

from stillwatch.ingest.accounts import (
    read_account_events,
    read_accounts,
    read_authorised_use,
    read_control_events,
)
from stillwatch.model.hashing import HashKey
from stillwatch.model.tables_in import ACCOUNT_EVENTS, ACCOUNTS, AUTHORISED_USE, CONTROL_EVENTS

SCHEMAS_BESIDE: Final[Mapping[str, pa.Schema]] = {
    "accounts": ACCOUNTS,
    "account_events": ACCOUNT_EVENTS,
    "control_events": CONTROL_EVENTS,
    "authorised_use": AUTHORISED_USE,
}


def read_beside(name: str, path: str, key: HashKey) -> tuple[pa.Table, pa.Table]:
    """Return the table of this name in a Parquet, CSV or JSON-lines file, and the rejected rows."""
    if name == "accounts":
        return read_accounts(path, key)
    read = {
        "account_events": read_account_events,
        "control_events": read_control_events,
        "authorised_use": read_authorised_use,
    }[name]
    return read(path)
