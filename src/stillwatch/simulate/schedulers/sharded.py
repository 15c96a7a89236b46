"""An account by hash of the conversation, weighted by what each account may carry."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from stillwatch.simulate.jit import part
from stillwatch.simulate.keyed import hashed, share
from stillwatch.simulate.schedulers.members import STALE

_TRIES: Final = 32


@part
def by_hash(
    members: Any,
    state: Any,
    weights: Any,
    by_lane: Any,
    lane_ends: Any,
    conversation: Any,
    turn: Any,
    lane: Any,
    at: Any,
    avoid: Any,
) -> Any:
    """Return the place of the account to use, or -1 where no account is left.

    An account that rests is hashed past, unless 32 tries find no other. The turn takes part in
    the hash only after a move (`avoid` is not -1).
    """
    if state[STALE]:
        total = 0.0
        for k in range(len(by_lane)):
            member = members[by_lane[k]]
            if member.joined and not member.gone:
                total += member.quota
            weights[k] = total
        state[STALE] = 0
    lanes = len(lane_ends) - 1
    for step in range(lanes):
        helping = (lane + step) % lanes
        begin, end = lane_ends[helping], lane_ends[helping + 1]
        below = weights[begin - 1] if begin else 0.0
        if end == begin or weights[end - 1] <= below:
            continue
        name = conversation if avoid < 0 else hashed(conversation, np.uint64(300 + turn))
        chosen = -1
        for tried in range(_TRIES):
            target = below + share(hashed(name, np.uint64(310 + tried))) * (
                weights[end - 1] - below
            )
            low, high = begin, end - 1
            while low < high:
                middle = (low + high) >> 1
                if weights[middle] > target:
                    high = middle
                else:
                    low = middle + 1
            place = by_lane[low]
            if chosen < 0 or chosen == avoid:
                chosen = place
            if place != avoid and members[place].rest <= at:
                return place
        return chosen
    return -1
