"""The account that was idle longest, in the request's lane: the policy of the common software."""

from __future__ import annotations

from typing import Any

from stillwatch.simulate.jit import part
from stillwatch.simulate.schedulers.members import FRESH, SPENT, heads


@part
def longest_idle(members: Any, after: Any, lanes: Any, lane: Any, at: Any, avoid: Any) -> Any:
    """Return the place of the account to use, or -1 where no account is left.

    First those below their quota, then the others; while all of them rest, the one that rests
    least, rather than refuse the user. Another lane helps out only when one's own has nobody.
    """
    for step in range(lanes):
        helping = (lane + step) % lanes
        for tier in (FRESH, SPENT):
            head = heads(members, helping, tier)
            place = after[head]
            while place != head:
                if place != avoid and members[place].rest <= at:
                    return place
                place = after[place]
        best = -1
        for tier in (FRESH, SPENT):
            head = heads(members, helping, tier)
            place = after[head]
            while place != head:
                if (
                    best < 0
                    or best == avoid
                    or (place != avoid and members[place].rest < members[best].rest)
                ):
                    best = place
                place = after[place]
        if best >= 0:
            return best
    return -1
