"""Trait: sign-up from the same network."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.traits.kind import TraitKind, claim, network_of

SIGNUP_NETWORK: Final = TraitKind(
    name="signup_network",
    family="identity",
    bundle="address",
    needs=("accounts.signup_address",),
    sql=claim("signup_address", network_of("signup_address")),
    says="signed up from the same network",
    innocent_cause="one office, campus, carrier or VPN exit",
    price_of_evasion="a residential proxy for every sign-up",
)
