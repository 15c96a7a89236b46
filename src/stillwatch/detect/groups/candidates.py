"""Candidate groups: from clusters of traits, from links, and from traits too common to be strata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components
from scipy.stats import poisson

from stillwatch.detect.groups.index import Index
from stillwatch.detect.groups.wordings import merge_wordings
from stillwatch.detect.links.ties import core_of
from stillwatch.detect.parameters import Parameters
from stillwatch.engine import Engine

Ints = npt.NDArray[np.int64]
_LIFT_P = 1e-4
_SAME_HOLDERS = 0.8
_NOBODY: Ints = np.empty(0, dtype=np.int64)
_NOTHING: Ints = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Accounts that might act as one."""

    core: Ints
    traits: Ints
    """The traits that found it; empty leaves it to the fit which traits set the core apart."""
    tied: Ints
    """Those of the core that links found; empty when only traits did."""


def candidates_from_clusters(
    index: Index, clusters: Sequence[Ints], parameters: Parameters
) -> list[Candidate]:
    """Lift clusters of traits to the accounts that hold several unrelated ones of them."""
    found = []
    for traits in clusters:
        core = _lift(index, traits)
        if core.size >= parameters.smallest_group:
            found.append(Candidate(core, traits, _NOBODY))
    return found


def candidates_from_loose_ties(index: Index, parameters: Parameters) -> list[Candidate]:
    """Return the connected components of all ties of which less than half stands in the core.

    A pool of many accounts and few conversations that move leaves most of its accounts with a single
    tie, and of such a pool the core keeps nothing. Who is its member is left to the fit, which asks
    of each account what it asks of any. Where two accounts are the origin of most ties, somebody
    published chats, and those who went on with them are no candidate.
    """
    core = core_of(index.actor, index.origin, index.act)
    acts = np.unique(np.stack((index.origin, index.act)), axis=1)[0]
    given = np.bincount(acts, minlength=index.accounts)
    found = []
    for component in _components(index.accounts, index.actor, index.origin):
        inside = np.intersect1d(component, core, assume_unique=True).size
        loudest = np.sort(given[component])[-2:].sum()
        published = loudest * 2 > given[component].sum()
        enough = component.size >= parameters.smallest_group
        if enough and inside * 2 < component.size and not published:
            found.append(Candidate(component, _NOTHING, component))
    return found


def candidates_from_links(engine: Engine, index: Index, parameters: Parameters) -> list[Candidate]:
    """Return the connected components of the tied accounts."""
    ties = engine.arrow("SELECT account_a, account_b FROM tied_accounts ORDER BY 1, 2")
    first = np.asarray(ties["account_a"].to_numpy(), dtype=np.int64)
    second = np.asarray(ties["account_b"].to_numpy(), dtype=np.int64)
    components = _components(index.accounts, first, second)
    enough = [core for core in components if core.size >= parameters.smallest_group]
    return [Candidate(core, _NOTHING, core) for core in enough]


def candidates_from_common_traits(index: Index, parameters: Parameters) -> list[Candidate]:
    """Turn traits above the cap into candidates: sets of them whose holders nearly coincide.

    A trait that a quarter of all accounts hold can be no rare coincidence, but it can be a pool. One
    common phrase is an idiom, though, and one common client a product; it takes two kinds of trait
    with the same holders. Each set is gathered around the trait that most others coincide with, and
    its candidate is whoever holds more than half of it; largest sets first.
    """
    common = np.nonzero(index.common)[0].astype(np.int64)
    if common.size == 0:
        return []
    rows = index.holdings.of(common)
    sizes = np.diff(index.holdings.start)[common]
    held = csr_array(
        (
            np.ones(rows.size),
            (np.repeat(np.arange(common.size), sizes), index.holdings.account[rows]),
        ),
        shape=(common.size, index.accounts),
    )
    shared = (held @ held.T).tocoo()
    coincide = shared.data >= _SAME_HOLDERS * (sizes[shared.row] + sizes[shared.col] - shared.data)
    pairs = (shared.row[coincide], shared.col[coincide])
    alike = csr_array((np.ones(pairs[0].size), pairs), shape=(common.size, common.size))
    found = []
    free = np.ones(common.size, dtype=bool)
    around = np.asarray(alike.sum(axis=1)).ravel()
    while free.any():
        center = int(np.where(free, around, 0).argmax())
        near = alike.indices[alike.indptr[center] : alike.indptr[center + 1]]
        same = np.sort(near[free[near]])
        free[same] = False
        # `alike` is symmetric: whoever coincides with what was taken has that many fewer left.
        around -= np.asarray(alike[same].sum(axis=0)).ravel()
        core = np.nonzero(held[same].sum(axis=0) * 2 > same.size)[0].astype(np.int64)
        kinds = {index.kind[t] for t in common[same]}
        content = any(index.family[t] == "content" for t in common[same])
        if len(kinds) >= 2 and content and core.size >= parameters.smallest_group:
            # Which wordings are the group's own is left to the fit.
            found.append(Candidate(core, _NOTHING, _NOBODY))
    return found


def _components(accounts: int, first: Ints, second: Ints) -> list[Ints]:
    # The accounts that pairs join, in sorted arrays; in the order of each one's smallest number.
    graph = coo_array(
        (np.ones(first.size, dtype=np.int8), (first, second)), shape=(accounts, accounts)
    )
    _, label = connected_components(graph, directed=False)
    tied = np.unique(np.concatenate((first, second)))
    order = np.argsort(label[tied], kind="stable")
    starts = np.nonzero(np.diff(label[tied][order]))[0] + 1
    return [part for part in np.split(tied[order], starts) if part.size]


def _lift(index: Index, traits: Ints) -> Ints:
    content = traits[index.in_family("content")[traits]]
    other = np.setdiff1d(traits, content, assume_unique=True)
    breadth = _distinct_per_account(index, content, merge_wordings(index, content))
    sides = _distinct_per_account(index, other, index.bundle_number[other])
    # A busy account holds many traits and so some of any cluster's: what counts is holding more of
    # this cluster's than its number of traits explains.
    held = _distinct_per_account(index, traits, traits)
    chance = index.traits_held * (index.holders[traits].sum() / max(1, index.holders.sum()))
    surprising = poisson.logsf(held - 1, np.maximum(chance, 1e-9)) < np.log(_LIFT_P)
    return np.nonzero(surprising & (breadth + sides >= 2))[0].astype(np.int64)


def _distinct_per_account(index: Index, traits: Ints, label: Ints) -> Ints:
    if traits.size == 0:
        return np.zeros(index.accounts, dtype=np.int64)
    rows = index.holdings.of(traits)
    sizes = index.holdings.start[traits + 1] - index.holdings.start[traits]
    held = np.stack((index.holdings.account[rows], np.repeat(label, sizes)))
    account = np.unique(held, axis=1)[0]
    return np.bincount(account, minlength=index.accounts).astype(np.int64)
