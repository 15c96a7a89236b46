"""Cells: members that share one value, where the value is too rare outside for that to be chance."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import poisson

from stillwatch.detect.groups.index import Index
from stillwatch.detect.groups.membership import Group
from stillwatch.detect.parameters import Parameters

FAMILIES: Final = ("identity", "client", "network", "timing")


def surprising_shares(
    index: Index, group: Group, elsewhere: npt.NDArray[np.bool_], parameters: Parameters
) -> dict[str, float]:
    """Return per family the share of members in a surprising cell of any kind of that family.

    A cell is one value that several members hold, when outsiders hold it so rarely that the Poisson
    tail of the count is below chance. Only members that the other evidence chose are looked at, so
    that what helped to select a group is not read again as evidence; where those are less than half,
    the share is 0. Outsiders are the accounts `elsewhere` and the group's other members.
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
        outside = elsewhere.copy()
        outside[group.members] = True
        outside &= ~inside
        held = np.bincount(trait[inside[rows.account]], minlength=index.traits)
        others = np.bincount(trait[outside[rows.account]], minlength=index.traits)
        frequency = (others + 0.5) / max(1, int(outside.sum()))
        tail = poisson.logsf(held - 1, members.size * frequency)
        surprising = (held >= parameters.smallest_cell) & (tail < np.log(parameters.cell_chance))
        chosen = np.nonzero(surprising & index.in_family(family))[0].astype(np.int64)
        accounts = rows.account[rows.of(chosen)]
        shares[family] = np.unique(accounts[inside[accounts]]).size / members.size
    return shares


def _chosen_by_other_evidence(group: Group, family: str) -> npt.NDArray[np.int64]:
    own_term = "client" if family == "client" else "identity"
    return np.nonzero((group.log_odds >= 0) & (group.log_odds - group.terms[own_term] >= 0))[0]
