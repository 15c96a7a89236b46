"""Lays fitted groups out as tables, so that what they did can be counted in the engine."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stillwatch.detect.groups.index import Index
from stillwatch.detect.groups.membership import Group
from stillwatch.engine import Engine

Ints = npt.NDArray[np.int64]


def write_group_tables(engine: Engine, index: Index, groups: Sequence[Group]) -> None:
    """Create `group_members` and `group_work` (group_no, account[, exchange]) from fitted groups."""
    number, member, work_no, work_account, work_exchange = [], [], [], [], []
    is_content = index.in_family("content")
    for no, group in enumerate(groups):
        members = group.members
        number.append(np.full(members.size, no))
        member.append(members)
        rows = index.postings.of(group.traits[is_content[group.traits]])
        inside = np.zeros(index.accounts, dtype=bool)
        inside[members] = True
        rows = rows[inside[index.postings.account[rows]]]
        exchange, first = np.unique(index.postings.other[rows], return_index=True)
        work_no.append(np.full(exchange.size, no))
        work_exchange.append(exchange)
        work_account.append(index.postings.account[rows][first])
    engine.add_arrow(
        "group_members",
        pa.table({"group_no": _column(number, pa.int32()), "account": _column(member, pa.int32())}),
    )
    engine.add_arrow(
        "group_wording",
        pa.table(
            {
                "group_no": _column(work_no, pa.int32()),
                "exchange": _column(work_exchange, pa.int64()),
                "account": _column(work_account, pa.int32()),
            }
        ),
    )
    # A group that only links found has no wording of its own: its work is all that it did.
    engine.create(
        "group_work",
        "SELECT group_no, exchange, account FROM group_wording UNION ALL "
        "SELECT m.group_no, o.exchange, o.account FROM group_members m JOIN observed o USING (account) "
        "WHERE m.group_no NOT IN (SELECT group_no FROM group_wording)",
    )


def write_elsewhere(engine: Engine, elsewhere: npt.NDArray[np.bool_]) -> None:
    """Create `elsewhere` (account): the accounts with which groups are compared, but for their own."""
    accounts = np.nonzero(elsewhere)[0]
    engine.add_arrow("elsewhere", pa.table({"account": pa.array(accounts, pa.int32())}))


def _column(parts: Sequence[Ints], kind: pa.DataType) -> pa.Array:
    joined = np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
    return pa.array(joined, kind)
