"""Link: the same rare request arrives on another account soon after an error on the first."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.links.kind import LinkKind
from stillwatch.detect.parameters import Parameters


def echoes(parameters: Parameters, *, after: bool) -> str:
    """Return the query for echoes of failed requests in the window after (or before) the error."""
    window = parameters.failover_window_s * 1_000_000
    when = (
        f"r.at_us > e.at_us AND r.at_us <= e.at_us + {window}"
        if after
        else f"r.at_us < e.at_us AND r.at_us >= e.at_us - {window}"
    )
    # Where a source says whose fault an error was, the provider's is no reason to change accounts.
    # Where it does not say, an error counts if it can be the account's own.
    return f"""
    WITH outages AS (
      SELECT at_us // 60000000 AS minute FROM observed GROUP BY 1
      HAVING count(CASE WHEN status >= 400 THEN 1 END) >= {parameters.outage_errors}
         AND count(CASE WHEN status >= 400 THEN 1 END) >= {parameters.outage_share} * count(*)
    ), asked AS (
      SELECT account, exchange, at_us, status, error_scope,
             coalesce(request_hash, prompt_hash) AS token
      FROM observed
      WHERE coalesce(request_hash, prompt_hash) IS NOT NULL AND words >= {parameters.failover_words}
    ), rare AS (
      SELECT token FROM asked GROUP BY token
      HAVING count(DISTINCT account) BETWEEN 2 AND {parameters.failover_accounts}
    ), errors AS (
      SELECT a.* FROM asked a JOIN rare USING (token)
      WHERE (a.status IN (401, 402, 403, 408, 429) OR a.status >= 500)
        AND coalesce(a.error_scope, 'account') <> 'provider'
        AND a.at_us // 60000000 NOT IN (SELECT minute FROM outages)
    )
    SELECT e.account AS account_a, r.account AS account_b, min(r.at_us) AS at_us,
           e.exchange AS exchange_a, min(r.exchange) AS exchange_b, e.token, e.exchange AS conversation
    FROM errors e JOIN asked r ON r.token = e.token AND r.account <> e.account AND {when}
    GROUP BY e.account, r.account, e.exchange, e.token
    """


FAILOVER: Final = LinkKind(
    name="failover",
    family="timing",
    needs=("exchanges.prompt", "exchanges.status"),
    sql=lambda parameters: echoes(parameters, after=True),
    says="a request that failed on one account arrives on another within two minutes",
    innocent_cause="a person with two accounts, a declared team, or a reseller's retries",
    price_of_evasion="no retry on another account: each error costs the answer",
)
