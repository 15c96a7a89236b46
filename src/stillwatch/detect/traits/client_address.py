"""Trait: calls from the same address."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.traits.kind import TraitKind, observation

CLIENT_ADDRESS: Final = TraitKind(
    name="client_address",
    family="network",
    bundle="address",
    needs=("exchanges.client_address",),
    sql=observation("client_address", "client_address IS NOT NULL"),
    says="call from the same address",
    innocent_cause="one office, household, carrier gateway or VPN exit",
    price_of_evasion="a proxy for every account",
)
