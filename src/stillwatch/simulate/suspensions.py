"""What people see whose account is suspended: refusals, until they give up."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from stillwatch.simulate.records import Rows
from stillwatch.simulate.schedulers.relay import FORBIDDEN
from stillwatch.simulate.streams import below, mix

_MOST_TRIES = 4


class Suspensions:
    """Refuses the requests of suspended accounts' owners; after one to four they stop."""

    def __init__(self) -> None:
        self._tries = np.zeros(0, np.int64)
        self._marked = np.zeros(0, bool)
        self._given_up = np.zeros(0, np.uint64)

    def add(self, accounts: npt.NDArray[np.bool_]) -> None:
        """Suspend the marked accounts (by row of the stage) from now on."""
        missing = len(accounts) - len(self._marked)
        self._marked = np.concatenate([self._marked, np.zeros(missing, bool)])
        self._tries = np.concatenate([self._tries, np.zeros(missing, np.int64)])
        new = np.flatnonzero(accounts & ~self._marked)
        self._marked[new] = True
        self._tries[new] = 1 + below(mix(new, 91), _MOST_TRIES)

    def refuse_late(self, rows: Rows, slots: Rows) -> None:
        """Refuse what a relay put off and sends on an account that was suspended meanwhile."""
        known = np.flatnonzero(rows["account"] < len(self._marked))
        no = known[self._marked[rows["account"][known]]]
        rows["status"][no], rows["own_fault"][no], rows["wait_ms"][no] = FORBIDDEN, True, 0
        slot = rows["slot"][no]
        slots["lost"][slot[slot >= 0]] = True

    def applied(self, rows: Rows) -> Rows:
        """Return the attempts as they turn out; `rows` is in time order and after earlier calls.

        One conversation is one try: it ends with the refusal.
        """
        if not self._marked.any():
            return rows
        inside = rows["account"] < len(self._marked)
        hit = np.flatnonzero(inside)[self._marked[rows["account"][inside]]]
        if not len(hit):
            return rows
        conversation = rows["conversation"][hit]
        account = rows["account"][hit]
        _, first = np.unique(conversation, return_index=True)
        begins = np.zeros(len(hit), bool)
        begins[first] = True
        begins &= ~np.isin(conversation, self._given_up)
        order = np.argsort(account, kind="stable")
        running = np.cumsum(begins[order])
        _, start, count = np.unique(account[order], return_index=True, return_counts=True)
        before = np.repeat(running[start] - begins[order][start], count)
        number = np.empty(len(hit), np.int64)
        number[order] = running - before
        refused = begins & (number <= self._tries[account])
        np.subtract.at(self._tries, account[refused], 1)
        still = self._tries[account] > 0
        self._given_up = np.concatenate([self._given_up, np.unique(conversation[still & begins])])
        rows = rows.copy()
        no = hit[refused]
        rows["status"][no], rows["own_fault"][no], rows["wait_ms"][no] = FORBIDDEN, True, 0
        keep = np.ones(len(rows), bool)
        keep[hit[~refused]] = False
        return rows[keep]
