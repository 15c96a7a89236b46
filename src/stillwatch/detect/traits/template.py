"""Trait: the same prompt once names, numbers, quotes and code are removed."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.traits.kind import TraitKind, observation

TEMPLATE: Final = TraitKind(
    name="template",
    family="content",
    bundle="wording",
    needs=("exchanges.prompt",),
    sql=observation("template_key", "template_key IS NOT NULL AND words >= 12"),
    says="send the same prompt once names, numbers, quotes and code are removed",
    innocent_cause="a viral prompt, a benchmark or an assignment",
    price_of_evasion="a paraphrase of the whole prompt for every request",
)
