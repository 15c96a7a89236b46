"""Who belongs to a group, and how surely: a mixture fitted over a few ordinal observations.

Fellegi and Sunter's model (1969), fitted by expectation–maximisation as in record linkage: each
account shows a level of each observation; a level's log-odds is the log ratio of how often members
and others show it; the terms of an account sum to its log-odds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from scipy.stats import poisson

from stillwatch.detect.groups.candidates import Candidate
from stillwatch.detect.groups.index import Index
from stillwatch.detect.groups.wordings import merge_wordings
from stillwatch.detect.links.ties import OWN_ACTS
from stillwatch.detect.parameters import Parameters

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_ROUNDS: Final = 6
_CORE_WEIGHT: Final = 0.8
_SHARES: Final = (1e-9, 0.03, 0.08, 0.16, 0.3, 0.5)
_BREADTHS: Final = (2, 3, 5, 9)
OBSERVATIONS: Final = ("content", "identity", "client", "lineage", "openness")
# How far one observation can move an account: showing nothing of a kind is weak evidence, because
# an operator can mix in other traffic and rotate an identity at little cost. Conversations stay on
# one account only if the whole pool gives up moving them, so where most of it is tied that costs more.
# To stand in an organisation that others share takes an organisation.
_FLOOR: Final = {
    "content": -5.0,
    "identity": -0.7,
    "client": -0.7,
    "lineage": -2.0,
    "openness": -4.0,
}
_CEILING: Final = {
    "content": 8.0,
    "identity": 5.0,
    "client": 3.0,
    "lineage": 6.0,
    "openness": 3.0,
}
_ACTS: Final = (1, 2, 5)
_TELLING: Final = 0.5
_WIDE: Final = 0.5
# Accounts of all sorts that a client's level among those who show as much of the work is mixed with.
_SHRINKAGE: Final = 5.0
_ENRICHED: Final = 4.0
_OWN: Final = 8.0
_SLIGHT: Final = 0.25


@dataclass(frozen=True, slots=True)
class Group:
    """A fitted group; arrays are over all accounts."""

    traits: Ints
    """The traits that set members apart from everybody else."""
    wording: Ints
    """For each content trait among `traits`, in order, the wording it belongs to."""
    log_odds: Floats
    terms: dict[str, Floats]
    """`base_rate` and one entry an observation; they sum to `log_odds`."""
    work: Ints
    """Exchanges of each account that show one of the group's wordings."""
    breadth: Ints
    """Different wordings of the group that each account uses."""

    @property
    def probability(self) -> Floats:
        """Return each account's probability of membership."""
        return np.asarray(expit(self.log_odds), dtype=np.float64)

    @property
    def members(self) -> Ints:
        """Return the accounts more likely in than out."""
        return np.nonzero(self.log_odds >= 0)[0].astype(np.int64)

    def limited_to(self, accounts: Ints) -> Group:
        """Return the group with nobody in it but who is among these accounts."""
        barred = np.full(self.log_odds.size, -np.inf)
        barred[accounts] = 0.0
        terms = {**self.terms, "base_rate": self.terms["base_rate"] + barred}
        return replace(self, log_odds=self.log_odds + barred, terms=terms)


def fit_group(index: Index, candidate: Candidate, parameters: Parameters) -> Group | None:
    """Fit membership around a candidate's core; None if nothing sets the core apart."""
    weight = np.zeros(index.accounts)
    weight[candidate.core] = _CORE_WEIGHT
    is_content = index.in_family("content")
    wordings = candidate.traits[is_content[candidate.traits]]
    if candidate.traits.size == 0:
        enriched = _enriched_traits(index, weight)
        wordings = enriched[is_content[enriched]]
    # Ties count only to the accounts that links themselves found: were they counted to whoever the
    # group's wording brings in, membership would spread along ties from one pool to the next.
    anchored = np.zeros(index.accounts, dtype=bool)
    anchored[candidate.tied] = True
    group: Group | None = None
    for _ in range(_ROUNDS):
        group = _fit_once(index, wordings, weight, anchored)
        if group is None or group.members.size < parameters.smallest_group:
            return None
        weight = group.probability
    return group


def complete_wordings(index: Index, group: Group) -> Group:
    """Return a group with all wordings that set its settled members apart, for measuring its work.

    While membership is fitted the wordings stay those that found the group; once it is settled they
    can no longer move it, and a campaign's work is more than the part that gave it away.
    """
    weight = np.zeros(index.accounts)
    weight[group.members] = 1.0
    is_content = index.in_family("content")
    enriched = _enriched_traits(index, weight, _OWN)
    content = np.union1d(group.traits[is_content[group.traits]], enriched[is_content[enriched]])
    content, wording = _telling(index, content, weight)
    work, breadth = _workload(index, content, wording)
    other = group.traits[~is_content[group.traits]]
    return replace(
        group,
        traits=np.concatenate((content, other)),
        wording=wording,
        work=work,
        breadth=breadth,
    )


