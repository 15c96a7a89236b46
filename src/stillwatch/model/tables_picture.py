"""Schemas of the two small tables that a scan writes for pictures; nothing is judged on them."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from stillwatch.model.tables_in import TIMESTAMP

PICTURED_ACCOUNTS: Final = 600
"""Accounts of a group that a picture may draw: its members of highest log-odds, then by name."""

PICTURED_TIES: Final = 24
"""Ties of a group that a picture may draw: those that most members hold, then by kind and value."""

TIMELINE: Final = pa.schema(
    [
        ("group_id", pa.string()),
        ("hour", TIMESTAMP),
        ("exchanges", pa.int64()),
        ("campaign_exchanges", pa.int64()),
    ]
)
"""One row a group and hour of the day that saw an exchange of its members; `hour` is its start."""

TIES: Final = pa.schema(
    [
        ("group_id", pa.string()),
        ("kind", pa.string()),
        ("family", pa.string()),
        ("value", pa.string()),
        ("members", pa.int64()),
        ("accounts", pa.list_(pa.string())),
    ]
)
"""One row a group and trait or kind of link that ties its members; at most `PICTURED_TIES` a group.

`value` is the trait's value as in `traits` (hashes as 16 hex digits), null for a kind of link.
`members` counts every member that holds the trait or has such a link inside the group; `accounts`
names, in order, those of them that are among the group's `PICTURED_ACCOUNTS` strongest members,
the same accounts for every tie, so that what two ties share is seen whole.
"""

PICTURE_TABLES: Final[dict[str, pa.Schema]] = {"timeline": TIMELINE, "ties": TIES}
"""File stem → schema of every picture table in a scan's output folder."""
