"""What must say nothing at all: (i) ids, (n) nulls, (p) lengths of prompts, (t) clock ticks."""

from __future__ import annotations

from typing import Final

_WORDS: Final = ("exchange_id", "credential_id", "session_id")
"""Ids of exchanges that end in hexadecimal digits."""
_NUMBERS: Final = (
    *("request_hash", "response_hash", "first_prompt_hash", "end_user_hash", "tools_hash"),
    *("issued_signature_hash", "cache_prefix_hash", "header_order_hash"),
)
_ACCOUNT_WORDS: Final = ("account_id", "email_hash", "payment_fingerprint", "organization_id")


def _tail(name: str) -> str:
    """Return the last digits of an id as a number from 0 to 1."""
    return f"('0x' || right({name}, 4))::int / 65536"


QUERIES: Final = (
    f"""
    SELECT account_id,
      {",".join(f'coalesce(avg({_tail(name)}), 0.5) AS "digits of {name}"' for name in _WORDS)},
      {
        ",".join(
            f'coalesce(avg(abs({name} % 65536)) / 65536, 0.5) AS "digits of {name}"'
            for name in _NUMBERS
        )
    },
      {",".join(f'avg(({name} < 0)::int) AS "negative {name}"' for name in _NUMBERS)},
      {",".join(f'avg(({name} % 2 = 0)::int) AS "even {name}"' for name in _NUMBERS)},
      avg(length(exchange_id)) AS "length of exchange_id"
    FROM exchange GROUP BY account_id
    """,
    f"""
    SELECT account_id,
      {
        ",".join(
            f'coalesce({_tail(name)}, 0.5) AS "digits of {name}", '
            f'coalesce(length({name}), 0) AS "length of {name}"'
            for name in _ACCOUNT_WORDS
        )
    },
      row_number() OVER (ORDER BY account_id) AS "place in the table of accounts"
    FROM account
    """,
)

PARTS: Final = {
    "n": ("null ", "account without "),
    "p": ("prompt length", "first prompt length", "different prompt lengths"),
    "t": ("second within", "fraction of the second", "on five-minute marks"),
}
"""Beginnings of the names of columns of (a) to (d) that each of the other sets takes."""
