"""Trait: the same payment instrument."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.traits.kind import TraitKind, claim

PAYMENT_INSTRUMENT: Final = TraitKind(
    name="payment_instrument",
    family="identity",
    bundle="payment",
    needs=("accounts.payment_fingerprint",),
    sql=claim("payment_fingerprint"),
    says="pay with the same card or account",
    innocent_cause="one company, a family or a person with two accounts",
    price_of_evasion="a card for every account",
)
