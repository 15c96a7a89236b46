"""Counts members that begin to work when another is suspended, and in the equal time before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stillwatch.detect.parameters import Parameters
from stillwatch.engine import Engine

_DAY: Final = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Succession:
    """What followed the suspensions of a group's working members."""

    suspended: int
    after: int
    """Members that were idle and began within the days after a suspension."""
    before: int
    """The same within as many days before one: what there is without any cause."""


NOBODY: Final = Succession(suspended=0, after=0, before=0)


def successions(engine: Engine, parameters: Parameters) -> dict[int, Succession]:
    """Return the successions of each group that lost a member who worked for it.

    Needs `group_members`, `group_work` and `account_events`. Who is idle: accounts never seen before,
    or not for days. The first days of the logs tell nobody's idleness; suspensions of which either side
    would be cut short by that, or by the end of the logs, are left out.
    """
    idle, soon = parameters.dormant_days * _DAY, parameters.succession_days * _DAY
    rows = engine.arrow(_SUCCESSIONS.format(idle=idle, soon=soon)).to_pylist()
    return {r["group_no"]: Succession(r["suspended"], r["after"], r["before"]) for r in rows}


_SUCCESSIONS = """
WITH suspensions AS (
  SELECT i.account, min(epoch_us(e.occurred_at)) AS at_us
  FROM account_events e JOIN account_index i USING (account_id)
  WHERE lower(e.value) = 'suspended'
     OR lower(e.field) IN ('suspended', 'suspension') AND lower(e.value) NOT IN ('false', '0', 'no')
  GROUP BY i.account
), lost AS (
  SELECT w.group_no, s.account, min(s.at_us) AS at_us
  FROM suspensions s JOIN group_work w ON w.account = s.account
  JOIN observed o ON o.exchange = w.exchange AND o.at_us < s.at_us
  WHERE s.at_us BETWEEN (SELECT min(at_us) + {idle} + {soon} FROM observed)
                    AND (SELECT max(at_us) - {soon} FROM observed)
  GROUP BY w.group_no, s.account
), gaps AS (
  SELECT account, at_us, lag(at_us) OVER (PARTITION BY account ORDER BY exchange) AS last_us
  FROM observed WHERE account IN (SELECT m.account FROM group_members m JOIN lost l USING (group_no))
), begun AS (
  SELECT account, at_us FROM gaps
  WHERE at_us - coalesce(last_us, (SELECT min(at_us) FROM observed)) >= {idle}
), followed AS (
  SELECT l.group_no,
         count(DISTINCT CASE WHEN b.at_us > l.at_us THEN b.account END) AS "after",
         count(DISTINCT CASE WHEN b.at_us < l.at_us THEN b.account END) AS "before"
  FROM lost l JOIN group_members m ON m.group_no = l.group_no AND m.account <> l.account
  JOIN begun b ON b.account = m.account
       AND b.at_us > l.at_us - {soon} AND b.at_us < l.at_us + {soon}
  GROUP BY l.group_no
)
SELECT l.group_no, count(*) AS suspended, coalesce(min(f."after"), 0) AS "after",
       coalesce(min(f."before"), 0) AS "before"
FROM lost l LEFT JOIN followed f ON f.group_no = l.group_no
GROUP BY l.group_no
"""
