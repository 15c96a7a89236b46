"""Which exchanges belong to a campaign: its members' work, and the rest of those conversations."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from stillwatch.detect.parameters import Parameters
from stillwatch.detect.result.tables import Judged
from stillwatch.engine import Engine
from stillwatch.model.tables_out import ATTRIBUTED


def attribute(engine: Engine, judged: Sequence[Judged], parameters: Parameters) -> None:
    """Create `campaign_ids` (group_no, group_id) and `group_attributed` (group_no, exchange, account).

    A conversation is asked in the campaign's words once and then goes on, in words of its own, so that
    wording alone finds its beginning. What belongs to it is told by answers: an exchange of a member
    whose history holds the answer that a member got to the group's work, or whose own answer stands
    in the history of such work. An answer that was given twice (a refusal, a canned turn) tells nothing,
    and between accounts neither does a short one: logs begin somewhere, and "yes" is said often.
    """
    campaigns = [j for j in judged if j.verdict.kind == "campaign"]
    engine.add_arrow(
        "campaign_ids",
        pa.table(
            {
                "group_no": pa.array([j.number for j in campaigns], pa.int32()),
                "group_id": pa.array([j.group_id for j in campaigns], pa.string()),
            }
        ),
    )
    engine.create("group_attributed", _ATTRIBUTED.format(tokens=parameters.lineage_tokens))


def attributed_table(engine: Engine) -> pa.Table:
    """Return `attributed`; needs `attribute` before, as all of these do."""
    return engine.arrow(
        "SELECT c.group_id, o.exchange_id FROM group_attributed g "
        "JOIN campaign_ids c USING (group_no) JOIN observed o ON o.exchange = g.exchange "
        "ORDER BY 1, 2"
    ).cast(ATTRIBUTED)


def attributed_counts(engine: Engine) -> tuple[dict[int, int], dict[tuple[int, int], int]]:
    """Return attributed exchanges per group number, and per group number and account."""
    rows = engine.arrow(
        "SELECT group_no, account, count(*) AS n FROM group_attributed GROUP BY 1, 2"
    ).to_pylist()
    per_account = {(r["group_no"], r["account"]): r["n"] for r in rows}
    per_group: dict[int, int] = {}
    for (group, _), n in per_account.items():
        per_group[group] = per_group.get(group, 0) + n
    return per_group, per_account


_ATTRIBUTED = """
WITH work AS (
  SELECT w.group_no, w.exchange, w.account FROM group_work w JOIN campaign_ids USING (group_no)
), theirs AS (
  SELECT m.group_no, o.exchange, o.account, o.response_hash, o.prior_assistant_hashes,
         coalesce(o.output_tokens, 0) AS tokens
  FROM group_members m JOIN campaign_ids USING (group_no) JOIN observed o USING (account)
), once AS (
  SELECT response_hash AS token FROM observed
  WHERE response_hash IN (SELECT response_hash FROM theirs)
  GROUP BY response_hash HAVING count(*) = 1
), turns AS (
  SELECT h.group_no, h.exchange AS later, h.account AS later_account,
         a.exchange AS earlier, a.account AS earlier_account
  FROM (
    SELECT group_no, exchange, account, unnest(prior_assistant_hashes) AS token
    FROM theirs WHERE len(prior_assistant_hashes) > 0
  ) h
  JOIN theirs a ON a.group_no = h.group_no AND a.response_hash = h.token
    AND a.exchange < h.exchange AND (a.account = h.account OR a.tokens >= {tokens})
  JOIN once ON once.token = h.token
)
SELECT group_no, exchange, account FROM work
UNION
SELECT t.group_no, t.later, t.later_account FROM turns t
JOIN work w ON w.group_no = t.group_no AND w.exchange = t.earlier
UNION
SELECT t.group_no, t.earlier, t.earlier_account FROM turns t
JOIN work w ON w.group_no = t.group_no AND w.exchange = t.later
"""
