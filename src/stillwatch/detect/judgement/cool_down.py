"""Which accounts rest when they are told that they ask too much, where others try again."""

from __future__ import annotations

from stillwatch.detect.judgement.habits import Habit, by_account
from stillwatch.detect.parameters import Parameters
from stillwatch.engine import Engine


def cool_downs(engine: Engine, accounts: int, parameters: Parameters) -> Habit:
    """Return of each account the share of its rate limits after which it rested; needs `observed`.

    It rested if it sent nothing for a while after the time that it was told to wait. Limits that were
    the provider's own do not count, nor those so near the end of the logs that a rest would be cut
    short.
    """
    return by_account(engine.arrow(_RESTED.format(rest=parameters.rest_s * 1_000_000)), accounts)


_RESTED = """
WITH limited AS (
  SELECT DISTINCT account FROM observed
  WHERE status = 429 AND coalesce(error_scope, 'account') <> 'provider'
), followed AS (
  SELECT o.account, o.at_us, o.status, o.error_scope,
         {rest} + 1000 * coalesce(CAST(o.retry_after_ms AS BIGINT), 0) AS rest_us,
         lead(o.at_us) OVER (PARTITION BY o.account ORDER BY o.exchange) AS next_us
  FROM observed o JOIN limited USING (account)
)
SELECT account, count(CASE WHEN next_us IS NULL OR next_us > at_us + rest_us THEN 1 END) AS part,
       count(*) AS whole
FROM followed
WHERE status = 429 AND coalesce(error_scope, 'account') <> 'provider'
  AND at_us + rest_us <= (SELECT max(at_us) FROM observed)
GROUP BY account ORDER BY account
"""
