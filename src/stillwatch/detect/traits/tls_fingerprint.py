"""Trait: the same TLS client fingerprint (JA4)."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.traits.kind import TraitKind, observation

TLS_FINGERPRINT: Final = TraitKind(
    name="tls_fingerprint",
    family="client",
    bundle="client",
    needs=("exchanges.ja4",),
    sql=observation("ja4", "ja4 IS NOT NULL"),
    says="open connections with the same TLS fingerprint",
    innocent_cause="users of one library or browser release",
    price_of_evasion="a TLS stack of its own for every account",
)
