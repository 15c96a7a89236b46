"""Trait: the same system prompt, variable parts removed."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.traits.kind import TraitKind, observation

SYSTEM_PROMPT: Final = TraitKind(
    name="system_prompt",
    family="content",
    bundle="system",
    needs=("exchanges.system_prompt",),
    sql=observation("system_key", "system_key IS NOT NULL"),
    says="send the same system prompt once its variable parts are removed",
    innocent_cause="a popular agent tool, a framework default or one company",
    price_of_evasion="a different system prompt for every account",
)
