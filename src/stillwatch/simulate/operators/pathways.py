"""By which doors requests come in: API, app, cloud platforms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Pathways:
    """Shares of the accounts by pathway; one queue feeds all (not under a mimicking rhythm, where
    each account has its persona's own)."""

    api: float = 1.0
    app: float = 0.0
    bedrock: float = 0.0
    vertex: float = 0.0
    client: str = "relay"
    """The client family of accounts on the API: `relay` (a Go program that says it is the Python
    SDK) or an honest one."""

    def families(self, rng: np.random.Generator, accounts: int) -> list[str]:
        """Return each account's client family; every pathway has its share, counted exactly."""
        weights = np.array([self.api, self.app, self.bedrock, self.vertex])
        edges = np.round(np.cumsum(weights / weights.sum()) * accounts).astype(int)
        families = [self.client, "web", "bedrock", "vertex"]
        counts = np.diff(np.concatenate([[0], edges]))
        dealt = [name for name, n in zip(families, counts.tolist(), strict=True) for _ in range(n)]
        return [dealt[k] for k in rng.permutation(accounts).tolist()]
