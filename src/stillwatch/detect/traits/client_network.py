"""Trait: calls from the same network."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.traits.kind import TraitKind, network_of, observation

CLIENT_NETWORK: Final = TraitKind(
    name="client_network",
    family="network",
    bundle="address",
    needs=("exchanges.client_address",),
    sql=observation(network_of("client_address"), "client_address IS NOT NULL"),
    says="call from the same network",
    innocent_cause="one campus, carrier, hosting provider or VPN exit",
    price_of_evasion="proxies spread over many networks",
)
