"""Which accounts links tie together: those that went on with each other's conversations themselves.

What somebody does with my answers is not my act, and one chat that I loaded from elsewhere is one
act. Pairs of accounts rarely meet twice in a large pool, but its accounts do the same thing again
and again: so it is accounts, not pairs, of which two acts are asked.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stillwatch.engine import Engine

Ints = npt.NDArray[np.int64]
OWN_ACTS: Final = 2
"""Conversations that an account must have gone on with by itself. Fixed by the contract, no parameter."""


def tie_accounts(engine: Engine) -> None:
    """Create `continuations` and `tied_accounts` from `account_links`.

    `continuations`: actor, origin, act int64, first_us: an account went on with a conversation that
    holds something of origin's; an act is one conversation of one actor. `tied_accounts`: account_a
    < account_b, ties (different things carried over), first_us, for the linked pairs inside the core.
    """
    # One exchange can go on with a conversation by several kinds of link; it is one act all the same.
    engine.create(
        "continuations",
        "SELECT actor, origin, dense_rank() OVER (ORDER BY actor, conversation) - 1 AS act, "
        "min(at_us) AS first_us FROM (SELECT account_b AS actor, account_a AS origin, at_us, "
        "min(conversation) OVER (PARTITION BY exchange_b) AS conversation FROM account_links) "
        "GROUP BY actor, origin, conversation",
    )
    rows = engine.arrow("SELECT actor, origin, act FROM continuations ORDER BY actor, origin, act")
    core = core_of(
        *(np.asarray(rows[name].to_numpy(), dtype=np.int64) for name in rows.column_names)
    )
    engine.add_arrow("tied_core", pa.table({"account": pa.array(core, pa.int32())}))
    engine.create(
        "tied_accounts",
        "SELECT account_a, account_b, count(DISTINCT token) AS ties, min(at_us) AS first_us FROM ("
        "SELECT least(account_a, account_b) AS account_a, greatest(account_a, account_b) AS account_b, "
        "token, at_us FROM account_links "
        "WHERE account_a IN (SELECT account FROM tied_core) "
        "AND account_b IN (SELECT account FROM tied_core)) GROUP BY 1, 2",
    )


def core_of(actor: Ints, origin: Ints, act: Ints) -> Ints:
    """Return the largest set in which each went on with two conversations of others, and they with its.

    The (2, 1)-core of a directed graph (Giatsidis, Thilikos & Vazirgiannis 2011), acts counted for
    the way in: whoever has fewer is taken out until nobody has.
    """
    while actor.size:
        size = int(max(actor.max(), origin.max())) + 1
        performer = np.unique(np.stack((actor, act)), axis=1)[0]
        stays = np.bincount(performer, minlength=size) >= OWN_ACTS
        stays &= np.bincount(origin, minlength=size) > 0
        inside = stays[actor] & stays[origin]
        if inside.all():
            break
        actor, origin, act = actor[inside], origin[inside], act[inside]
    return np.unique(actor)
