"""Feature set (d): models, parameters, errors, tools, choices, caches, instructions."""

from __future__ import annotations

from typing import Final

CATEGORIES: Final = {
    "model": ("model", 16),
    "operation": ("operation", 8),
    "error": ("error_type", 10),
    "maximum": ("max_tokens::varchar", 24),
    "temperature": ("temperature::varchar", 24),
    "top_p": ("top_p::varchar", 12),
    "choices": ("choices::varchar", 12),
}
"""Share of an account's exchanges with each frequent value: expression, how many values."""

_DISTINCT = (
    *("model", "temperature", "top_p", "max_tokens", "tools_hash", "system_prompt"),
    *("cache_prefix_hash", "choices", "operation"),
)

QUERIES: Final = (
    f"""
    SELECT account_id,
      {",".join(f'count(DISTINCT {name}) AS "different {name}"' for name in _DISTINCT)},
      {
        ",".join(
            f'count(DISTINCT {name}) / count(*) AS "different {name}, by exchanges"'
            for name in _DISTINCT
        )
    },
      coalesce(avg(temperature), -1) AS "temperature, mean",
      coalesce(avg(max_tokens), -1) AS "maximum, mean",
      coalesce(avg(choices), 0) AS "choices, mean",
      avg(coalesce(stream, false)::int) AS "streamed",
      avg((status <> 200)::int) AS "errors",
      avg((status = 429)::int) AS "rate limits",
      avg((status >= 500)::int) AS "errors of the provider",
      avg((status IN (400, 401, 403))::int) AS "refused",
      avg((error_scope = 'account')::int) AS "errors of the account",
      coalesce(avg(retry_after_ms), 0) AS "wait asked for",
      avg((prompt_role = 'tool')::int) AS "tool results",
      coalesce(avg((reasoning_tokens > 0)::int), 0) AS "thinks",
      coalesce(sum(cached_tokens) / nullif(sum(input_tokens), 0), 0) AS "cached share",
      coalesce(avg((cached_tokens > 0)::int), 0) AS "cache read",
      coalesce(sum(cache_write_tokens) / nullif(sum(input_tokens), 0), 0) AS "written to the cache",
      coalesce(avg(history_truncated::int), 0) AS "history truncated",
      avg((len(replayed_signature_hashes) > 0)::int) AS "replays signatures",
      coalesce(avg(len(replayed_signature_hashes) / nullif(history, 0)), 0)
        AS "signatures for history",
      avg((tools_hash IS NOT NULL AND prompt_role = 'user')::int) AS "tools offered to a person"
    FROM exchange GROUP BY account_id
    """,
    """
    SELECT account_id, avg((model <> before)::int) AS "model changes",
      avg((after_error)::int) AS "asks again after an error"
    FROM (
      SELECT account_id, model, request_hash = lag(request_hash) OVER mine
          AND lag(status) OVER mine <> 200 AS after_error,
        lag(model) OVER mine AS before
      FROM exchange
      WINDOW mine AS (PARTITION BY account_id ORDER BY occurred_at, exchange_id)
    ) WHERE before IS NOT NULL GROUP BY account_id
    """,
    """
    SELECT account_id, max(n) / sum(n) AS "share of the first system prompt",
      -sum(n / total * ln(n / total)) AS "spread of system prompts"
    FROM (
      SELECT account_id, count(*) AS n, sum(count(*)) OVER (PARTITION BY account_id) AS total
      FROM exchange GROUP BY account_id, system_prompt
    ) GROUP BY account_id
    """,
    """
    SELECT account_id, avg(turns) AS "turns a conversation",
      max(turns) AS "turns of the longest conversation",
      avg((turns = 1)::int) AS "conversations of one turn"
    FROM (
      SELECT account_id, first_prompt_hash, count(*) AS turns
      FROM exchange WHERE first_prompt_hash IS NOT NULL GROUP BY account_id, first_prompt_hash
    ) GROUP BY account_id
    """,
)
