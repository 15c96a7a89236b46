"""A pool's accounts as the relay sees them, and the lists in which it keeps them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from stillwatch.simulate.jit import part
from stillwatch.simulate.records import DAY

MEMBER: Final = np.dtype(
    [
        ("joins", "i8"),
        ("leaves", "i8"),
        ("last", "i8"),
        ("rest", "i8"),
        ("quota", "f8"),
        ("account", "i4"),
        ("lane", "i4"),
        ("address", "i4"),
        ("client", "i4"),
        ("day", "i4"),
        ("used", "i4"),
        ("errors", "i4"),
        ("joined", "?"),
        ("gone", "?"),
    ],
    align=True,
)
"""`last`: last use; `rest`: until when it cools down; `used`: requests on `day`; `errors`: its own,
in a row; `gone`: the relay knows that it was suspended."""

WAITING: Final = 0
"""Place in `state` of how many members have joined so far."""
TODAY: Final = 1
NEXT: Final = 2
"""Place in `state` of whose turn it is."""
STALE: Final = 3
"""Place in `state` of whether the ring of members must be made anew."""
RING: Final = 4
"""Place in `state` of how many members the ring holds."""
STATE_SIZE: Final = 5

FRESH: Final = 0
SPENT: Final = 1
"""A lane's two lists: accounts below their quota for the day, and the others."""

_DAY: Final = DAY


@part
def heads(members: Any, lane: Any, tier: Any) -> Any:
    """Return the node that begins and ends a lane's list."""
    return len(members) + 2 * lane + tier


@part
def unlink(after: Any, before: Any, place: Any) -> None:
    """Take a member out of whatever list it is in."""
    after[before[place]] = after[place]
    before[after[place]] = before[place]
    after[place] = before[place] = place


@part
def link(after: Any, before: Any, head: Any, place: Any) -> None:
    """Put a member behind all others of a list."""
    last = before[head]
    after[last] = place
    before[place] = last
    after[place] = head
    before[head] = place


@part
def admit(members: Any, joining: Any, state: Any, after: Any, before: Any, at: Any) -> None:
    """Let in whoever has joined by now, ahead of all who have worked already."""
    while state[WAITING] < len(joining):
        place = joining[state[WAITING]]
        if members[place].joins > at:
            break
        state[WAITING] += 1
        state[STALE] = 1
        members[place].joined = True
        if not members[place].gone:
            head = heads(members, members[place].lane, FRESH)
            link(after, before, after[head], place)


@part
def begin_day(members: Any, state: Any, after: Any, before: Any, at: Any) -> None:
    """Renew quotas with the day and put every lane in the order of last use."""
    today = at // _DAY
    if state[TODAY] == today:
        return
    state[TODAY] = today
    relist(members, after, before, today)


@part
def relist(members: Any, after: Any, before: Any, today: Any) -> None:
    """Make all lists anew, in the order of last use."""
    for node in range(len(after)):
        after[node] = before[node] = node
    for place in np.argsort(members["last"], kind="mergesort"):
        if members[place].joined and not members[place].gone:
            if members[place].day != today:
                members[place].day = today
                members[place].used = 0
            spent = members[place].used >= members[place].quota
            tier = SPENT if spent else FRESH
            link(after, before, heads(members, members[place].lane, tier), place)


@part
def count_use(members: Any, after: Any, before: Any, place: Any, at: Any) -> None:
    """Note one request: the account goes to the end of its list, or of those whose day is over."""
    members[place].last = at
    members[place].used += 1
    unlink(after, before, place)
    tier = SPENT if members[place].used >= members[place].quota else FRESH
    link(after, before, heads(members, members[place].lane, tier), place)


@part
def note_outcome(members: Any, cool_downs: Any, place: Any, at: Any, status: Any, own: Any) -> None:
    """Let the account rest after an error of its own, longer with each one in a row."""
    if own and len(cool_downs) > 0:
        step = min(members[place].errors, len(cool_downs) - 1)
        members[place].rest = at + cool_downs[step]
        members[place].errors += 1
    elif status == 200:
        members[place].errors = 0
