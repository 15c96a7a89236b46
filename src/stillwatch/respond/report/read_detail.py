"""Reads what is long about one campaign: its members, hours, ties and links, as far as shown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.model.tables_picture import PICTURE_TABLES
from stillwatch.model.vocabulary import NAMED_PROBABILITY
from stillwatch.respond.report.read_result import (
    number,
    plain_rows,
    read_rows,
    read_table,
    text,
)
from stillwatch.respond.report.result import CampaignDetail, Hour, Member, Tie


def read_detail(folder: Path, group_id: str, shown_members: int) -> CampaignDetail:
    """Read one campaign's detail, with its `shown_members` strongest members."""
    of_group = pc.field("group_id") == group_id
    rows = read_rows(folder, "members", keep=of_group)
    rows.sort(key=lambda row: (-(number(row["log_odds"]) or 0.0), text(row["account_id"])))
    shown = rows[:shown_members]
    return CampaignDetail(
        members=_members(folder, group_id, shown),
        listed=len(rows),
        named=sum((number(row["probability"]) or 0.0) >= NAMED_PROBABILITY for row in rows),
        ties=_ties(folder, group_id),
        hours=tuple(
            Hour(row["hour"], row["exchanges"] or 0, row["campaign_exchanges"] or 0)
            for row in sorted(
                (row for row in _picture(folder, "timeline", group_id) if row["hour"] is not None),
                key=lambda row: row["hour"],
            )
        ),
        link_kinds=_link_kinds(folder, [text(row["account_id"]) for row in rows]),
    )


def named_accounts(folder: Path, group_id: str) -> tuple[str, ...]:
    """Return the accounts of a campaign that are named, in order of their names."""
    keep = (pc.field("group_id") == group_id) & (pc.field("probability") >= NAMED_PROBABILITY)
    rows = read_rows(folder, "members", keep=keep, columns=["account_id"])
    return tuple(sorted(text(row["account_id"]) for row in rows))


def _picture(folder: Path, table: str, group_id: str) -> list[dict[str, Any]]:
    """Return a picture table's rows of a group; none where an older scan wrote no such table."""
    path = folder / f"{table}.parquet"
    if not path.is_file():
        return []
    keep = pc.field("group_id") == group_id
    return plain_rows(read_table(path, PICTURE_TABLES[table].names, keep))


def _members(folder: Path, group_id: str, rows: Sequence[Mapping[str, Any]]) -> tuple[Member, ...]:
    families = _member_families(folder, group_id, [text(row["account_id"]) for row in rows])
    return tuple(
        Member(
            account_id=text(row["account_id"]),
            log_odds=number(row["log_odds"]) or 0.0,
            probability=number(row["probability"]) or 0.0,
            exchanges=row["exchanges"] or 0,
            campaign_exchanges=row["campaign_exchanges"] or 0,
            first_linked_at=row["first_linked_at"],
            families=families.get(text(row["account_id"]), ()),
        )
        for row in rows
    )


def _member_families(
    folder: Path, group_id: str, accounts: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    """Return, for each account, the families whose terms speak for its membership."""
    keep = (pc.field("group_id") == group_id) & pc.field("account_id").isin(
        pa.array(accounts, pa.string())
    )
    sums: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in read_rows(
        folder, "evidence", keep=keep, columns=["group_id", "account_id", "family", "log_odds"]
    ):
        sums[row["account_id"]][text(row["family"])] += number(row["log_odds"]) or 0.0
    return {
        account: tuple(
            family
            for family, weight in sorted(by_family.items(), key=lambda item: (-item[1], item[0]))
            if weight > 0 and family
        )
        for account, by_family in sums.items()
    }


def _ties(folder: Path, group_id: str) -> tuple[Tie, ...]:
    rows = _picture(folder, "ties", group_id)
    values = pa.array(sorted({text(row["value"]) for row in rows}), pa.string())
    everywhere: Counter[tuple[str, str]] = Counter()
    if rows:
        for trait in read_rows(
            folder,
            "traits",
            keep=pc.field("value").isin(values),
            columns=["kind", "value", "accounts"],
        ):
            everywhere[text(trait["kind"]), text(trait["value"])] = trait["accounts"] or 0
    ties = [
        Tie(
            kind=text(row["kind"]),
            family=text(row["family"]),
            value=row["value"],
            members=row["members"] or 0,
            accounts=tuple(row["accounts"] or ()),
            everywhere=everywhere.get((text(row["kind"]), text(row["value"]))),
        )
        for row in rows
    ]
    return tuple(sorted(ties, key=lambda tie: (-tie.members, tie.kind, tie.value or "")))


def _link_kinds(folder: Path, accounts: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Return how many links of each kind join two of the accounts."""
    names = pa.array(accounts, pa.string())
    keep = pc.field("account_a").isin(names) & pc.field("account_b").isin(names)
    columns = ["kind", "account_a", "account_b"]
    links = read_table(folder / "links.parquet", columns, keep)
    counted = links.group_by("kind").aggregate([([], "count_all")]).to_pylist()
    return tuple(
        sorted(
            ((text(row["kind"]), row["count_all"]) for row in counted),
            key=lambda item: (-item[1], item[0]),
        )
    )
