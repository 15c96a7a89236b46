"""Which accounts of a campaign could be told at all, by someone who knows whose they are.

The oracle sees the same traits and ties as detection, and truth: a trait is the campaign's if nine
tenths of its holders are. It reaches an account that shows such traits in two exchanges, or ties to
the campaign in two conversations, or holds such claims of two bundles. Whom it does not reach shows
nothing that is not as common among strangers, however good the method. Since it picks traits by the
accounts that it is then scored on, it reaches somewhat too many.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from stillwatch.detect.groups.index import Index
from stillwatch.detect.links.ties import OWN_ACTS

Flags = npt.NDArray[np.bool_]

_PURE: Final = 0.9
_FEWEST: Final = 3


def reachable(index: Index, names: Sequence[str], campaign: Collection[str]) -> frozenset[str]:
    """Return which accounts of one campaign the oracle reaches; `names` are by account number."""
    inside = np.fromiter((name in campaign for name in names), dtype=bool, count=len(names))
    traits = _pure_traits(index, inside)
    reached = _shown_twice(index, traits) | _of_two_bundles(index, traits) | _tied(index, inside)
    return frozenset(names[a] for a in np.nonzero(reached & inside)[0].tolist())


def _pure_traits(index: Index, inside: Flags) -> Flags:
    ours = np.bincount(
        index.trait_of_holding, weights=inside[index.holdings.account], minlength=index.traits
    )
    all_holders = np.diff(index.holdings.start)
    return np.asarray((ours >= _FEWEST) & (ours >= _PURE * all_holders), dtype=bool)


def _shown_twice(index: Index, traits: Flags) -> Flags:
    rows = index.postings.of(np.nonzero(traits & index.in_family("content"))[0].astype(np.int64))
    exchange, first = np.unique(index.postings.other[rows], return_index=True)
    del exchange
    shown = np.bincount(index.postings.account[rows][first], minlength=index.accounts)
    return np.asarray(shown >= OWN_ACTS, dtype=bool)


def _of_two_bundles(index: Index, traits: Flags) -> Flags:
    held = traits[index.trait_of_holding]
    pairs = np.unique(
        np.stack((index.holdings.account[held], index.bundle_number[index.trait_of_holding[held]])),
        axis=1,
    )
    return np.asarray(np.bincount(pairs[0], minlength=index.accounts) >= OWN_ACTS, dtype=bool)


def _tied(index: Index, inside: Flags) -> Flags:
    acts = np.unique(
        np.stack((index.actor[inside[index.origin]], index.act[inside[index.origin]])), axis=1
    )
    return np.asarray(np.bincount(acts[0], minlength=index.accounts) >= OWN_ACTS, dtype=bool)