def _fit_once(
    index: Index,
    wordings: Ints,
    weight: Floats,
    anchored: npt.NDArray[np.bool_],
) -> Group | None:
    # The wordings are those that found the group: were they chosen anew each round, a group would
    # drift into whatever its members also write about. Other traits are free to join.
    enriched = _enriched_traits(index, weight)
    content = np.intersect1d(enriched, wordings, assume_unique=True)
    other = enriched[~index.in_family("content")[enriched]]
    if content.size + other.size == 0 and index.actor.size == 0:
        return None
    content, wording = _telling(index, content, weight)
    traits = np.concatenate((content, other))
    work, breadth = _workload(index, content, wording)
    acts = _own_acts(index, anchored)
    levels = {
        "content": _content_level(index, work, breadth),
        "identity": _bundles_held(index, traits, ("identity", "network", "timing")),
        "client": np.minimum(_bundles_held(index, traits, ("client",)), 2),
        "lineage": np.searchsorted(np.array(_ACTS), acts, side="right").astype(np.int64),
        "openness": index.declared.astype(np.int64),
    }
    size = float(weight.sum())
    terms: dict[str, Floats] = {
        "base_rate": np.full(index.accounts, np.log(size + 1) - np.log(index.accounts - size + 1))
    }
    for name in OBSERVATIONS:
        # A tool brings its instructions along with its client: who shows the one has the other, and
        # shared instructions and a shared client are not two coincidences. So a client counts for
        # what it adds among those who show as much of the work.
        given = _amount(levels["content"]) if name == "client" else np.zeros_like(work)
        terms[name] = _level_log_odds(levels[name], given, weight, _FLOOR[name], _CEILING[name])
    # Framing: what others did with an account's answers or wording never makes it a member. It
    # needs two exchanges of its own that show the group's work, and no slight part of it: a few
    # borrowed phrases are none, whatever client it shares. Where it shows little or the group has no
    # wording, it must be tied both ways: two conversations that it went on with, one of its own that
    # others did. Chats that somebody planted are one way.
    log_odds = np.sum([terms[name] for name in terms], axis=0)
    works = work >= OWN_ACTS
    tied = (acts >= OWN_ACTS) & _continued(index, anchored)
    acted = works & ~_slight(index, work, breadth, weight) | tied & (works | (content.size == 0))
    shortfall = np.where(acted, 0.0, np.minimum(0.0, -log_odds - 3.0))
    terms["own_acts"] = shortfall
    return Group(
        traits=traits,
        wording=wording,
        log_odds=log_odds + shortfall,
        terms=terms,
        work=work,
        breadth=breadth,
    )


def _enriched_traits(index: Index, weight: Floats, ratio: float = _ENRICHED) -> Ints:
    # Expected holders among the members allow for how many traits of the bundle they hold at all:
    # busy accounts hold more of everything, and that sets nobody apart. Likely members do not count
    # as outsiders with the rest of their weight, or a large group would stand in its own way.
    rows = index.holdings
    trait = index.trait_of_holding
    bundle = index.bundle_number
    stranger = np.where(weight < 0.5, 1.0 - weight, 0.0)
    inside = np.bincount(trait, weights=weight[rows.account], minlength=index.traits)
    outside = np.bincount(trait, weights=stranger[rows.account], minlength=index.traits)
    held = np.bincount(bundle[trait], weights=weight[rows.account])
    elsewhere = np.bincount(bundle[trait], weights=stranger[rows.account])
    odds = (held / np.maximum(elsewhere, 1.0))[bundle]
    # Half a holder stands in for those not seen, but never for more than half a member.
    expected = outside * odds + 0.5 * np.minimum(odds, 1.0)
    surprising = poisson.logsf(np.floor(inside + 0.5) - 1, expected) < np.log(1e-6)
    enough = (inside >= 3.0) & (inside >= ratio * expected)
    return np.nonzero(enough & surprising)[0].astype(np.int64)


def _telling(index: Index, content: Ints, weight: Floats) -> tuple[Ints, Ints]:
    # The wordings, without those parts of each that say far less of who is a member than another
    # part does: a template comes with instructions that many send, but it is the template that tells.
    # Parts are compared with those that as many members show, or a few members could hide the rest of
    # them by adding a phrase that nobody else has.
    wording = merge_wordings(index, content)
    if content.size == 0:
        return content, wording
    sizes = index.holdings.start[content + 1] - index.holdings.start[content]
    holders = index.holdings.account[index.holdings.of(content)]
    place = np.repeat(np.arange(content.size), sizes)
    inside = np.bincount(place, weights=weight[holders], minlength=content.size)
    theirs = inside / sizes
    most = np.zeros(int(wording.max()) + 1)
    np.maximum.at(most, wording, inside)
    wide = inside >= _WIDE * most[wording]
    best = np.zeros(most.size)
    np.maximum.at(best, wording[wide], theirs[wide])
    telling = theirs >= _TELLING * best[wording]
    return content[telling], wording[telling]


