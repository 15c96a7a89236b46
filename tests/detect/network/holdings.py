"""Holdings by hand or by chance, laid out as collection leaves them for the network to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pyarrow as pa

from stillwatch.engine import Engine, open_engine


@dataclass(frozen=True)
class Held:
    """Who holds what: a trait is its place in `bundles`, an account its place in `strata`."""

    bundles: list[str]
    strata: list[int]
    holdings: set[tuple[int, int]]
    """Pairs of trait and account."""
    postings: list[tuple[int, int, int]] = field(default_factory=list)
    """Trait, exchange, account."""
    common: frozenset[int] = frozenset()

    def holders(self, trait: int) -> set[int]:
        """Return the accounts that hold a trait."""
        return {a for t, a in self.holdings if t == trait}


def column(values: Iterable[object], kind: pa.DataType) -> pa.Array:
    return pa.array(list(values), kind)


@contextmanager
def laid_out(held: Held, order: np.random.Generator | None = None) -> Iterator[Engine]:
    """Open an engine that holds the tables which counting pairs reads, rows in any order."""
    pairs = sorted(held.holdings)
    if order is not None:
        order.shuffle(pairs)
    kinds = [f"kind_{b}" for b in held.bundles]
    with open_engine(threads=1) as engine:
        engine.add_arrow(
            "trait_values",
            pa.table(
                {
                    "trait": column(range(len(kinds)), pa.int32()),
                    "kind": column(kinds, pa.string()),
                    "bundle": column(held.bundles, pa.string()),
                    "common": column((t in held.common for t in range(len(kinds))), pa.bool_()),
                }
            ),
        )
        engine.add_arrow(
            "holdings",
            pa.table(
                {
                    "trait": column((t for t, _ in pairs), pa.int32()),
                    "account": column((a for _, a in pairs), pa.int32()),
                }
            ),
        )
        engine.add_arrow(
            "postings",
            pa.table(
                {
                    "trait": column((p[0] for p in held.postings), pa.int32()),
                    "exchange": column((p[1] for p in held.postings), pa.int64()),
                    "account": column((p[2] for p in held.postings), pa.int32()),
                }
            ),
        )
        accounts = range(len(held.strata))
        engine.add_arrow(
            "units",
            pa.table(
                {"account": column(accounts, pa.int32()), "unit": column(accounts, pa.int32())}
            ),
        )
        engine.add_arrow(
            "strata",
            pa.table(
                {
                    "account": column(accounts, pa.int32()),
                    "stratum": column(held.strata, pa.int32()),
                }
            ),
        )
        yield engine


def expected_together(held: Held, first: int, second: int) -> float:
    """Return λ of a pair by its definition, without any of the product's code.

    λ = Σ_s df_ts · df_us · Σ_{a in s} θ_a(bundle of t) θ_a(bundle of u), where θ is the account's
    share of its stratum's holdings in that bundle.
    """

    def degree(account: int, bundle: str) -> int:
        return sum(1 for t, a in held.holdings if a == account and held.bundles[t] == bundle)

    one, two = held.bundles[first], held.bundles[second]
    total = 0.0
    for stratum in set(held.strata):
        inside = [a for a, s in enumerate(held.strata) if s == stratum]
        sums = [sum(degree(a, bundle) for a in inside) for bundle in (one, two)]
        if not all(sums):
            continue
        rate = sum(degree(a, one) / sums[0] * degree(a, two) / sums[1] for a in inside)
        total += (
            len(held.holders(first) & set(inside)) * len(held.holders(second) & set(inside)) * rate
        )
    return total


def together(held: Held) -> Mapping[tuple[int, int], int]:
    """Return how many accounts count for each pair that may be counted, by the definition."""
    shown: dict[tuple[int, int], set[int]] = {}
    for (t, x, a), (u, y, _) in combinations(sorted(held.postings), 2):
        if x == y and t != u:
            shown.setdefault((min(t, u), max(t, u)), set()).add(a)
    found = {}
    for first, second in combinations(range(len(held.bundles)), 2):
        if {first, second} & held.common:
            continue
        if held.bundles[first] == held.bundles[second] != "wording":
            continue
        both = held.holders(first) & held.holders(second)
        if len(both) >= 3:
            left = len(both) - len(shown.get((first, second), set()))
            if left >= 3:
                found[first, second] = left
    return found
