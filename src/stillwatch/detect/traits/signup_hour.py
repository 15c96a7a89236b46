"""Trait: accounts created within the same hour."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.traits.kind import TraitKind, claim

SIGNUP_HOUR: Final = TraitKind(
    name="signup_hour",
    family="timing",
    bundle="signup_hour",
    needs=("accounts.created_at",),
    sql=claim("created_at", "(epoch_us(created_at) // 3600000000)"),
    says="signed up within the same hour",
    innocent_cause="a launch, a course that starts or plain chance",
    price_of_evasion="sign-ups spread over weeks before use",
)