def _workload(index: Index, content: Ints, wording: Ints) -> tuple[Ints, Ints]:
    if content.size == 0:
        nothing = np.zeros(index.accounts, dtype=np.int64)
        return nothing, nothing
    rows = index.postings.of(content)
    exchange, first = np.unique(index.postings.other[rows], return_index=True)
    del exchange
    work = np.bincount(index.postings.account[rows][first], minlength=index.accounts)
    sizes = index.postings.start[content + 1] - index.postings.start[content]
    pair = index.postings.account[rows] * (int(wording.max()) + 1) + np.repeat(wording, sizes)
    breadth = np.bincount(np.unique(pair) // (int(wording.max()) + 1), minlength=index.accounts)
    return work.astype(np.int64), breadth.astype(np.int64)


def _content_level(index: Index, work: Ints, breadth: Ints) -> Ints:
    share = work / (index.exchanges + 2.0)
    step = np.searchsorted(np.array(_SHARES), share, side="right")
    wide = np.searchsorted(np.array(_BREADTHS), breadth, side="right")
    return np.where(step == 0, 0, 1 + (step - 1) * (len(_BREADTHS) + 1) + wide)


def _slight(index: Index, work: Ints, breadth: Ints, weight: Floats) -> npt.NDArray[np.bool_]:
    # Far less of the group's work than a typical member shows, or far fewer of its wordings.
    members = weight >= 0.5
    if not members.any():
        return np.zeros(index.accounts, dtype=bool)
    share = work / index.exchanges
    return np.asarray(
        (share < _SLIGHT * np.median(share[members]))
        | (breadth < _SLIGHT * np.median(breadth[members])),
        dtype=bool,
    )


def _bundles_held(index: Index, traits: Ints, families: tuple[str, ...]) -> Ints:
    held = np.zeros(index.accounts, dtype=np.int64)
    chosen = traits[index.in_family(*families)[traits]]
    for bundle in sorted({index.bundle[t] for t in chosen}):
        of_bundle = np.array([t for t in chosen if index.bundle[t] == bundle], dtype=np.int64)
        held[np.unique(index.holdings.account[index.holdings.of(of_bundle)])] += 1
    return np.minimum(held, 4)


def _own_acts(index: Index, anchored: npt.NDArray[np.bool_]) -> Ints:
    # Conversations of the anchored accounts that each account went on with itself.
    counts = anchored[index.origin]
    acts = np.unique(np.stack((index.actor[counts], index.act[counts])), axis=1)[0]
    return np.bincount(acts, minlength=index.accounts).astype(np.int64)


def _continued(index: Index, anchored: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    # Whose answers an anchored account went on with.
    times = np.bincount(index.origin[anchored[index.actor]], minlength=index.accounts)
    return np.asarray(times > 0, dtype=bool)


def _amount(content: Ints) -> Ints:
    # Levels of content in four: nothing, or the share of the work in pairs of steps.
    return np.where(content == 0, 0, 1 + (content - 1) // (len(_BREADTHS) + 1) // 2)


def _level_log_odds(
    level: Ints, given: Ints, weight: Floats, floor: float, ceiling: float
) -> Floats:
    # How much more often members show a level than others do of whom the same is given.
    count = int(level.max()) + 1
    if not given.any():
        inside = _shares(np.bincount(level, weights=weight, minlength=count) + 0.5 / count)
        outside = _shares(np.bincount(level, weights=1.0 - weight, minlength=count) + 0.5 / count)
        return np.asarray(_clipped(inside, outside, floor, ceiling)[level], dtype=np.float64)
    of_members = _tabled(level, given, weight, count)
    of_others = _tabled(level, given, 1.0 - weight, count)
    return np.asarray(_clipped(of_members, of_others, floor, ceiling)[given, level], np.float64)


def _tabled(level: Ints, given: Ints, weight: Floats, count: int) -> Floats:
    # The share of each level by what is given; where few are, as among all.
    among_all = _shares(np.bincount(level, weights=weight, minlength=count) + 0.5 / count)
    shape = (int(given.max()) + 1, count)
    size = shape[0] * shape[1]
    table = np.bincount(given * count + level, weights=weight, minlength=size).reshape(shape)
    return _shares(table + _SHRINKAGE * among_all)


def _shares(counts: npt.NDArray[np.floating]) -> Floats:
    return np.asarray(counts / counts.sum(axis=-1, keepdims=True), dtype=np.float64)


def _clipped(inside: Floats, outside: Floats, floor: float, ceiling: float) -> Floats:
    return np.asarray(np.clip(np.log(inside) - np.log(outside), floor, ceiling), np.float64)
