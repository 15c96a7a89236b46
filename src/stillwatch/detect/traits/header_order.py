"""Trait: the same order of HTTP headers."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.traits.kind import TraitKind, observation

HEADER_ORDER: Final = TraitKind(
    name="header_order",
    family="client",
    bundle="client",
    needs=("exchanges.header_order_hash",),
    sql=observation("header_order_hash", "header_order_hash IS NOT NULL"),
    says="send their HTTP headers in the same order",
    innocent_cause="users of one library or proxy",
    price_of_evasion="a client stack of its own for every account",
)
