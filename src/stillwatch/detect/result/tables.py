"""Writes groups, members, evidence and the rest in the schemas that everything else reads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stillwatch.detect.groups.index import Index
from stillwatch.detect.groups.membership import Group
from stillwatch.detect.judgement.facts import Facts
from stillwatch.detect.judgement.judge import Verdict
from stillwatch.detect.result.examples import Examples
from stillwatch.detect.result.sentences import group_summary, term_statement, weighed_against
from stillwatch.detect.result.values import shown_value
from stillwatch.engine import Engine
from stillwatch.model.tables_out import EVIDENCE, GROUPS, LINKS, MEMBERS, TRAITS
from stillwatch.model.vocabulary import CAPABILITIES, Capability

Ints = npt.NDArray[np.int64]

# Accounts this unlikely are not listed; a list of everybody would say nothing.
_LISTED_LOG_ODDS = log(0.05 / 0.95)
_MEMBER_FAMILY = {
    "base_rate": None,
    "content": "content",
    "identity": "identity",
    "client": "client",
    "lineage": "lineage",
    "openness": "identity",
    "own_acts": None,
}
_MEMBER_SAYS = {
    "base_rate": "How common members of this group are among all accounts.",
    "content": "How much of its traffic shows the group's wordings, and how many of them.",
    "identity": "How many of the group's identity, network and sign-up traits it shares.",
    "client": "Whether it shares the group's client traits.",
    "lineage": "How much it carries over from other members: answers, signatures, failed requests.",
    "openness": "Whether it stands in a declared organisation that others share, as the members do.",
    "own_acts": "Held back: too few acts of its own; what others do with its answers proves nothing.",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A fitted group with its facts and verdict, under its final id."""

    group_id: str
    number: int
    """Its number in `group_members` and `group_work`."""
    group: Group
    facts: Facts
    verdict: Verdict

    @property
    def listed(self) -> Ints:
        """Return the accounts that `members` lists: likely ones, and those nearly so."""
        return np.nonzero(self.group.log_odds >= _LISTED_LOG_ODDS)[0].astype(np.int64)


def group_id_of(account_ids: Iterable[str]) -> str:
    """Return the id of a group: 48 bits of BLAKE2b over its members' ids, one a line, sorted.

    A line feed in an id is written `\\n` and a backslash twice, so that no two sets of members
    read the same.
    """
    lines = (name.replace("\\", "\\\\").replace("\n", "\\n") for name in sorted(account_ids))
    return "g-" + hashlib.blake2b("\n".join(lines).encode(), digest_size=6).hexdigest()


def identify(
    index_accounts: Sequence[str],
    groups: Sequence[Group],
    facts: Sequence[Facts],
    verdicts: Sequence[Verdict],
) -> list[Judged]:
    """Give each group an id that depends on its members alone; campaigns first, then by evidence."""
    judged = []
    for number, (group, fact, verdict) in enumerate(zip(groups, facts, verdicts, strict=True)):
        group_id = group_id_of([index_accounts[a] for a in group.members])
        judged.append(Judged(group_id, number, group, fact, verdict))
    judged.sort(key=lambda j: (j.verdict.kind != "campaign", -j.verdict.log_odds, j.group_id))
    return judged


def capabilities_of(facts: Facts) -> dict[Capability, float]:
    """Return the share of each capability that the work exercises; empty where none was seen."""
    return {c: facts.capabilities[c] for c in CAPABILITIES if facts.capabilities[c] > 0}


def groups_table(judged: Sequence[Judged], attributed: Mapping[int, int]) -> pa.Table:
    """Return `groups`."""
    rows = []
    for j in judged:
        capabilities = capabilities_of(j.facts)
        families = sorted({w.term.family for w in j.verdict.terms if w.log_odds > 0})
        rows.append(
            {
                "group_id": j.group_id,
                "kind": j.verdict.kind,
                "accounts": j.facts.accounts,
                "exchanges": j.facts.exchanges,
                "campaign_exchanges": attributed.get(j.number, 0),
                "first_seen": j.facts.first_us,
                "last_seen": j.facts.last_us,
                "coordination_log_odds": j.verdict.scores["coordination"],
                "extraction_log_odds": j.verdict.scores["extraction"],
                "concealment_log_odds": j.verdict.scores["concealment"],
                "best_innocent_explanation": j.verdict.best_innocent,
                "q_value": j.verdict.q_value,
                "families": families,
                "capabilities": list(capabilities.items()),
                "summary": group_summary(j.verdict, j.facts, capabilities),
            }
        )
    return pa.Table.from_pylist(rows, schema=GROUPS)


