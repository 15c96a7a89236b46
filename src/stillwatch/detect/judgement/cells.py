"""Cells: members that share one value, where the value is too rare outside for that to be chance."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import poisson

from stillwatch.detect.groups.index import Index
from stillwatch.detect.groups.membership import Group

# Households and friends make cells of up to four; chance at this level is once in 10,000 values.
_SMALLEST_CELL: Final = 5
_LOG_CHANCE: Final = float(np.log(1e-4))

FAMILIES: Final = ("identity", "client", "network", "timing")


def surprising_shares(index: Index, group: Group) -> dict[str, float]:
    """Return per family the share of members in a surprising cell of any kind of that family.

    A cell is one value that at least five members hold, when outsiders hold it so rarely that the
    Poisson tail of the count is below 1e-4. The values' frequencies leave the group itself out.
    Only members that the other evidence chose are looked at, so that what helped to select a group
    is not read again as evidence; where those are less than half, the share is 0.
    """
    rows = index.holdings
    trait = index.trait_of_holding
    shares = {}
    for family in FAMILIES:
        members = _chosen_by_other_evidence(group, family)
        if 2 * members.size < group.members.size:
            shares[family] = 0.0
            continue
        inside = np.zeros(index.accounts, dtype=bool)
        inside[members] = True
        held = np.bincount(trait[inside[rows.account]], minlength=index.traits)
        outside = (index.holders - held + 0.5) / max(1, index.accounts - members.size)
        tail = poisson.logsf(held - 1, members.size * outside)
        surprising = (held >= _SMALLEST_CELL) & (tail < _LOG_CHANCE)
        chosen = np.nonzero(surprising & index.in_family(family))[0].astype(np.int64)
        accounts = rows.account[rows.of(chosen)]
        shares[family] = np.unique(accounts[inside[accounts]]).size / members.size
    return shares


def _chosen_by_other_evidence(group: Group, family: str) -> npt.NDArray[np.int64]:
    own_term = "client" if family == "client" else "identity"
    return np.nonzero((group.log_odds >= 0) & (group.log_odds - group.terms[own_term] >= 0))[0]
