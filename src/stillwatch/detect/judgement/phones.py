"""Compares where accounts' phones are from with where they are billed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillwatch.detect.judgement.claims import Billed, expected_mismatch, mismatch
from stillwatch.detect.judgement.habits import NOT_SHOWN, Compared
from stillwatch.detect.parameters import Parameters

_FEWEST: Final = 20
"""Accounts billed in a country that must show a phone before it is said which prefix is its own."""

PHONED: Final = f"""
WITH held AS (
  SELECT account, billing_country AS country,
         ltrim(regexp_replace(phone_prefix, '[^0-9]', '', 'g'), '0') AS prefix
  FROM claims
  WHERE billing_country IS NOT NULL AND phone_prefix IS NOT NULL
), counted AS (
  SELECT country, prefix, count(*) AS n FROM held GROUP BY 1, 2
), ranked AS (
  SELECT country, prefix, n, sum(n) OVER (PARTITION BY country) AS everybody,
         row_number() OVER (PARTITION BY country ORDER BY n DESC, prefix) AS place
  FROM counted
)
SELECT h.account, h.country, CASE WHEN h.prefix = r.prefix THEN 1 ELSE 0 END AS home
FROM held h JOIN ranked r ON r.country = h.country
WHERE r.place = 1 AND r.everybody >= {_FEWEST} AND 2 * r.n >= r.everybody
"""
"""Whether an account's phone has the prefix that most accounts billed in its country have.

A prefix is the same with a plus, zeros or nothing before it. No list says which prefix belongs where,
so that countries which share one are no contradiction.
"""


def phoned(
    members: Mapping[str, Billed], outside: Mapping[str, Billed], parameters: Parameters
) -> Compared:
    """Return the share of members with a foreign phone, beside others billed in the same countries."""
    shown = sum(billed.seen for billed in members.values())
    if shown == 0:
        return NOT_SHOWN
    expected = expected_mismatch(members, outside, parameters.country_shrinkage)
    return Compared(shown, mismatch(members), expected)
