"""Schemas of the tables that a scan writes (design page, section 3); names are final."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from stillwatch.model.tables_in import TIMESTAMP

GROUPS: Final = pa.schema(
    [
        ("group_id", pa.string()),
        ("kind", pa.string()),
        ("accounts", pa.int64()),
        ("exchanges", pa.int64()),
        ("campaign_exchanges", pa.int64()),
        ("first_seen", TIMESTAMP),
        ("last_seen", TIMESTAMP),
        ("coordination_log_odds", pa.float64()),
        ("extraction_log_odds", pa.float64()),
        ("concealment_log_odds", pa.float64()),
        ("best_innocent_explanation", pa.string()),
        ("q_value", pa.float64()),
        ("families", pa.list_(pa.string())),
        ("capabilities", pa.map_(pa.string(), pa.float64())),
        ("summary", pa.string()),
    ]
)

MEMBERS: Final = pa.schema(
    [
        ("group_id", pa.string()),
        ("account_id", pa.string()),
        ("log_odds", pa.float64()),
        ("probability", pa.float64()),
        ("exchanges", pa.int64()),
        ("campaign_exchanges", pa.int64()),
        ("first_linked_at", TIMESTAMP),
    ]
)

EVIDENCE: Final = pa.schema(
    [
        ("group_id", pa.string()),
        ("account_id", pa.string()),
        ("family", pa.string()),
        ("term", pa.string()),
        ("log_odds", pa.float64()),
        ("statement", pa.string()),
        ("innocent_explanation", pa.string()),
        ("example_exchange_ids", pa.list_(pa.string())),
    ]
)
"""One additive term a row; `term` is `SCORE.NAME`, where SCORE says which total it belongs to.

`account_id` is null for a group's terms: `coordination.*`, `extraction.*` and `concealment.*` sum
to the group's three scores. An account's terms are `membership.*` and sum to its log-odds.
"""

LINKS: Final = pa.schema(
    [
        ("kind", pa.string()),
        ("account_a", pa.string()),
        ("account_b", pa.string()),
        ("occurred_at", TIMESTAMP),
        ("exchange_a", pa.string()),
        ("exchange_b", pa.string()),
    ]
)

TRAITS: Final = pa.schema(
    [
        ("kind", pa.string()),
        ("family", pa.string()),
        ("value", pa.string()),
        ("accounts", pa.int64()),
    ]
)

ATTRIBUTED: Final = pa.schema([("group_id", pa.string()), ("exchange_id", pa.string())])

CAPABILITY_COUNTS: Final = pa.schema(
    [
        ("group_id", pa.string()),
        ("capability", pa.string()),
        ("exchanges", pa.int64()),
        ("input_tokens", pa.int64()),
        ("output_tokens", pa.int64()),
    ]
)
"""Of a campaign's attributed exchanges; each counts once, for a capability or for `other`."""

READINESS: Final = pa.schema(
    [
        ("subject", pa.string()),
        ("name", pa.string()),
        ("status", pa.string()),
        ("present_share", pa.float64()),
        ("statement", pa.string()),
    ]
)
"""One row a field, family or limit; `subject` is `field`, `family` or `limit`, `status` `ready`,
`partial` or `absent`."""

REJECTED: Final = pa.schema(
    [
        ("source", pa.string()),
        ("line", pa.int64()),
        ("reason", pa.string()),
        ("record", pa.string()),
    ]
)

RESULT_TABLES: Final[dict[str, pa.Schema]] = {
    "groups": GROUPS,
    "members": MEMBERS,
    "evidence": EVIDENCE,
    "links": LINKS,
    "traits": TRAITS,
    "attributed": ATTRIBUTED,
    "capabilities": CAPABILITY_COUNTS,
    "readiness": READINESS,
    "rejected": REJECTED,
}
"""File stem → schema of every table in a scan's output folder."""
