"""Joins groups that hold wordings throughout which hardly anybody else holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
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
    one. What a tool, a benchmark or a published prompt brings has holders elsewhere, and a customer
    of two pools brings each of them little of what it owns.
    """
    content = np.nonzero(index.in_family("content"))[0].astype(np.int64)
    count = len(members)
    if count < 2 or content.size == 0:
        return []
    sizes = np.diff(index.holdings.start)[content]
    wording_of = np.repeat(np.arange(content.size), sizes)
    holder = index.holdings.account[index.holdings.of(content)]
    held = np.zeros((content.size, count), dtype=np.int64)
    for k, accounts in enumerate(members):
        inside = np.zeros(index.accounts, dtype=bool)
        inside[accounts] = True
        held[:, k] = np.bincount(wording_of[inside[holder]], minlength=content.size)
    throughout = held >= np.maximum(
        _FEWEST_HOLDERS, _THROUGHOUT * np.array([accounts.size for accounts in members])
    )
    theirs = (held * throughout).sum(axis=1) >= _THEIRS * sizes
    owned = (throughout & theirs[:, None]).astype(np.int64)
    common = owned.T @ owned
    either = np.add.outer(np.diag(common), np.diag(common)) - common
    together = (common >= _FEWEST_TRAITS) & (common >= _SHARED * either)
    _, label = connected_components(coo_array(together), directed=False)
    found = []
    for number in np.unique(label):
        places = np.nonzero(label == number)[0].astype(np.int64)
        if places.size >= 2:
            joint = owned[:, places].sum(axis=1) >= 2
            found.append(Joined(places, content[joint]))
    return found