def members_table(
    judged: Sequence[Judged],
    names: Sequence[str],
    index: Index,
    attributed: Mapping[tuple[int, int], int],
    first_linked: Mapping[tuple[int, int], int],
) -> pa.Table:
    """Return `members`: every likely account of every group, surest first."""
    rows: list[dict[str, Any]] = []
    for j in judged:
        probability = j.group.probability
        for account in sorted(j.listed, key=lambda a: (-j.group.log_odds[a], names[a])):
            rows.append(
                {
                    "group_id": j.group_id,
                    "account_id": names[account],
                    "log_odds": float(j.group.log_odds[account]),
                    "probability": float(probability[account]),
                    "exchanges": int(index.exchanges[account]),
                    "campaign_exchanges": attributed.get((j.number, int(account)), 0),
                    "first_linked_at": first_linked.get((j.number, int(account))),
                }
            )
    return pa.Table.from_pylist(rows, schema=MEMBERS)


def evidence_table(judged: Sequence[Judged], names: Sequence[str], examples: Examples) -> pa.Table:
    """Return `evidence`: the terms of every group, and of every member of a campaign."""
    rows: list[dict[str, Any]] = []
    for j in judged:
        for weighed in j.verdict.terms:
            rows.append(
                {
                    "group_id": j.group_id,
                    "account_id": None,
                    "family": weighed.term.family,
                    "term": f"{weighed.term.score}.{weighed.term.name}",
                    "log_odds": weighed.log_odds,
                    "statement": term_statement(weighed, j.facts),
                    "innocent_explanation": weighed_against(weighed),
                    "example_exchange_ids": examples.of_term(j.number, weighed.term.name),
                }
            )
        if j.verdict.kind != "campaign":
            continue
        for account in j.listed:
            for name, values in j.group.terms.items():
                if name == "own_acts" and values[account] == 0:
                    continue
                rows.append(
                    {
                        "group_id": j.group_id,
                        "account_id": names[account],
                        "family": _MEMBER_FAMILY[name],
                        "term": f"membership.{name}",
                        "log_odds": float(values[account]),
                        "statement": _MEMBER_SAYS[name],
                        "innocent_explanation": "an unrelated customer",
                        "example_exchange_ids": (
                            examples.of_account(j.number, int(account)) if name == "content" else []
                        ),
                    }
                )
    return pa.Table.from_pylist(rows, schema=EVIDENCE)


def links_table(engine: Engine) -> pa.Table:
    """Return `links`, oldest first."""
    return engine.arrow(
        "SELECT l.kind, a.account_id AS account_a, b.account_id AS account_b, "
        "make_timestamptz(l.at_us) AS occurred_at, x.exchange_id AS exchange_a, "
        "y.exchange_id AS exchange_b FROM account_links l "
        "JOIN account_index a ON a.account = l.account_a "
        "JOIN account_index b ON b.account = l.account_b "
        "JOIN observed x ON x.exchange = l.exchange_a JOIN observed y ON y.exchange = l.exchange_b "
        "ORDER BY 4, 1, 5, 6, l.token"
    ).cast(LINKS)


def traits_table(index: Index) -> pa.Table:
    """Return `traits`: every trait that enough accounts share, values in the form to show."""
    return pa.table(
        {
            "kind": index.kind,
            "family": index.family,
            "value": [
                shown_value(kind, value)
                for kind, value in zip(index.kind, index.value, strict=True)
            ],
            "accounts": index.holders,
        },
        schema=TRAITS,
    )


def first_linked(engine: Engine) -> dict[tuple[int, int], int]:
    """Return when each member first did the group's work or was tied to another, in microseconds."""
    tied = (
        "SELECT a.group_no, {side} AS account, l.at_us FROM account_links l "
        "JOIN group_members a ON a.account = l.account_a "
        "JOIN group_members b ON b.account = l.account_b AND b.group_no = a.group_no"
    )
    rows = engine.arrow(
        "SELECT group_no, account, min(at_us) AS at_us FROM ("
        "SELECT w.group_no, w.account, o.at_us FROM group_work w JOIN observed o "
        "ON o.exchange = w.exchange UNION ALL "
        f"{tied.format(side='l.account_a')} UNION ALL {tied.format(side='l.account_b')}"
        ") GROUP BY 1, 2"
    ).to_pylist()
    return {(r["group_no"], r["account"]): r["at_us"] for r in rows}
