"""Counts how often members send one item on different accounts, and how often strangers would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stillwatch.engine import Engine


@dataclass(frozen=True, slots=True)
class Repeats:
    """The items of a group's work, held against those of everybody else's traffic."""

    items: int
    pairs: int
    """Pairs of work exchanges on different accounts that hold the same item."""
    expected: float
    """The same, if each exchange drew its item from the frequencies elsewhere."""


NO_ITEMS: Final = Repeats(items=0, pairs=0, expected=0.0)


def item_repeats(engine: Engine) -> dict[int, Repeats]:
    """Return the repeats of each group that has items; needs `group_work` and `elsewhere`.

    λ = Σ_{a<b} n_a n_b Σ_i p_i², with item frequencies p_i from everybody else's whole traffic: what
    members send beside their work is left out of counts and total alike.
    """
    found = {}
    for row in engine.arrow(_OVERLAP).to_pylist():
        others = row["outside_total"]
        alike = row["outside_pairs"] / (others * (others - 1)) if others > 1 else 0.0
        found[row["group_no"]] = Repeats(row["items"], row["pairs"], row["cross"] / 2 * alike)
    return found


# An item is a whole prompt, word for word: bins of a MinHash cannot tell the items of a long template
# apart (decision 11). Pairs on different accounts: all pairs of one item less those inside one account.
_OVERLAP = """
WITH item AS (
  SELECT exchange, account, prompt_hash AS item
  FROM observed WHERE prompt_hash IS NOT NULL
), used AS (
  SELECT w.group_no, i.item, w.account, count(*) AS n
  FROM group_work w JOIN item i ON i.exchange = w.exchange GROUP BY 1, 2, 3
), per_item AS (
  SELECT group_no, item, sum(n) AS n, sum(n * n) AS squares FROM used GROUP BY 1, 2
), per_account AS (
  SELECT group_no, account, sum(n) AS n FROM used GROUP BY 1, 2
), sizes AS (
  SELECT group_no, CAST(sum(n) * sum(n) - sum(n * n) AS BIGINT) AS "cross" FROM per_account GROUP BY 1
), everywhere AS (
  SELECT i.item, count(*) AS n FROM item i JOIN elsewhere e ON e.account = i.account GROUP BY i.item
), own AS (
  SELECT m.group_no, i.item, count(*) AS n FROM group_members m
  JOIN item i ON i.account = m.account JOIN elsewhere e ON e.account = m.account GROUP BY 1, 2
), outside AS (
  SELECT o.group_no, sum(o.n) AS n,
         sum((e.n - o.n) * (e.n - o.n - 1)) - sum(e.n * (e.n - 1)) AS correction
  FROM own o JOIN everywhere e ON e.item = o.item GROUP BY o.group_no
), everything AS (
  SELECT coalesce(sum(n), 0) AS n, coalesce(sum(n * (n - 1)), 0) AS pairs FROM everywhere
)
SELECT p.group_no, count(*) AS items, CAST(sum(p.n * p.n - p.squares) // 2 AS BIGINT) AS pairs,
       min(s."cross") AS "cross",
       CAST(min(a.n) - coalesce(min(o.n), 0) AS BIGINT) AS outside_total,
       CAST(min(a.pairs) + coalesce(min(o.correction), 0) AS BIGINT) AS outside_pairs
FROM per_item p JOIN sizes s ON s.group_no = p.group_no
CROSS JOIN everything a LEFT JOIN outside o ON o.group_no = p.group_no
GROUP BY p.group_no
"""
