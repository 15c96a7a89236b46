"""Trait: mail addresses of the same shape (letters a, digits 9)."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.traits.kind import TraitKind, claim

EMAIL_SHAPE: Final = TraitKind(
    name="email_shape",
    family="identity",
    bundle="email_shape",
    needs=("accounts.email_shape",),
    sql=claim("email_shape"),
    says="signed up with mail addresses of the same shape",
    innocent_cause="common habits of naming a mail box",
    price_of_evasion="mail boxes named without a pattern",
)
