"""Trait: the same set of declared tools."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.traits.kind import TraitKind, observation

TOOL_SET: Final = TraitKind(
    name="tool_set",
    family="client",
    bundle="tools",
    needs=("exchanges.tools_hash",),
    sql=observation("tools_hash", "tools_hash IS NOT NULL"),
    says="declare the same set of tools",
    innocent_cause="users of one agent tool or framework",
    price_of_evasion="different tool definitions for every account",
)
