"""Measures each group: shares and counts only, no opinion; judgement reads nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stillwatch.detect.groups.index import Index
from stillwatch.detect.groups.membership import Group
from stillwatch.detect.judgement.cells import surprising_shares
from stillwatch.engine import Engine
from stillwatch.model.vocabulary import CAPABILITIES, FEATURES

Ints = npt.NDArray[np.int64]

ELICITING = (
    "step_by_step",
    "retrospective_reasoning",
    "inline_reasoning_tags",
    "thinking_language",
    "exemplary_answer",
    "tool_plan",
)
PROCESSING = ("grading", "cleaning")


@dataclass(frozen=True, slots=True)
class Facts:
    """What was measured of one group; shares are 0 to 1, counts are exact."""

    accounts: int
    exchanges: int
    work: int
    """Exchanges that show the group's wordings, or all of them for a group found by links alone."""
    work_share: float
    """Median share of a member's exchanges that are work."""
    wordings: int
    breadth: float
    """Median number of the group's wordings that a member uses."""
    shared: dict[str, float]
    """Per family, the share of members in a cell of one value too large to be chance."""
    linked: float
    """Share of members tied to another by two or more carried-over things."""
    failover_after: int
    failover_before: int
    failover_breadth: float
    """Share of members that an echo of a failed request touches."""
    eliciting: float
    processing: float
    base_eliciting: float
    base_processing: float
    capabilities: dict[str, float]
    base_capabilities: dict[str, float]
    single_turn: float
    base_single_turn: float
    multi_sampled: float
    items: int
    repeats_across: int
    """Pairs of members' work exchanges, on different accounts, that hold the same item."""
    repeats_expected: float
    """The same, if each drew its items from everybody else's frequencies."""
    declared: float
    """Largest share of members in one declared unit: organisation, own mail domain, one card."""
    education: float
    mismatched: float
    """Share of members billed in one country and seen only in others, of those that show both."""
    base_mismatched: float
    first_us: int
    last_us: int


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


def measure(engine: Engine, index: Index, groups: Sequence[Group]) -> list[Facts]:
    """Return the facts of every group, in order; needs `write_group_tables` before."""
    workload = _by_group(engine, _WORKLOAD)
    traffic = _by_group(engine, _TRAFFIC)
    base = engine.arrow(_BASE).to_pylist()[0]
    total = _by_group(engine, _TOTAL)
    overlap = _by_group(engine, _OVERLAP)
    linked = _by_group(engine, _LINKED)
    after = _by_group(
        engine, _FAILOVER.format(links="(SELECT * FROM account_links WHERE kind = 'failover')")
    )
    before = _by_group(engine, _FAILOVER.format(links="failover_control"))
    declared = _by_group(engine, _DECLARED)
    mismatch = _by_group(engine, _MISMATCH)
    base_mismatch = engine.arrow(_BASE_MISMATCH).to_pylist()[0]
    facts = []
    for no, group in enumerate(groups):
        members = group.members
        done, all_done = workload[no], total[no]
        # Elsewhere is everybody else's traffic: what members do beside the work is no yardstick.
        rest = {key: base[key] - traffic[no][key] for key in base}
        work, others = max(1, done["work"]), max(1, rest["work"])
        mass = sum(done[c] for c in CAPABILITIES) or 1
        base_mass = sum(rest[c] for c in CAPABILITIES) or 1
        facts.append(
            Facts(
                accounts=members.size,
                exchanges=all_done["exchanges"],
                work=done["work"],
                work_share=float(np.median(group.work[members] / index.exchanges[members])),
                wordings=np.unique(group.wording).size,
                breadth=float(np.median(group.breadth[members])),
                shared=surprising_shares(index, group),
                linked=linked.get(no, {}).get("accounts", 0) / members.size,
                failover_after=after.get(no, {}).get("echoes", 0),
                failover_before=before.get(no, {}).get("echoes", 0),
                failover_breadth=after.get(no, {}).get("accounts", 0) / members.size,
                eliciting=done["eliciting"] / work,
                processing=done["processing"] / work,
                base_eliciting=rest["eliciting"] / others,
                base_processing=rest["processing"] / others,
                capabilities={c: done[c] / mass for c in CAPABILITIES},
                base_capabilities={c: rest[c] / base_mass for c in CAPABILITIES},
                single_turn=done["single_turn"] / work,
                base_single_turn=rest["single_turn"] / others,
                multi_sampled=done["multi_sampled"] / work,
                items=overlap.get(no, {}).get("items", 0),
                repeats_across=overlap.get(no, {}).get("pairs", 0),
                repeats_expected=_expected_repeats(overlap.get(no), work, others),
                declared=declared[no]["largest"] / members.size,
                education=declared[no]["education"] / members.size,
                mismatched=_share(mismatch.get(no, {})),
                base_mismatched=_share(base_mismatch),
                first_us=all_done["first_us"],
                last_us=all_done["last_us"],
            )
        )
    return facts


