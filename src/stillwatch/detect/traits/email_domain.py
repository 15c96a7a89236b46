"""Trait: mail addresses of the same domain."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.traits.kind import TraitKind, claim

EMAIL_DOMAIN: Final = TraitKind(
    name="email_domain",
    family="identity",
    bundle="email",
    needs=("accounts.email_domain",),
    sql=claim("email_domain", "lower(email_domain)"),
    says="signed up with addresses of the same mail domain",
    innocent_cause="a public mail provider, a company or a school",
    price_of_evasion="mail boxes at public providers",
)
