"""Trait: the same client configuration (agent, TLS, headers, sampling settings)."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.traits.kind import TraitKind, observation

CLIENT_CONFIGURATION: Final = TraitKind(
    name="client_configuration",
    family="client",
    bundle="client",
    needs=("exchanges.user_agent",),
    sql=observation("client_key", "client_key IS NOT NULL"),
    says="call with the same client configuration",
    innocent_cause="users of one popular tool or library default",
    price_of_evasion="a different client configuration for every account",
)
