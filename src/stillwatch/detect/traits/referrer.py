"""Trait: sign-up through the same referrer."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.traits.kind import TraitKind, claim

REFERRER: Final = TraitKind(
    name="referrer",
    family="identity",
    bundle="referrer",
    needs=("accounts.referrer",),
    sql=claim("referrer"),
    says="signed up through the same referrer",
    innocent_cause="one popular referrer or affiliate",
    price_of_evasion="sign-ups without a referrer",
)
