"""Detection from end to end on one page: traits, links, network, groups, judgement, tables."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import pyarrow as pa

from stillwatch.detect.groups.candidates import (
    candidates_from_clusters,
    candidates_from_common_traits,
    candidates_from_links,
    candidates_from_loose_ties,
)
from stillwatch.detect.groups.index import Index, build_index
from stillwatch.detect.groups.membership import Group
from stillwatch.detect.groups.merge import fit_groups
from stillwatch.detect.groups.part import part_groups
from stillwatch.detect.judgement.authorised import (
    Authorised,
    authorised_accounts,
    memberships,
    spared,
)
from stillwatch.detect.judgement.facts import Facts
from stillwatch.detect.judgement.group_tables import write_group_tables
from stillwatch.detect.judgement.judge import Verdict
from stillwatch.detect.judgement.likelihoods import Likelihoods, built_in_likelihoods
from stillwatch.detect.judgement.settle import judge_groups
from stillwatch.detect.links.collect import collect_links
from stillwatch.detect.links.registry import link_kinds
from stillwatch.detect.network.cluster import cluster_traits
from stillwatch.detect.network.null import validate_pairs
from stillwatch.detect.network.pairs import count_pairs
from stillwatch.detect.parameters import Parameters
from stillwatch.detect.prepare import prepare
from stillwatch.detect.result.attribution import attribute, attributed_counts, attributed_table
from stillwatch.detect.result.capabilities import capability_counts_table
from stillwatch.detect.result.examples import pick_examples
from stillwatch.detect.result.pictures import ties_table, timeline_table
from stillwatch.detect.result.tables import (
    evidence_table,
    first_linked,
    groups_table,
    identify,
    links_table,
    members_table,
    traits_table,
)
from stillwatch.detect.traits.collect import collect_traits
from stillwatch.detect.traits.registry import trait_kinds
from stillwatch.engine import Engine

Stage = Callable[[str], None]
"""Told the name of each stage as it begins."""


@dataclass(frozen=True, slots=True)
class Detection:
    """What detection found, in the tables of the contract."""

    tables: dict[str, pa.Table]
    tested_pairs: int
    """Trait pairs that the false discovery rate was taken over."""
    calibration: str
    """Where the likelihoods come from, to be said wherever scores are shown."""
    candidates: int
    unjudged: tuple[str, ...]
    """Terms of judgement left out because their fields are absent, in the source or in some groups."""
    authorised: Authorised
    """What the declarations of authorised use came to."""


def detect(
    engine: Engine, parameters: Parameters, fields: Collection[str], stage: Stage
) -> Detection:
    """Find and judge groups in `fingerprints`, `accounts` and leave every intermediate named.

    The engine must hold `fingerprints` (schema FINGERPRINTS, one row an exchange), `accounts`,
    `account_events`, `control_events` and `authorised_use` (schemas of the same names, possibly
    empty); `fields` names the columns that hold values, as `exchanges.COLUMN`, `accounts.COLUMN`
    and so on. Returns all result tables but `readiness` and `rejected`.
    """
    stage("traits")
    prepare(engine, parameters)
    collect_traits(engine, trait_kinds(), parameters)
    stage("links")
    collect_links(engine, link_kinds(), parameters)
    stage("network")
    validated = validate_pairs(
        engine,
        count_pairs(engine, parameters),
        false_discovery_rate=parameters.pair_false_discovery_rate,
    )
    clusters = cluster_traits(validated, parameters)
    stage("groups")
    index = build_index(engine)
    candidates = [
        *candidates_from_clusters(index, clusters, parameters),
        *candidates_from_links(engine, index, parameters),
    ]
    loose = candidates_from_loose_ties(index, parameters)
    fallbacks = candidates_from_common_traits(index, parameters)
    declared = authorised_accounts(engine, index.accounts)
    fitted = fit_groups(index, candidates, loose, fallbacks, parameters)
    groups = spared(fitted, declared, parameters)
    taken_out = memberships(fitted, declared) - memberships(groups, declared)
    stage("judgement")
    every = built_in_likelihoods()
    able = every.on(fields)
    write_group_tables(engine, index, groups)
    facts, verdicts = judge_groups(engine, index, groups, able, parameters)
    # Judged again, a group may become a campaign that overlaps another; each round takes somebody out.
    while _counted(parted := _parted(groups, verdicts, parameters)) < _counted(groups):
        groups = parted
        write_group_tables(engine, index, groups)
        facts, verdicts = judge_groups(engine, index, groups, able, parameters)
    return Detection(
        tables=_tables(engine, parameters, index, groups, facts, verdicts),
        tested_pairs=validated.tested,
        calibration=every.calibration,
        unjudged=_unjudged(every, able, verdicts),
        authorised=Authorised(
            accounts=int(declared.sum()),
            taken_out=taken_out,
            groups=sum(f.authorised > parameters.authorised_share for f in facts),
        ),
        candidates=len(candidates) + len(loose) + len(fallbacks),
    )


def _counted(groups: Sequence[Group]) -> int:
    return sum(group.members.size for group in groups)


def _parted(
    groups: Sequence[Group], verdicts: Sequence[Verdict], parameters: Parameters
) -> list[Group]:
    campaign = [verdict.kind == "campaign" for verdict in verdicts]
    told = list(zip(groups, campaign, strict=True))
    parted = part_groups([g for g, named in told if named], parameters.smallest_group)
    # In the order of `fit_groups`: largest first.
    kept = [*parted, *(g for g, named in told if not named)]
    return sorted(kept, key=lambda g: (-g.members.size, int(g.members[0])))


def _unjudged(
    every: Likelihoods, able: Likelihoods, verdicts: Sequence[Verdict]
) -> tuple[str, ...]:
    left_out = []
    for term in every.terms:
        name = f"{term.score}.{term.name}"
        if term not in able.terms:
            left_out.append(name)
            continue
        without = sum(all(w.term is not term for w in v.terms) for v in verdicts)
        if without:
            left_out.append(f"{name} (in {without:,} of {len(verdicts):,} groups)")
    return tuple(left_out)


def _tables(
    engine: Engine,
    parameters: Parameters,
    index: Index,
    groups: Sequence[Group],
    facts: Sequence[Facts],
    verdicts: Sequence[Verdict],
) -> dict[str, pa.Table]:
    names: list[str] = engine.arrow("SELECT account_id FROM account_index ORDER BY account")[
        "account_id"
    ].to_pylist()
    judged = identify(names, groups, facts, verdicts)
    attribute(engine, judged, parameters)
    per_group, per_account = attributed_counts(engine)
    return {
        "groups": groups_table(judged, per_group),
        "members": members_table(judged, names, index, per_account, first_linked(engine)),
        "evidence": evidence_table(judged, names, pick_examples(engine)),
        "links": links_table(engine),
        "traits": traits_table(index),
        "attributed": attributed_table(engine),
        "capabilities": capability_counts_table(engine),
        "timeline": timeline_table(engine, judged),
        "ties": ties_table(engine, judged, index, names),
    }
