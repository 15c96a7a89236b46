"""Parts groups that are each judged a campaign and hold some of the same accounts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stillwatch.detect.groups.membership import Group


def part_groups(groups: Sequence[Group], smallest: int) -> list[Group]:
    """Return the groups with each account in none but the one that it most surely belongs to.

    A search may find one pool twice, once whole and once in a wider circle of accounts that ask
    alike. What then joins the circle is the pool inside it: without the pool's accounts it must be
    coordinated by itself, or it is no campaign. Groups left with fewer accounts than `smallest` are
    dropped; a list without overlaps comes back as it is.
    """
    if not groups:
        return []
    surest = np.argmax(np.stack([group.log_odds for group in groups]), axis=0)
    parted = []
    for number, group in enumerate(groups):
        own = group.members[surest[group.members] == number]
        if own.size == group.members.size:
            parted.append(group)
        elif own.size >= smallest:
            parted.append(group.limited_to(own))
    return parted
