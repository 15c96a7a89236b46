"""Feature set (c): clients, networks, credentials, what an account says of itself, and nulls."""

from __future__ import annotations

from typing import Final

DISTINCT: Final = (
    *("client_address", "address_block", "client_asn", "client_country", "user_agent", "ja4"),
    *("http_fingerprint", "header_order_hash", "sdk_version", "credential_id", "session_id"),
    *("end_user_hash", "source", "pathway", "provider_region", "endpoint"),
)

CATEGORIES: Final = {
    "pathway": ("pathway", 8),
    "source": ("source", 12),
    "client": ("regexp_extract(user_agent, '^[^/ ]+')", 24),
    "user agent": ("user_agent", 40),
    "ja4": ("ja4", 24),
    "country": ("client_country", 30),
    "network": ("client_asn::varchar", 24),
    "region": ("provider_region", 8),
    "address source": ("client_address_source", 6),
}
"""Share of an account's exchanges with each frequent value: expression, how many values."""

ACCOUNT_CATEGORIES: Final = {
    "plan": ("plan", 12),
    "referrer": ("referrer", 20),
    "mail domain": ("email_domain", 16),
    "mail shape": (
        "regexp_replace(regexp_replace(email_shape, 'a+', 'a', 'g'), '9+', '9', 'g')",
        20,
    ),
    "billing country": ("billing_country", 30),
    "phone prefix": ("phone_prefix", 30),
}

NULLABLE: Final = (
    *("credential_id", "end_user_hash", "session_id", "pathway", "provider_region", "operation"),
    *("endpoint", "error_type", "error_scope", "retry_after_ms", "system_prompt", "prompt"),
    *("prompt_role", "first_prompt_hash", "request_hash", "prior_assistant_hashes"),
    *("prior_assistant_tokens", "history_truncated", "response_hash"),
    *("replayed_signature_hashes", "issued_signature_hash", "input_tokens", "output_tokens"),
    *("reasoning_tokens", "cached_tokens", "cache_write_tokens", "cache_prefix_hash"),
    *("temperature", "top_p", "max_tokens", "stream", "choices", "tools_hash"),
    *("client_address", "client_address_source", "client_country", "client_asn", "ja4"),
    *("http_fingerprint", "header_order_hash", "user_agent", "sdk_version", "duration_ms"),
    "time_to_first_token_ms",
)

_ACCOUNT_NULLABLE = (
    *("organization_id", "email_domain", "email_hash", "email_shape", "payment_fingerprint"),
    *("payment_bin", "billing_country", "phone_prefix", "signup_address", "referrer", "verified"),
)


def _top(name: str) -> str:
    return f"""
    SELECT account_id, max(n) / sum(n) AS "share of the first {name}",
      -sum(n / total * ln(n / total)) AS "spread of {name}"
    FROM (
      SELECT account_id, count(*) AS n, sum(count(*)) OVER (PARTITION BY account_id) AS total
      FROM exchange WHERE {name} IS NOT NULL GROUP BY account_id, {name}
    ) GROUP BY account_id
    """


QUERIES: Final = (
    f"""
    SELECT account_id,
      {",".join(f'count(DISTINCT {name}) AS "different {name}"' for name in DISTINCT)},
      {
        ",".join(
            f'count(DISTINCT {name}) / count(*) AS "different {name}, by exchanges"'
            for name in DISTINCT
        )
    },
      {",".join(f'avg(({name} IS NULL)::int) AS "null {name}"' for name in NULLABLE)}
    FROM exchange GROUP BY account_id
    """,
    *(_top(name) for name in ("client_address", "client_country", "user_agent", "credential_id")),
    f"""
    SELECT account_id,
      date_diff('hour', created_at, (SELECT min(occurred_at) FROM exchange)) / 24 AS "age",
      hour(created_at) AS "hour of creation",
      epoch_us(created_at) % 1000000 / 1e6 AS "fraction of the second of creation",
      coalesce(verified, false)::int AS "verified",
      coalesce(length(email_shape), 0) AS "length of the mail's name",
      coalesce(length(email_shape) - length(replace(email_shape, '9', '')), 0) AS "digits in it",
      {",".join(f'({name} IS NULL)::int AS "account without {name}"' for name in _ACCOUNT_NULLABLE)}
    FROM account
    """,
    """
    SELECT account_id,
      avg((billing_country <> client_country)::int) AS "billed in another country",
      avg((signup_address = client_address)::int) AS "from the sign-up address",
      avg((regexp_extract(signup_address, '^\\d+\\.\\d+') = address_block)::int)
        AS "from the sign-up block",
      date_diff('second', any_value(created_at), min(occurred_at)) / 86400
        AS "days from creation to first use"
    FROM exchange JOIN account USING (account_id) GROUP BY account_id
    """,
    """
    SELECT account_id, count(*) AS "account events",
      count(*) FILTER (field = 'suspended') AS "suspensions"
    FROM account_event GROUP BY account_id
    """,
    """
    SELECT account_id, kind || ' calls' AS name, count(*) AS value
    FROM control_event GROUP BY account_id, kind
    """,
    """
    SELECT account_id, kind || ' calls, variation of gaps' AS name,
      coalesce(stddev_samp(gap) / nullif(avg(gap), 0), 0) AS value
    FROM (
      SELECT account_id, kind, epoch(occurred_at) - lag(epoch(occurred_at))
        OVER (PARTITION BY account_id, kind ORDER BY occurred_at) AS gap
      FROM control_event
    ) WHERE gap IS NOT NULL GROUP BY account_id, kind
    """,
    """
    SELECT account_id, 'different addresses of control calls' AS name,
      count(DISTINCT client_address) AS value
    FROM control_event GROUP BY account_id
    """,
)
