"""The next account in turn, whatever it did before."""

from __future__ import annotations

from typing import Any

from stillwatch.simulate.jit import part
from stillwatch.simulate.schedulers.members import NEXT, RING, STALE


@part
def next_in_turn(members: Any, state: Any, ring: Any, at: Any, avoid: Any) -> Any:
    """Return the place of the account to use, or -1 where no account is left.

    Accounts that rest are passed over unless all of them do.
    """
    if state[STALE]:
        count = 0
        for place in range(len(members)):
            if members[place].joined and not members[place].gone:
                ring[count] = place
                count += 1
        state[RING], state[STALE] = count, 0
    count = state[RING]
    if count == 0:
        return -1
    low, high = 0, count
    while low < high:
        middle = (low + high) >> 1
        if ring[middle] < state[NEXT]:
            low = middle + 1
        else:
            high = middle
    chosen = ring[low % count]
    for step in range(count):
        place = ring[(low + step) % count]
        if place != avoid and members[place].rest <= at:
            chosen = place
            break
    state[NEXT] = chosen + 1
    return chosen
