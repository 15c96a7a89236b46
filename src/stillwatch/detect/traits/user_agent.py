"""Trait: the same user agent, version included."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.traits.kind import TraitKind, observation

USER_AGENT: Final = TraitKind(
    name="user_agent",
    family="client",
    bundle="client",
    needs=("exchanges.user_agent",),
    sql=observation("user_agent", "user_agent IS NOT NULL"),
    says="call with the same user agent, version included",
    innocent_cause="users of one release of one tool",
    price_of_evasion="a user agent of its own for every account",
)
