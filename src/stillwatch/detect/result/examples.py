"""Picks a few exchange ids to look at for each term: the earliest that show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stillwatch.engine import Engine

_PER_TERM: Final = 5
_PER_ACCOUNT: Final = 3
_LINK_TERMS: Final = {
    "lineage": ("lineage", "signature_replay"),
    "failover": ("failover",),
}


@dataclass(frozen=True, slots=True)
class Examples:
    """Exchange ids by group number and link kind, and by group number and account."""

    work: dict[int, list[str]]
    links: dict[tuple[int, str], list[str]]
    accounts: dict[tuple[int, int], list[str]]

    def of_term(self, group: int, term: str) -> list[str]:
        """Return examples for a group's term: linked exchanges, or the group's work."""
        if term in _LINK_TERMS:
            return [e for kind in _LINK_TERMS[term] for e in self.links.get((group, kind), [])][
                :_PER_TERM
            ]
        return self.work.get(group, [])

    def of_account(self, group: int, account: int) -> list[str]:
        """Return examples of a member's own work."""
        return self.accounts.get((group, account), [])


def pick_examples(engine: Engine) -> Examples:
    """Read examples from `group_work` and `account_links`, in the order of time and id."""
    work: dict[int, list[str]] = {}
    accounts: dict[tuple[int, int], list[str]] = {}
    rows = engine.arrow(
        "SELECT group_no, account, exchange_id, of_group FROM (SELECT w.group_no, w.account, "
        "o.exchange_id, row_number() OVER (PARTITION BY w.group_no ORDER BY w.exchange) AS of_group, "
        "row_number() OVER (PARTITION BY w.group_no, w.account ORDER BY w.exchange) AS of_account "
        "FROM group_work w JOIN observed o ON o.exchange = w.exchange) "
        f"WHERE of_group <= {_PER_TERM} OR of_account <= {_PER_ACCOUNT} "
        "ORDER BY group_no, account, of_account"
    ).to_pylist()
    for row in sorted(rows, key=lambda r: (r["group_no"], r["of_group"])):
        if row["of_group"] <= _PER_TERM:
            work.setdefault(row["group_no"], []).append(row["exchange_id"])
    for row in rows:
        kept = accounts.setdefault((row["group_no"], row["account"]), [])
        if len(kept) < _PER_ACCOUNT:
            kept.append(row["exchange_id"])
    links: dict[tuple[int, str], list[str]] = {}
    for row in engine.arrow(
        "SELECT group_no, kind, exchange_id FROM (SELECT a.group_no, l.kind, o.exchange_id, "
        "row_number() OVER (PARTITION BY a.group_no, l.kind ORDER BY l.at_us, l.exchange_b, l.token) "
        "AS place FROM account_links l JOIN group_members a ON a.account = l.account_a "
        "JOIN group_members b ON b.account = l.account_b AND b.group_no = a.group_no "
        "JOIN observed o ON o.exchange = l.exchange_b) "
        f"WHERE place <= {_PER_TERM} ORDER BY group_no, kind, place"
    ).to_pylist():
        links.setdefault((row["group_no"], row["kind"]), []).append(row["exchange_id"])
    return Examples(work=work, links=links, accounts=accounts)
