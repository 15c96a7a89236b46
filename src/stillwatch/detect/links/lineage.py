"""Link: a request's history holds an answer that was issued to another account."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.links.kind import LinkKind
from stillwatch.detect.parameters import Parameters


def _sql(parameters: Parameters) -> str:
    # One issuer in retention, issued before, long enough not to be a stock phrase, sampled (at
    # temperature 0 two people can get one answer), and replayed by few accounts: an answer that
    # many replay is a published transcript, and says nothing about those who copied it.
    return f"""
    WITH issued AS (
      SELECT response_hash AS token, min(account) AS account_a, min(at_us) AS issued_us,
             min(exchange) AS exchange_a, max(output_tokens) AS tokens
      FROM observed
      WHERE response_hash IS NOT NULL AND status BETWEEN 200 AND 299
      GROUP BY response_hash
      HAVING count(DISTINCT account) = 1 AND coalesce(max(output_tokens), 0) >= {parameters.lineage_tokens}
         AND coalesce(min(temperature), 1) > 0
    ), history AS (
      SELECT account AS account_b, exchange AS exchange_b, at_us, unnest(prior_assistant_hashes) AS token
      FROM observed WHERE len(prior_assistant_hashes) > 0
    ), replays AS (
      SELECT i.account_a, h.account_b, h.at_us, i.exchange_a, h.exchange_b, h.token
      FROM history h JOIN issued i USING (token)
      WHERE i.account_a <> h.account_b AND i.issued_us < h.at_us
    ), spread AS (
      SELECT token FROM replays GROUP BY token
      HAVING count(DISTINCT account_b) <= {parameters.lineage_replayers}
    )
    SELECT r.account_a, r.account_b, min(r.at_us) AS at_us, r.exchange_a,
           min(r.exchange_b) AS exchange_b, r.token
    FROM replays r JOIN spread USING (token)
    GROUP BY r.account_a, r.account_b, r.exchange_a, r.token
    """


LINEAGE: Final = LinkKind(
    name="lineage",
    family="lineage",
    needs=("exchanges.prior_assistant_hashes", "exchanges.response_hash"),
    sql=_sql,
    says="one account continues a conversation that was answered to another",
    innocent_cause="a person with two accounts, a declared team, or the customers of a reseller",
    price_of_evasion="conversations pinned to one account for good, so no failover and idle capacity",
)
