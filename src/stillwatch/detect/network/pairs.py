"""Counts pairs of traits, not pairs of accounts: 20,000 accounts behind one trait cost one counter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stillwatch.detect.parameters import Parameters
from stillwatch.detect.traits.collect import WORDING
from stillwatch.engine import Engine

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TraitPairs:
    """Pairs of traits and how many accounts hold both, in columns of one length."""

    first: Ints
    second: Ints
    together: Ints


def count_pairs(engine: Engine, parameters: Parameters) -> TraitPairs:
    """Count the accounts that hold both traits of every pair that could mean something.

    Creates `counted` (trait, account, bundle: what each unit holds after the caps), `stand_together`
    (pairs of content traits and the accounts that show both in one exchange) and `trait_pairs`. Left
    out are pairs of one bundle, except wordings; and an account counts for two content traits only
    if it never shows them in one exchange, or one passed-on text would look like a habit.
    """
    engine.create(
        "counted",
        "SELECT trait, unit AS account, bundle FROM ("
        "SELECT h.trait, h.unit, t.bundle, row_number() OVER (PARTITION BY h.unit, "
        f"CASE WHEN t.bundle = '{WORDING}' THEN t.bundle ELSE t.kind END "
        f"ORDER BY {_sample('h.trait', 'h.unit', parameters.sampling_salt)}, h.trait) AS place "
        "FROM (SELECT DISTINCT trait, unit FROM holdings JOIN units USING (account)) h "
        "JOIN trait_values t USING (trait) WHERE NOT t.common) "
        f"WHERE place <= CASE WHEN bundle = '{WORDING}' THEN {parameters.wordings_per_account} "
        f"ELSE {parameters.values_per_account} END",
    )
    engine.create(
        "stand_together",
        "SELECT first, second, count(*) AS accounts FROM (SELECT DISTINCT a.trait AS first, "
        "b.trait AS second, u.unit FROM postings a JOIN postings b "
        "ON a.exchange = b.exchange AND a.trait < b.trait "
        "JOIN units u ON u.account = a.account) GROUP BY 1, 2",
    )
    engine.create(
        "trait_pairs",
        "SELECT first, second, together FROM (SELECT p.first, p.second, "
        "p.together - coalesce(s.accounts, 0) AS together FROM ("
        "SELECT a.trait AS first, b.trait AS second, count(*) AS together "
        "FROM counted a JOIN counted b ON a.account = b.account AND a.trait < b.trait "
        f"WHERE a.bundle <> b.bundle OR a.bundle = '{WORDING}' "
        "GROUP BY 1, 2 HAVING count(*) >= 3) p "
        "LEFT JOIN stand_together s ON s.first = p.first AND s.second = p.second) "
        "WHERE together >= 3",
    )
    rows = engine.arrow("SELECT first, second, together FROM trait_pairs ORDER BY first, second")
    return TraitPairs(
        first=rows["first"].to_numpy().astype(np.int64),
        second=rows["second"].to_numpy().astype(np.int64),
        together=rows["together"].to_numpy().astype(np.int64),
    )


def _sample(trait: str, account: str, salt: int) -> str:
    """Return an order that looks random but depends on the deployment's seed alone."""
    # Two rounds of multiply and reduce: after one, neighbouring traits keep their order.
    first = (
        f"((CAST({trait} AS BIGINT) + {salt}) * 2654435761 + CAST({account} AS BIGINT) * 40503) "
        "% 2147483647"
    )
    return f"(({first}) * ({first} % 65521 + {salt % 65521})) % 2147483629"
