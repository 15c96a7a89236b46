"""Trait: the same closing words of a prompt."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.traits.kind import TraitKind, observation

CLOSING: Final = TraitKind(
    name="closing",
    family="content",
    bundle="wording",
    needs=("exchanges.prompt",),
    sql=observation("tail_key", "tail_key IS NOT NULL"),
    says="end their prompts with the same words",
    innocent_cause="a viral prompt, a benchmark harness or a tool that words its requests",
    price_of_evasion="a paraphrase of the ending for every account",
)
