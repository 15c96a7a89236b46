"""The two tables that pictures are drawn from: activity by the hour, and what ties the members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from stillwatch.detect.groups.index import Index
from stillwatch.detect.result.tables import Judged
from stillwatch.detect.result.values import shown_value
from stillwatch.engine import Engine
from stillwatch.model.tables_picture import PICTURED_ACCOUNTS, PICTURED_TIES, TIES, TIMELINE

_Tie = tuple[int, str, str, str | None, list[int]]
"""Members, kind, family, value to show (none for a link), and the members' accounts."""


def timeline_table(engine: Engine, judged: Sequence[Judged]) -> pa.Table:
    """Return `timeline`: exchanges of each group's members by the hour."""
    ids = pa.table(
        {
            "group_no": pa.array([j.number for j in judged], pa.int32()),
            "group_id": pa.array([j.group_id for j in judged], pa.string()),
        }
    )
    engine.add_arrow("group_ids", ids)
    return engine.arrow(
        "SELECT i.group_id, make_timestamptz(h.hour * 3600000000) AS hour, h.exchanges, "
        "h.attributed AS campaign_exchanges FROM ("
        "SELECT m.group_no, o.at_us // 3600000000 AS hour, count(*) AS exchanges, "
        "count(g.exchange) AS attributed FROM group_members m JOIN observed o USING (account) "
        "LEFT JOIN group_attributed g ON g.group_no = m.group_no AND g.exchange = o.exchange "
        "GROUP BY 1, 2) h JOIN group_ids i USING (group_no) ORDER BY 1, 2"
    ).cast(TIMELINE)


def ties_table(
    engine: Engine, judged: Sequence[Judged], index: Index, names: Sequence[str]
) -> pa.Table:
    """Return `ties`: the traits and kinds of link that tie most members of each group."""
    linked = _linked_members(engine)
    rows: list[dict[str, Any]] = []
    for j in judged:
        members = j.group.members
        order = sorted(members, key=lambda a: (-j.group.log_odds[a], names[a]))
        pictured = {int(a) for a in order[:PICTURED_ACCOUNTS]}
        inside = np.zeros(index.accounts, dtype=bool)
        inside[members] = True
        ties: list[_Tie] = []
        for trait in j.group.traits:
            holders = index.holdings.account[index.holdings.of(np.array([trait]))]
            holders = holders[inside[holders]]
            shown = shown_value(index.kind[trait], index.value[trait])
            ties.append(
                (holders.size, index.kind[trait], index.family[trait], shown, holders.tolist())
            )
        for (number, kind), (family, accounts) in linked.items():
            if number == j.number:
                ties.append((len(accounts), kind, family, None, accounts))
        ties.sort(key=lambda t: (-t[0], t[1], t[3] or ""))
        for size, kind, family, value, accounts in _spread_over_kinds(ties):
            rows.append(
                {
                    "group_id": j.group_id,
                    "kind": kind,
                    "family": family,
                    "value": value,
                    "members": size,
                    "accounts": sorted(names[a] for a in accounts if a in pictured),
                }
            )
    return pa.Table.from_pylist(rows, schema=TIES)


def _spread_over_kinds(
    ties: list[_Tie],
) -> list[_Tie]:
    # A campaign shares hundreds of phrases; shown alone they would crowd out the card it pays with.
    taken: dict[str, int] = {}
    first: list[_Tie] = []
    rest: list[_Tie] = []
    for tie in ties:
        taken[tie[1]] = taken.get(tie[1], 0) + 1
        (first if taken[tie[1]] <= 4 else rest).append(tie)
    return (first + rest)[:PICTURED_TIES]


def _linked_members(engine: Engine) -> dict[tuple[int, str], tuple[str, list[int]]]:
    rows = engine.arrow(
        "SELECT DISTINCT group_no, kind, account FROM ("
        "SELECT a.group_no, l.kind, l.account_a AS account FROM account_links l "
        "JOIN group_members a ON a.account = l.account_a "
        "JOIN group_members b ON b.account = l.account_b AND b.group_no = a.group_no UNION ALL "
        "SELECT a.group_no, l.kind, l.account_b FROM account_links l "
        "JOIN group_members a ON a.account = l.account_a "
        "JOIN group_members b ON b.account = l.account_b AND b.group_no = a.group_no) "
        "ORDER BY 1, 2, 3"
    ).to_pylist()
    found: dict[tuple[int, str], tuple[str, list[int]]] = {}
    for row in rows:
        family = "timing" if row["kind"] == "failover" else "lineage"
        found.setdefault((row["group_no"], row["kind"]), (family, []))[1].append(row["account"])
    return found
