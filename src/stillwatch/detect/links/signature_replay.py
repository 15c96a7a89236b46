"""Link: a reasoning signature issued to one account is replayed by another."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.links.kind import LinkKind
from stillwatch.detect.parameters import Parameters


def _sql(parameters: Parameters) -> str:
    return f"""
    WITH issued AS (
      SELECT issued_signature_hash AS token, min(account) AS account_a, min(at_us) AS issued_us,
             min(exchange) AS exchange_a
      FROM observed WHERE issued_signature_hash IS NOT NULL
      GROUP BY issued_signature_hash HAVING count(DISTINCT account) = 1
    ), replayed AS (
      SELECT account AS account_b, exchange AS exchange_b, at_us,
             unnest(replayed_signature_hashes) AS token
      FROM observed WHERE len(replayed_signature_hashes) > 0
    ), replays AS (
      SELECT i.account_a, r.account_b, r.at_us, i.exchange_a, r.exchange_b, r.token
      FROM replayed r JOIN issued i USING (token)
      WHERE i.account_a <> r.account_b AND i.issued_us < r.at_us
    ), spread AS (
      SELECT token FROM replays GROUP BY token
      HAVING count(DISTINCT account_b) <= {parameters.lineage_replayers}
    )
    SELECT r.account_a, r.account_b, min(r.at_us) AS at_us, r.exchange_a,
           min(r.exchange_b) AS exchange_b, r.token
    FROM replays r JOIN spread USING (token)
    GROUP BY r.account_a, r.account_b, r.exchange_a, r.token
    """


SIGNATURE_REPLAY: Final = LinkKind(
    name="signature_replay",
    family="lineage",
    needs=("exchanges.replayed_signature_hashes", "exchanges.issued_signature_hash"),
    sql=_sql,
    says="a reasoning signature issued to one account is sent back by another",
    innocent_cause="a person with two accounts, a declared team, or the customers of a reseller",
    price_of_evasion="reasoning thrown away between turns, which costs quality and cached tokens",
)
