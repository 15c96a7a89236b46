"""Which accounts' use was declared and agreed to, and what becomes of groups that hold some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stillwatch.detect.groups.membership import Group
from stillwatch.detect.parameters import Parameters
from stillwatch.engine import Engine

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Authorised:
    """What the declarations of authorised use came to."""

    accounts: int
    """Declared accounts in the logs."""
    groups: int
    """Groups that are mostly theirs, and for that no campaign."""
    taken_out: int
    """Memberships of theirs in other groups, before they were taken out."""


def authorised_accounts(engine: Engine, accounts: int) -> Bools:
    """Return which accounts are declared, by themselves or by their organisation.

    Needs `account_index`, `claims` and `authorised_use`.
    """
    declared = np.zeros(accounts, dtype=bool)
    declared[engine.arrow(_DECLARED)["account"].to_numpy()] = True
    return declared


def spared(groups: Sequence[Group], declared: Bools, parameters: Parameters) -> list[Group]:
    """Return the groups without declared members, but for those that are mostly theirs.

    Those stay whole, so that a person sees what they are; judgement calls none of them a campaign.
    Their undeclared members are a group of their own beside, or a declaration would shelter whoever
    joins those who made it. A group that is too small without its declared members is left out.
    Largest first, as `fit_groups` has it.
    """
    if not declared.any():
        return list(groups)
    kept = []
    for group in groups:
        members = group.members
        inside = declared[members]
        rest = members[~inside]
        if inside.any() and rest.size >= parameters.smallest_group:
            kept.append(group.limited_to(rest))
        if not inside.any() or inside.mean() > parameters.authorised_share:
            # Nobody declared is listed beside members either, unless the group is theirs.
            others = np.nonzero(~declared)[0].astype(np.int64)
            kept.append(group if inside.any() else group.limited_to(others))
    return sorted(kept, key=lambda g: (-g.members.size, int(g.members[0])))


def memberships(groups: Sequence[Group], declared: Bools) -> int:
    """Return how often a declared account is a member of one of these groups."""
    return sum(int(declared[group.members].sum()) for group in groups)


_DECLARED = """
SELECT account FROM account_index WHERE account_id IN (SELECT account_id FROM authorised_use)
UNION
SELECT account FROM claims WHERE organization_id <> '' AND organization_id IN (
  SELECT organization_id FROM authorised_use)
ORDER BY account
"""
