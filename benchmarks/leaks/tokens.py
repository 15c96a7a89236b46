"""Feature set (b): tokens, lengths of prompts and histories, and how often prompts come again."""

from __future__ import annotations

from typing import Final

_MEASURES: Final = {
    "input tokens": "input_tokens",
    "output tokens": "output_tokens",
    "reasoning tokens": "reasoning_tokens",
    "answer tokens": "output_tokens - coalesce(reasoning_tokens, 0)",
    "prompt length": "prompt_characters",
    "first prompt length": "CASE WHEN history = 0 THEN prompt_characters END",
    "history": "history",
    "tokens in the history": "history_tokens",
    "system prompt length": "system_characters",
    "duration": "duration_ms",
    "time to first token": "time_to_first_token_ms",
}


def _spread(name: str, expression: str) -> str:
    return f"""
      coalesce(avg({expression}), 0) AS "{name}, mean",
      coalesce(quantile_cont({expression}, 0.1), 0) AS "{name}, 10 %",
      coalesce(quantile_cont({expression}, 0.5), 0) AS "{name}, median",
      coalesce(quantile_cont({expression}, 0.9), 0) AS "{name}, 90 %",
      coalesce(stddev_samp({expression}) / nullif(avg({expression}), 0), 0) AS "{name}, variation"
    """


QUERIES: Final = (
    f"""
    SELECT account_id,
      {",".join(_spread(name, expression) for name, expression in _MEASURES.items())},
      coalesce(sum(output_tokens) / nullif(sum(input_tokens), 0), 0) AS "output for input",
      coalesce(corr(prompt_characters, output_tokens), 0) AS "prompt length with output",
      avg((history = 0)::int) AS "single or first turns",
      max(history) AS "longest history",
      count(DISTINCT request_hash) / count(*) AS "different requests",
      count(DISTINCT first_prompt_hash) / count(*) AS "different conversations",
      count(DISTINCT prompt_characters) / count(*) AS "different prompt lengths"
    FROM exchange GROUP BY account_id
    """,
)
