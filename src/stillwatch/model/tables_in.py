"""Schema version 1 of the tables that Stillwatch reads, and of worlds (design page, section 3)."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

SCHEMA_VERSION: Final = 1

TIMESTAMP: Final = pa.timestamp("us", tz="UTC")
_HASHES: Final = pa.list_(pa.int64())


def _schema(*fields: tuple[str, pa.DataType], required: int) -> pa.Schema:
    """Build a schema whose first `required` fields must hold a value."""
    return pa.schema(
        [pa.field(name, kind, nullable=i >= required) for i, (name, kind) in enumerate(fields)]
    )


EXCHANGES: Final = _schema(
    ("exchange_id", pa.string()),
    ("occurred_at", TIMESTAMP),
    ("account_id", pa.string()),
    ("source", pa.string()),
    ("model", pa.string()),
    ("status", pa.int16()),
    ("credential_id", pa.string()),
    ("end_user_hash", pa.int64()),
    ("session_id", pa.string()),
    ("pathway", pa.string()),
    ("provider_region", pa.string()),
    ("operation", pa.string()),
    ("endpoint", pa.string()),
    ("error_type", pa.string()),
    ("error_scope", pa.string()),
    ("retry_after_ms", pa.int32()),
    ("system_prompt", pa.string()),
    ("prompt", pa.string()),
    ("prompt_role", pa.string()),
    ("first_prompt_hash", pa.int64()),
    ("request_hash", pa.int64()),
    ("prior_assistant_hashes", _HASHES),
    ("prior_assistant_tokens", pa.list_(pa.int32())),
    ("history_truncated", pa.bool_()),
    ("response_hash", pa.int64()),
    ("replayed_signature_hashes", _HASHES),
    ("issued_signature_hash", pa.int64()),
    ("input_tokens", pa.int32()),
    ("output_tokens", pa.int32()),
    ("reasoning_tokens", pa.int32()),
    ("cached_tokens", pa.int32()),
    ("cache_write_tokens", pa.int32()),
    ("cache_prefix_hash", pa.int64()),
    ("temperature", pa.float32()),
    ("top_p", pa.float32()),
    ("max_tokens", pa.int32()),
    ("stream", pa.bool_()),
    ("choices", pa.int16()),
    ("tools_hash", pa.int64()),
    ("client_address", pa.string()),
    ("client_address_source", pa.string()),
    ("client_country", pa.string()),
    ("client_asn", pa.int32()),
    ("ja4", pa.string()),
    ("http_fingerprint", pa.string()),
    ("header_order_hash", pa.int64()),
    ("user_agent", pa.string()),
    ("sdk_version", pa.string()),
    ("duration_ms", pa.int32()),
    ("time_to_first_token_ms", pa.int32()),
    required=6,
)

ACCOUNTS: Final = _schema(
    ("account_id", pa.string()),
    ("created_at", TIMESTAMP),
    ("plan", pa.string()),
    ("organization_id", pa.string()),
    ("email_domain", pa.string()),
    ("email_hash", pa.string()),
    ("email_shape", pa.string()),
    ("payment_fingerprint", pa.string()),
    ("payment_bin", pa.string()),
    ("billing_country", pa.string()),
    ("phone_prefix", pa.string()),
    ("signup_address", pa.string()),
    ("referrer", pa.string()),
    ("verified", pa.bool_()),
    required=1,
)

ACCOUNT_EVENTS: Final = _schema(
    ("account_id", pa.string()),
    ("occurred_at", TIMESTAMP),
    ("field", pa.string()),
    ("value", pa.string()),
    required=3,
)

CONTROL_EVENTS: Final = _schema(
    ("account_id", pa.string()),
    ("occurred_at", TIMESTAMP),
    ("kind", pa.string()),
    ("client_address", pa.string()),
    required=3,
)

AUTHORISED_USE: Final = _schema(
    ("account_id", pa.string()),
    ("organization_id", pa.string()),
    ("use", pa.string()),
    required=0,
)

MODELS: Final = _schema(
    ("model", pa.string()),
    ("available_at", TIMESTAMP),
    ("input_price", pa.float64()),
    ("output_price", pa.float64()),
    required=1,
)

TRUTH: Final = _schema(
    ("account_id", pa.string()),
    ("population", pa.string()),
    ("campaign_id", pa.string()),
    ("operator", pa.string()),
    required=2,
)

TRUTH_EXCHANGES: Final = _schema(
    ("exchange_id", pa.string()),
    ("campaign_id", pa.string()),
    required=2,
)

RAW_TEXT: Final = ("system_prompt", "prompt")
"""Columns of `exchanges` that fingerprinting drops: raw text need not be kept."""
