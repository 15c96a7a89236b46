"""Collects trait kinds into holdings: which account holds which trait, and in which exchanges."""

from __future__ import annotations

from collections.abc import Sequence

from stillwatch.detect.parameters import Parameters
from stillwatch.detect.traits.kind import TraitKind
from stillwatch.engine import Engine

WORDING = "wording"
_SORT_OF_PROMPT = "substr(hex(o.minhash), 1, 16)"
# A long fixed text wins a bin in most prompts: of more exchanges than this, many different ones look
# alike whatever the number of bins.
_SORTS_TOLD_APART = 2_000


def collect_traits(engine: Engine, kinds: Sequence[TraitKind], parameters: Parameters) -> None:
    """Create `trait_values`, `holdings` and `postings` from `observed` and `claims`.

    `trait_values`: trait int32, kind, family, bundle, value, accounts int64, seen int64, common
    bool. `holdings`: trait, account, seen int64 (exchanges that show it). `postings`: trait,
    exchange, account, for kinds of the content family. Trait numbers follow kind and value, so
    they do not depend on file order.
    """
    accounts = engine.scalar("SELECT count(*) FROM account_index")
    common = max(parameters.smallest_trait + 1, int(parameters.common_share * accounts))
    parts = []
    for number, kind in enumerate(kinds):
        table = f"candidates_{kind.name}"
        engine.create(table, _candidates(kind, parameters))
        parts.append(
            f"SELECT {number} AS number, '{kind.name}' AS kind, '{kind.family}' AS family, "
            f"'{kind.bundle}' AS bundle, value, accounts, seen FROM {table}"
        )
    engine.create(
        "trait_values",
        "SELECT CAST(row_number() OVER (ORDER BY number, value) - 1 AS INTEGER) AS trait, kind, "
        f"family, bundle, value, accounts, seen, accounts > {common} AS common "
        f"FROM ({' UNION ALL '.join(parts)})",
    )
    engine.create(
        "holdings",
        " UNION ALL ".join(
            f"SELECT t.trait, s.account, count(s.exchange) AS seen FROM ({kind.sql}) s "
            f"JOIN trait_values t ON t.kind = '{kind.name}' AND t.value = s.value GROUP BY 1, 2"
            for kind in kinds
        ),
    )
    content = [kind for kind in kinds if kind.family == "content"]
    engine.create(
        "postings",
        " UNION ALL ".join(
            f"SELECT DISTINCT t.trait, s.exchange, s.account FROM ({kind.sql}) s "
            f"JOIN trait_values t ON t.kind = '{kind.name}' AND t.value = s.value"
            for kind in content
        )
        or "SELECT trait, CAST(NULL AS BIGINT) AS exchange, account FROM holdings WHERE FALSE",
    )
    engine.drop(*(f"candidates_{kind.name}" for kind in kinds))


def _candidates(kind: TraitKind, parameters: Parameters) -> str:
    # An empty value is one that could not be read (an address in no known form), shared by nobody.
    if kind.bundle != WORDING:
        return (
            "SELECT value, count(DISTINCT s.account) AS accounts, count(exchange) AS seen "
            f"FROM ({kind.sql}) s JOIN units u ON u.account = s.account "
            "WHERE value <> '' GROUP BY value "
            f"HAVING count(DISTINCT u.unit) >= {parameters.smallest_trait}"
        )
    # A wording counts only where it stands in many different prompts. One text that people pass
    # on (an assignment, a benchmark item, a meme) is an item, not a wording; work partition reads
    # it. Prompts are told apart by eight bins of their MinHash: a fixed text of 45 words wins two
    # of them in most prompts, and a copy with a word changed loses one of all 24 nearly always.
    return (
        "SELECT value, count(DISTINCT s.account) AS accounts, count(*) AS seen "
        f"FROM ({kind.sql}) s JOIN observed o ON o.exchange = s.exchange "
        "JOIN units u ON u.account = s.account GROUP BY value "
        f"HAVING count(DISTINCT u.unit) >= {parameters.smallest_trait} "
        f"AND count(DISTINCT {_SORT_OF_PROMPT}) >= {parameters.least_prompts} "
        f"AND count(DISTINCT {_SORT_OF_PROMPT}) >= "
        f"{parameters.least_variety} * least(count(*), {_SORTS_TOLD_APART})"
    )
