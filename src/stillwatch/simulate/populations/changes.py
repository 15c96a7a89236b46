"""What happens to ordinary accounts: new cards, other plans, verification."""

from __future__ import annotations

from typing import Final

import numpy as np

from stillwatch.simulate.draws import Weighted, between, token
from stillwatch.simulate.identity import Fields
from stillwatch.simulate.records import DAY
from stillwatch.simulate.stage import Stage

_NEW_CARDS_A_DAY: Final = 0.0012
_NEW_PLANS_A_DAY: Final = 0.0015
_VERIFIED_LATER: Final = 0.3
_OTHER_PLAN: Final = {
    "free": Weighted([("plus", 0.8), ("pro", 0.08), ("api", 0.12)]),
    "plus": Weighted([("free", 0.6), ("pro", 0.3), ("api", 0.1)]),
    "pro": Weighted([("plus", 0.7), ("free", 0.2), ("api", 0.1)]),
}
"""Who moves where (guessed)."""


def account_changes(
    stage: Stage, rng: np.random.Generator, fields: Fields, account: int, start: int, end: int
) -> None:
    """Put an account's changes between two times on the stage: card, plan, verification.

    `fields` are what the account says at the world's beginning or at its sign-up.
    """
    days = max(0, end - start) / DAY
    if not days:
        return
    if fields["payment_fingerprint"] and rng.random() < _NEW_CARDS_A_DAY * days:
        stage.events.append(
            (account, int(between(rng, start, end)), "payment_fingerprint", f"p{token(rng)}")
        )
    plans = _OTHER_PLAN.get(fields["plan"])
    if plans is not None and rng.random() < _NEW_PLANS_A_DAY * days:
        stage.events.append((account, int(between(rng, start, end)), "plan", plans.draw(rng)))
    if start > 0 and fields["verified"] is False and rng.random() < _VERIFIED_LATER:
        at = start + int(rng.exponential(DAY))
        if at < end:
            stage.events.append((account, at, "verified", "true"))
