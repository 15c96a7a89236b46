"""Trait: cards of the same issuer range."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.traits.kind import TraitKind, claim

PAYMENT_BIN: Final = TraitKind(
    name="payment_bin",
    family="identity",
    bundle="payment",
    needs=("accounts.payment_bin",),
    sql=claim("payment_bin"),
    says="pay with cards of the same issuer range",
    innocent_cause="customers of one bank",
    price_of_evasion="cards from many issuers",
)
