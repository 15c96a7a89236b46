"""Strata of the null: whoever is too few of a kind is put with more kinds."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa

from stillwatch.detect.parameters import Parameters
from stillwatch.detect.prepare import prepare
from stillwatch.engine import open_engine
from tests.detect.prints import fingerprints
from tests.worlds.rows import accounts as claims_of


def strata(kinds: dict[tuple[str, str], int], least: int = 20) -> dict[tuple[str, str], set[int]]:
    """Return the strata of so many accounts of each plan and country, by plan and country."""
    names = {
        f"{plan}-{land}-{i:03}": (plan, land) for (plan, land), n in kinds.items() for i in range(n)
    }
    rows = [
        {"account_id": name, "second": float(k), "prompt_hash": k} for k, name in enumerate(names)
    ]
    said = [{"account_id": n, "plan": p, "billing_country": c} for n, (p, c) in names.items()]
    with open_engine(threads=1) as engine:
        engine.add_arrow("fingerprints", fingerprints(rows))
        engine.add_arrow("accounts", claims_of(said))
        prepare(engine, Parameters(smallest_stratum=least))
        table: pa.Table = engine.arrow(
            "SELECT account_id, stratum FROM strata JOIN account_index USING (account)"
        )
    found: dict[tuple[str, str], set[int]] = {}
    for row in table.to_pylist():
        found.setdefault(names[row["account_id"]], set()).add(row["stratum"])
    assert table.num_rows == len(names)
    return found


def test_large_kinds_stand_alone_and_small_countries_together() -> None:
    found = strata({("pro", "DE"): 30, ("pro", "FR"): 12, ("pro", "IT"): 12, ("free", "DE"): 25})
    assert found["pro", "FR"] == found["pro", "IT"]
    assert len({next(iter(s)) for s in found.values()}) == 3
    assert all(len(s) == 1 for s in found.values())


def test_the_last_few_join_the_largest_and_none_stands_alone() -> None:
    found = strata({("pro", "DE"): 40, ("pro", "FR"): 25, ("max", "LU"): 9})
    assert found["max", "LU"] == found["pro", "DE"] != found["pro", "FR"]


def test_a_log_of_few_accounts_is_one_stratum() -> None:
    kinds = {("pro", "DE"): 4, ("free", "FR"): 5}
    assert Counter(n for s in strata(kinds).values() for n in s) == {0: 2}
