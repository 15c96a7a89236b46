"""Trait: the same opening words of a prompt."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.traits.kind import TraitKind, observation

OPENING: Final = TraitKind(
    name="opening",
    family="content",
    bundle="wording",
    needs=("exchanges.prompt",),
    sql=observation("head_key", "head_key IS NOT NULL"),
    says="open their prompts with the same words",
    innocent_cause="a viral prompt, a benchmark harness or a tool that words its requests",
    price_of_evasion="a paraphrase of the opening for every account",
)
