"""Joins groups that hold wordings throughout which hardly anybody else holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from stillwatch.detect.groups.index import Index

Ints = npt.NDArray[np.int64]

_THROUGHOUT: Final = 0.3
"""Share of a group's accounts that must hold a wording before the group holds it throughout."""
_THEIRS: Final = 0.8
"""Share of a wording's holders that must stand in the groups that hold it throughout."""
_FEWEST_HOLDERS: Final = 5
_SHARED: Final = 0.25
"""Jaccard similarity of what two groups own from which they are one."""
_FEWEST_TRAITS: Final = 5
_MOSTLY: Final = 0.6
"""Share of the exchanges showing what a group owns that must show what it owns with others."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Groups that belong together, by their places, and the content traits that say so."""

    places: Ints
    traits: Ints


def joined_groups(index: Index, members: Sequence[Ints]) -> list[Joined]:
    """Return the sets of two groups or more that belong together.

    An operator that deals its queue over several pools writes the same wordings in all of them. No
    pool then owns a wording, since the others hold it as well, and each looks like its customers.
    Groups own what they hold throughout and nearly nobody else does; two that own much the same are
    one. What a tool, a benchmark or a published prompt brings has holders elsewhere, and what a
    customer of two pools brings is not most of what a pool of many customers owns.
    """
    content = np.nonzero(index.in_family("content"))[0].astype(np.int64)
    count = len(members)
    if count < 2 or content.size == 0:
        return []
    # Sparse throughout: a large log has hundreds of thousands of wordings and thousands of groups.
    sizes = np.diff(index.holdings.start)[content]
    holder = index.holdings.account[index.holdings.of(content)]
    held_by = _ones(np.repeat(np.arange(content.size), sizes), holder, content.size, index.accounts)
    member = np.concatenate(members)
    group = np.repeat(np.arange(count), [accounts.size for accounts in members])
    held = (held_by @ _ones(member, group, index.accounts, count)).tocoo()
    enough = np.array([max(_FEWEST_HOLDERS, _THROUGHOUT * m.size) for m in members])
    kept = held.data >= enough[held.col]
    throughout = _ones(held.row[kept], held.col[kept], content.size, count)
    # An account of two groups counts for the first, or its wordings would have holders twice.
    member, first = np.unique(member, return_index=True)
    once = held_by @ _ones(member, group[first], index.accounts, count)
    theirs = once.multiply(throughout).sum(axis=1) >= _THEIRS * sizes
    owned = throughout.multiply(theirs[:, None]).tocsr()
    owned.eliminate_zeros()
    common = (owned.T @ owned).tocoo()
    owns = owned.sum(axis=0)
    either = owns[common.row] + owns[common.col] - common.data
    alike = (common.data >= _FEWEST_TRAITS) & (common.data >= _SHARED * either)
    together = _ones(common.row[alike], common.col[alike], count, count)
    _, label = connected_components(together, directed=False)
    found = []
    for number in np.unique(label):
        places = np.nonzero(label == number)[0].astype(np.int64)
        if places.size < 2:
            continue
        joint = content[np.asarray(owned[:, places].sum(axis=1)).ravel() >= 2]
        # A pool that one campaign buys from shows its wordings too, beside its other customers'.
        mostly = [
            _shown(index, joint, members[k])
            >= _MOSTLY * _shown(index, content[owned[:, [k]].nonzero()[0]], members[k])
            for k in places.tolist()
        ]
        if sum(mostly) >= 2:
            found.append(Joined(places[mostly], joint))
    return found


def _shown(index: Index, traits: Ints, accounts: Ints) -> int:
    # How many exchanges of these accounts show one of these traits.
    rows = index.postings.of(traits)
    inside = np.zeros(index.accounts, dtype=bool)
    inside[accounts] = True
    return int(np.unique(index.postings.other[rows[inside[index.postings.account[rows]]]]).size)


def _ones(rows: Ints, columns: Ints, height: int, width: int) -> csr_array:
    return csr_array((np.ones(rows.size), (rows, columns)), shape=(height, width))
