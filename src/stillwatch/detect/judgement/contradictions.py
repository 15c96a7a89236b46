"""Which accounts show a client that contradicts the one they claim to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from stillwatch.detect.judgement.habits import NOT_SHOWN, Compared
from stillwatch.detect.parameters import Parameters
from stillwatch.engine import Engine

Ints = npt.NDArray[np.int64]

SHOWN: Final = ("ja4", "http_fingerprint", "header_order_hash")
"""What a client shows without being asked; the user agent is what it says."""


@dataclass(frozen=True, slots=True)
class Clients:
    """What clients say and show: one row an account, claimed family and shown value."""

    account: Ints
    claimed: Ints
    """Number of the family that the user agent names, apart for each shown column."""
    shown: Ints
    """Number of the value shown."""
    together: Ints
    """Number of the two together."""
    claims: npt.NDArray[np.bool_]
    """Whether this is an account's first row with its claim; for counting accounts."""
    shows: npt.NDArray[np.bool_]
    """The same with what it shows."""

    def contradicted(
        self, members: Ints, elsewhere: npt.NDArray[np.bool_], parameters: Parameters
    ) -> Compared:
        """Return the share of members that show what their claim never shows elsewhere.

        Both must be known from many accounts elsewhere, and together from hardly any: a claim that
        nobody else makes, or a fingerprint that nobody else has, contradicts nothing.
        """
        inside = np.zeros(elsewhere.size, dtype=bool)
        inside[members] = True
        own = inside[self.account]
        out = elsewhere[self.account] & ~own
        known = _holders(self.claimed, out & self.claims) >= parameters.known_client
        alien = _holders(self.shown, out & self.shows) >= parameters.known_client
        odd = known & alien & (_holders(self.together, out) <= parameters.odd_client)
        telling = np.unique(self.account[own & known])
        if telling.size == 0:
            return NOT_SHOWN
        others = np.unique(self.account[out & known])
        share = np.unique(self.account[out & odd]).size / others.size
        return Compared(telling.size, np.unique(self.account[own & odd]).size / telling.size, share)


def clients(engine: Engine) -> Clients:
    """Return what each account's clients say and show; needs `observed`.

    The family is the user agent without version and system, as for strata.
    """
    rows = engine.arrow(_CLIENTS)
    account, claimed, shown, together = (
        np.asarray(rows[name].to_numpy(), dtype=np.int64) for name in rows.column_names
    )
    return Clients(
        account,
        claimed,
        shown,
        together,
        claims=_first_of(account, claimed),
        shows=_first_of(account, shown),
    )


def _first_of(account: Ints, code: Ints) -> npt.NDArray[np.bool_]:
    # By row, whether it is the first in which its account holds its code.
    first = np.zeros(account.size, dtype=bool)
    first[np.unique(account * (code.max(initial=0) + 1) + code, return_index=True)[1]] = True
    return first


def _holders(code: Ints, rows: npt.NDArray[np.bool_]) -> Ints:
    # By row, how many of these rows hold its code.
    return np.bincount(code[rows], minlength=int(code.max(initial=0)) + 1)[code]


_COLUMNS = " UNION ALL ".join(
    f"SELECT account, user_agent, '{name}' AS kind, CAST({name} AS VARCHAR) AS value "
    f"FROM kinds WHERE {name} IS NOT NULL"
    for name in SHOWN
)
_CLIENTS = f"""
WITH kinds AS (
  SELECT DISTINCT account, user_agent, {", ".join(SHOWN)} FROM observed
  WHERE user_agent IS NOT NULL
), told AS (
  SELECT DISTINCT account, kind, value, lower(regexp_extract(user_agent, '^[^/0-9 ]+')) AS family
  FROM ({_COLUMNS})
)
SELECT account, dense_rank() OVER (ORDER BY kind, family) - 1 AS claimed,
       dense_rank() OVER (ORDER BY kind, value) - 1 AS shown,
       dense_rank() OVER (ORDER BY kind, family, value) - 1 AS together
FROM told ORDER BY account, together
"""
