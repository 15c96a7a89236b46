"""Each conversation on the next account; nothing else is remembered."""

from __future__ import annotations

import numpy as np

from stillwatch.simulate.records import Pool, Rows


class RoundRobin:
    """Deals conversations out over the accounts in turn."""

    def __init__(self, pool: Pool) -> None:
        self._accounts = np.array([a.account for a in pool.accounts])
        self._addresses = np.array([a.address for a in pool.accounts])
        self._clients = np.array([a.client for a in pool.accounts])
        self._joins = [a.joins for a in pool.accounts]
        self._place: dict[int, int] = {}
        self._next = 0

    def assign(self, rows: Rows) -> Rows:
        """Return the attempts with account, address and client set."""
        rows = rows.copy()
        places = np.empty(len(rows), np.int64)
        columns = zip(
            rows["conversation"].tolist(), rows["moved"].tolist(), rows["at"].tolist(), strict=True
        )
        for k, (conversation, moved, at) in enumerate(columns):
            if conversation not in self._place or moved:
                self._place[conversation] = self._following(at)
            places[k] = self._place[conversation]
        rows["account"] = self._accounts[places]
        rows["address"] = self._addresses[places]
        rows["client"] = self._clients[places]
        return rows

    def _following(self, at: int) -> int:
        """Return the next account that has joined by now, or the very next if none has."""
        count = len(self._joins)
        step = next((k for k in range(count) if self._joins[(self._next + k) % count] <= at), 0)
        place = (self._next + step) % count
        self._next = (place + 1) % count
        return place