def _column(parts: Sequence[Ints], kind: pa.DataType) -> pa.Array:
    joined = np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
    return pa.array(joined, kind)


def _by_group(engine: Engine, sql: str) -> dict[int, dict[str, int]]:
    return {row.pop("group_no"): row for row in engine.arrow(sql).to_pylist()}


def _share(row: dict[str, int]) -> float:
    return row["mismatched"] / row["seen"] if row.get("seen") else 0.0


def _expected_repeats(row: dict[str, int] | None, work: int, others: int) -> float:
    # λ = Σ_{a<b} n_a n_b Σ_i p_i², items' frequencies p_i from outside the group.
    if row is None:
        return 0.0
    return (
        row["cross"] / 2 * (row["outside_squares"] / (others * max(1, others - 1))) if work else 0.0
    )


def _bits(names: Sequence[str]) -> int:
    return sum(1 << FEATURES.index(name) for name in names)


_EXCHANGE = (
    "count(*) AS work, "
    f"count(CASE WHEN (o.features & {_bits(ELICITING)}) <> 0 THEN 1 END) AS eliciting, "
    f"count(CASE WHEN (o.features & {_bits(PROCESSING)}) <> 0 THEN 1 END) AS processing, "
    "count(CASE WHEN coalesce(len(o.prior_assistant_hashes), 0) = 0 THEN 1 END) AS single_turn, "
    "count(CASE WHEN o.choices > 1 THEN 1 END) AS multi_sampled, "
    + ", ".join(
        f"CAST(sum((o.capabilities >> {8 * i}) & 255) AS BIGINT) AS {name}"
        for i, name in enumerate(CAPABILITIES)
    )
)
_BASE = f"SELECT {_EXCHANGE} FROM observed o"
_TRAFFIC = f"SELECT m.group_no, {_EXCHANGE} FROM group_members m JOIN observed o USING (account) GROUP BY 1"
_WORKLOAD = (
    f"SELECT w.group_no, {_EXCHANGE} "
    "FROM group_work w JOIN observed o ON o.exchange = w.exchange GROUP BY w.group_no"
)
_TOTAL = (
    "SELECT m.group_no, CAST(sum(a.exchanges) AS BIGINT) AS exchanges, min(a.first_us) AS first_us, "
    "max(a.last_us) AS last_us FROM group_members m JOIN activity a USING (account) GROUP BY 1"
)
# An item is a whole prompt, known by a third of its MinHash: copies always agree, copies with a word
# or two changed often do, and prompts that merely share a template hardly ever. Pairs on different
# accounts: all pairs of one item less those inside one account.
_OVERLAP = """
WITH item AS (
  SELECT exchange, substr(hex(minhash), 1, 16) AS item FROM observed WHERE prompt_hash IS NOT NULL
), used AS (
  SELECT w.group_no, i.item, w.account, count(*) AS n
  FROM group_work w JOIN item i USING (exchange) GROUP BY 1, 2, 3
), per_item AS (
  SELECT group_no, item, sum(n) AS n, sum(n * n) AS squares FROM used GROUP BY 1, 2
), everywhere AS (
  SELECT item, count(*) AS n FROM item GROUP BY item
), per_account AS (
  SELECT group_no, account, sum(n) AS n FROM used GROUP BY 1, 2
), sizes AS (
  SELECT group_no, CAST(sum(n) * sum(n) - sum(n * n) AS BIGINT) AS "cross" FROM per_account GROUP BY 1
), outside AS (
  SELECT p.group_no, sum((e.n - p.n) * (e.n - p.n - 1)) - sum(e.n * (e.n - 1)) AS correction
  FROM per_item p JOIN everywhere e USING (item) GROUP BY 1
)
SELECT p.group_no, count(*) AS items, CAST(sum(p.n * p.n - p.squares) // 2 AS BIGINT) AS pairs,
       any_value(s."cross") AS "cross",
       CAST((SELECT sum(n * (n - 1)) FROM everywhere) + any_value(o.correction) AS BIGINT) AS outside_squares
FROM per_item p JOIN sizes s USING (group_no) JOIN outside o USING (group_no) GROUP BY p.group_no
"""
_LINKED = """
SELECT group_no, count(DISTINCT account) AS accounts FROM (
  SELECT a.group_no, t.account_a AS account FROM tied_accounts t
  JOIN group_members a ON a.account = t.account_a
  JOIN group_members b ON b.account = t.account_b AND b.group_no = a.group_no
  UNION ALL
  SELECT a.group_no, t.account_b FROM tied_accounts t
  JOIN group_members a ON a.account = t.account_a
  JOIN group_members b ON b.account = t.account_b AND b.group_no = a.group_no
) GROUP BY group_no
"""
_FAILOVER = """
SELECT a.group_no, count(DISTINCT l.exchange_a) AS echoes,
       count(DISTINCT l.account_a) AS accounts
FROM {links} l
JOIN group_members a ON a.account = l.account_a
JOIN group_members b ON b.account = l.account_b AND b.group_no = a.group_no
GROUP BY a.group_no
"""
# A mail domain of its own is one whose holders are mostly in the group; a public provider's are not.
_DECLARED = """
WITH claimed AS (
  SELECT m.group_no, 'organisation' AS unit, c.organization_id AS value, m.account
  FROM group_members m JOIN claims c USING (account) WHERE c.organization_id IS NOT NULL
  UNION ALL
  SELECT m.group_no, 'mail', c.email_domain, m.account
  FROM group_members m JOIN claims c USING (account)
  JOIN (SELECT email_domain, count(*) AS holders FROM claims GROUP BY 1) d USING (email_domain)
  JOIN (SELECT group_no, email_domain, count(*) AS inside FROM group_members
        JOIN claims USING (account) GROUP BY 1, 2) g USING (group_no, email_domain)
  WHERE 2 * g.inside >= d.holders
  UNION ALL
  SELECT m.group_no, 'card', c.payment_fingerprint, m.account
  FROM group_members m JOIN claims c USING (account) WHERE c.payment_fingerprint IS NOT NULL
), cells AS (
  SELECT group_no, unit, value, count(*) AS accounts FROM claimed GROUP BY 1, 2, 3
)
SELECT m.group_no, coalesce(max(k.largest), 0) AS largest,
       count(CASE WHEN c.plan = 'education' THEN 1 END) AS education
FROM group_members m JOIN claims c USING (account)
LEFT JOIN (SELECT group_no, max(accounts) AS largest FROM cells GROUP BY 1) k USING (group_no)
GROUP BY m.group_no
"""
_SEEN_COUNTRY = (
    "SELECT account, count(*) AS seen, count(CASE WHEN o.client_country = c.billing_country THEN 1 END) "
    "AS home FROM observed o JOIN claims c USING (account) "
    "WHERE o.client_country IS NOT NULL AND c.billing_country IS NOT NULL GROUP BY account"
)
_MISMATCH = (
    "SELECT m.group_no, count(*) AS seen, count(CASE WHEN s.home = 0 THEN 1 END) AS mismatched "
    f"FROM group_members m JOIN ({_SEEN_COUNTRY}) s USING (account) GROUP BY 1"
)
_BASE_MISMATCH = (
    "SELECT count(*) AS seen, count(CASE WHEN home = 0 THEN 1 END) AS mismatched "
    f"FROM ({_SEEN_COUNTRY})"
)
