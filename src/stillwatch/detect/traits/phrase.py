"""Trait: the same six-word phrase, wherever it stands in a prompt."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.traits.kind import TraitKind

PHRASE: Final = TraitKind(
    name="phrase",
    family="content",
    bundle="wording",
    needs=("exchanges.prompt",),
    sql=(
        "SELECT account, exchange, CAST(phrase AS VARCHAR) AS value FROM "
        "(SELECT account, exchange, unnest(phrases) AS phrase FROM observed)"
    ),
    says="use the same phrase in different prompts",
    innocent_cause="a viral prompt, a common idiom, a benchmark harness or a shared document",
    price_of_evasion="wording of its own for every account, for every template",
)
