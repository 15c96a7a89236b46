"""What was issued to one account and is sent back by another: the shape of two kinds of link."""

from __future__ import annotations

from stillwatch.detect.parameters import Parameters


def carried_over(
    parameters: Parameters, *, issued: str, among: str = "TRUE", having: str = "TRUE", replayed: str
) -> str:
    """Return the query for tokens of column `issued` that another account's list `replayed` holds.

    A token counts if it was issued to one account only, before it was replayed, and few accounts
    replay it: what many replay is a published transcript, and says nothing about those who copied
    it. `among` picks the exchanges that can issue, `having` the tokens. A link's conversation is the
    earliest exchange that its history carries over, so a chat that goes on is still one.
    """
    return f"""
    WITH issued AS (
      SELECT {issued} AS token, min(account) AS account_a, min(at_us) AS issued_us,
             min(exchange) AS exchange_a
      FROM observed
      WHERE {issued} IS NOT NULL AND {among}
      GROUP BY {issued}
      HAVING count(DISTINCT account) = 1 AND {having}
    ), history AS (
      SELECT account AS account_b, exchange AS exchange_b, at_us, unnest({replayed}) AS token
      FROM observed WHERE len({replayed}) > 0
    ), replays AS (
      SELECT i.account_a, h.account_b, h.at_us, i.exchange_a, h.exchange_b, h.token
      FROM history h JOIN issued i USING (token)
      WHERE i.account_a <> h.account_b AND i.issued_us < h.at_us
    ), spread AS (
      SELECT token FROM replays GROUP BY token
      HAVING count(DISTINCT account_b) <= {parameters.lineage_replayers}
    ), told AS (
      SELECT r.*, min(r.exchange_a) OVER (PARTITION BY r.exchange_b) AS conversation
      FROM replays r JOIN spread USING (token)
    )
    SELECT account_a, account_b, min(at_us) AS at_us, exchange_a, min(exchange_b) AS exchange_b, token,
           min(conversation) AS conversation
    FROM told GROUP BY account_a, account_b, exchange_a, token
    """
