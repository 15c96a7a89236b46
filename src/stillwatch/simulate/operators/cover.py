"""The innocent traffic that an operator mixes with its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Cover:
    """How much of the accounts' traffic is innocent, and whose it is."""

    share: float = 0.0
    """Share of all requests that serve no campaign."""
    by: Literal["persona", "end_users"] = "persona"
    """Each account's own innocent persona, which never leaves its account; or the customers of a
    resale pool, who come through the same scheduler as the harvest (a hydra)."""
    end_users: float = 3.5
    """Customers for each account, where they are the cover."""
    until: Literal["first", "last"] = "first"
    """Until when an account is used whose life is mimicked and whose owner shares it: until the first
    or until the last of the people behind it leaves."""
