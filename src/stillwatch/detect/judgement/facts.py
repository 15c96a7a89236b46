"""Measures each group: shares and counts only, no opinion; judgement reads nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stillwatch.detect.groups.index import Index
from stillwatch.detect.groups.membership import Group
from stillwatch.detect.judgement.authorised import authorised_accounts
from stillwatch.detect.judgement.cells import surprising_shares
from stillwatch.detect.judgement.claims import (
    NOT_KNOWN,
    Billed,
    Declared,
    billed_elsewhere,
    billed_members,
    declared_relations,
    expected_mismatch,
    mismatch,
)
from stillwatch.detect.judgement.contradictions import Clients, clients
from stillwatch.detect.judgement.control_ticks import ControlTicks, control_ticks
from stillwatch.detect.judgement.group_habits import Habits, measure_habits
from stillwatch.detect.judgement.group_tables import write_elsewhere
from stillwatch.detect.judgement.habits import Compared
from stillwatch.detect.judgement.items import NO_ITEMS, item_repeats
from stillwatch.detect.judgement.phones import PHONED, phoned
from stillwatch.detect.judgement.succession import NOBODY, Succession, successions
from stillwatch.detect.parameters import Parameters
from stillwatch.engine import Engine
from stillwatch.model.vocabulary import CAPABILITIES, FEATURES

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
    elsewhere: int
    """Exchanges of the accounts that the group is compared with."""
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
    """Share of members that ties join to others of the group."""
    continued: float
    """Requests that send a history, per member; ties show in nothing else."""
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
    base_multi_sampled: float
    items: int
    repeats_across: int
    """Pairs of members' work exchanges, on different accounts, that hold the same item."""
    repeats_expected: float
    """The same, if each drew its items from the frequencies elsewhere."""
    known: float
    """Share of members that have a row in the account table."""
    declared: float
    """Share of those in the largest declared unit: one organisation, or one verified mail domain."""
    education: float
    """Share of those on an education plan that was verified."""
    located: float
    """Share of members that show where they are billed and where they are seen."""
    mismatched: float
    """Share of those that are never seen in the country where they are billed."""
    base_mismatched: float | None
    """The same, as expected from others billed in the same countries; None if there are none."""
    callers: Compared
    """Share of members that serve several callers, against accounts that tell as much of callers."""
    pivoted: Compared
    """Share of the work, by member, that had moved to a new model a day after it appeared."""
    foreign: Compared
    """Share of the work, by member, whose history holds answers that were never given here."""
    ticks: Compared
    """Share of control events, by member, that fall into one moment with another member's."""
    phoned: Compared
    """Share of members with a phone of another country than the one where they are billed."""
    rested: Compared
    """Share of rate limits, by member, after which the account sent nothing for a while."""
    contradicted: Compared
    """Share of members whose client shows what the one that it claims to be never shows elsewhere."""
    succession: Succession
    authorised: float
    """Share of members whose use is declared as authorised."""
    first_us: int
    last_us: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What groups did by themselves, counted once whatever they are compared with."""

    workload: dict[int, dict[str, int]]
    total: dict[int, dict[str, int]]
    linked: dict[int, dict[str, int]]
    after: dict[int, dict[str, int]]
    before: dict[int, dict[str, int]]
    declared: dict[int, Declared]
    billed: dict[int, dict[str, Billed]]
    phoned: dict[int, dict[str, Billed]]
    successions: dict[int, Succession]
    habits: Habits
    ticks: ControlTicks
    clients: Clients
    authorised: npt.NDArray[np.bool_]


def tally(engine: Engine, accounts: int, parameters: Parameters) -> Tally:
    """Count what the members of every group did; needs `write_group_tables` before."""
    links = "(SELECT * FROM account_links WHERE kind = 'failover')"
    return Tally(
        workload=_by_group(engine, _WORKLOAD),
        total=_by_group(engine, _TOTAL),
        linked=_by_group(engine, _LINKED),
        after=_by_group(engine, _FAILOVER.format(links=links)),
        before=_by_group(engine, _FAILOVER.format(links="failover_control")),
        declared=declared_relations(engine),
        billed=billed_members(engine),
        phoned=billed_members(engine, PHONED),
        successions=successions(engine, parameters),
        habits=measure_habits(engine, accounts, parameters),
        ticks=control_ticks(engine, accounts, parameters),
        clients=clients(engine),
        authorised=authorised_accounts(engine, accounts),
    )


def measure(
    engine: Engine,
    index: Index,
    groups: Sequence[Group],
    own: Tally,
    elsewhere: npt.NDArray[np.bool_],
    parameters: Parameters,
) -> list[Facts]:
    """Return the facts of every group, in order.

    `elsewhere` says which accounts a group is compared with; its own members never are.
    """
    write_elsewhere(engine, elsewhere)
    base = engine.arrow(_BASE).to_pylist()[0]
    traffic = _by_group(engine, _TRAFFIC)
    repeats = item_repeats(engine)
    outside = billed_elsewhere(engine, len(groups))
    phones = billed_elsewhere(engine, len(groups), PHONED)
    facts = []
    for no, group in enumerate(groups):
        members = group.members
        done, all_done = own.workload[no], own.total[no]
        # Elsewhere is everybody else's traffic: what members do beside the work is no yardstick.
        inside = traffic.get(no, {})
        rest = {key: base[key] - inside.get(key, 0) for key in base}
        work, others = max(1, done["work"]), max(1, rest["work"])
        mass = sum(done[c] for c in CAPABILITIES) or 1
        base_mass = sum(rest[c] for c in CAPABILITIES) or 1
        items = repeats.get(no, NO_ITEMS)
        declared = own.declared.get(no, NOT_KNOWN)
        billed = own.billed.get(no, {})
        facts.append(
            Facts(
                accounts=members.size,
                exchanges=all_done["exchanges"],
                elsewhere=rest["work"],
                work=done["work"],
                work_share=float(np.median(group.work[members] / index.exchanges[members])),
                wordings=np.unique(group.wording).size,
                breadth=float(np.median(group.breadth[members])),
                shared=surprising_shares(index, group, elsewhere, parameters),
                linked=own.linked.get(no, {}).get("accounts", 0) / members.size,
                continued=all_done["continued"] / members.size,
                failover_after=own.after.get(no, {}).get("echoes", 0),
                failover_before=own.before.get(no, {}).get("echoes", 0),
                failover_breadth=own.after.get(no, {}).get("accounts", 0) / members.size,
                eliciting=done["eliciting"] / work,
                processing=done["processing"] / work,
                base_eliciting=rest["eliciting"] / others,
                base_processing=rest["processing"] / others,
                capabilities={c: done[c] / mass for c in CAPABILITIES},
                base_capabilities={c: rest[c] / base_mass for c in CAPABILITIES},
                single_turn=done["single_turn"] / work,
                base_single_turn=rest["single_turn"] / others,
                multi_sampled=done["multi_sampled"] / work,
                base_multi_sampled=rest["multi_sampled"] / others,
                items=items.items,
                repeats_across=items.pairs,
                repeats_expected=items.expected,
                known=declared.known / members.size,
                declared=declared.largest / max(1, declared.known),
                education=declared.education / max(1, declared.known),
                located=sum(b.seen for b in billed.values()) / members.size,
                mismatched=mismatch(billed),
                base_mismatched=expected_mismatch(
                    billed, outside[no], parameters.country_shrinkage
                ),
                callers=own.habits.callers(members, elsewhere, parameters),
                pivoted=own.habits.pivoted(no, members, elsewhere),
                foreign=own.habits.foreign_histories(no, members, elsewhere),
                ticks=own.ticks.compared(no, members, elsewhere),
                phoned=phoned(own.phoned.get(no, {}), phones[no], parameters),
                rested=own.habits.cool_downs(members, elsewhere),
                contradicted=own.clients.contradicted(members, elsewhere, parameters),
                succession=own.successions.get(no, NOBODY),
                authorised=float(own.authorised[members].mean()),
                first_us=all_done["first_us"],
                last_us=all_done["last_us"],
            )
        )
    return facts


def _by_group(engine: Engine, sql: str) -> dict[int, dict[str, int]]:
    return {row.pop("group_no"): row for row in engine.arrow(sql).to_pylist()}


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
_BASE = f"SELECT {_EXCHANGE} FROM observed o JOIN elsewhere e USING (account)"
_TRAFFIC = (
    f"SELECT m.group_no, {_EXCHANGE} FROM group_members m JOIN elsewhere e USING (account) "
    "JOIN observed o USING (account) GROUP BY 1"
)
_WORKLOAD = (
    f"SELECT w.group_no, {_EXCHANGE} "
    "FROM group_work w JOIN observed o ON o.exchange = w.exchange GROUP BY w.group_no"
)
_TOTAL = (
    "SELECT m.group_no, CAST(sum(a.exchanges) AS BIGINT) AS exchanges, min(a.first_us) AS first_us, "
    "max(a.last_us) AS last_us, CAST(coalesce(sum(h.continued), 0) AS BIGINT) AS continued "
    "FROM group_members m JOIN activity a USING (account) LEFT JOIN ("
    "SELECT account, count(*) AS continued FROM observed WHERE len(prior_assistant_hashes) > 0 "
    "GROUP BY 1) h USING (account) GROUP BY 1"
)
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
