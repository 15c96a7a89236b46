"""An index by hand: who holds which trait, in which exchanges, and who carried over what from whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from stillwatch.detect.groups.index import Index, Rows


@dataclass(frozen=True)
class Trait:
    """A trait and the exchanges of each holder that show it; none for a claim at sign-up."""

    kind: str
    family: str
    bundle: str
    held: Mapping[int, Sequence[int]]


def wording(held: Mapping[int, Sequence[int]]) -> Trait:
    """Return a phrase."""
    return Trait("phrase", "content", "wording", held)


def claim(family: str, bundle: str, accounts: Sequence[int]) -> Trait:
    """Return a trait outside content."""
    return Trait(bundle, family, bundle, {a: [] for a in accounts})


def make_index(
    exchanges: Sequence[int],
    traits: Sequence[Trait],
    ties: Sequence[tuple[int, int, int]] = (),
    common: Sequence[int] = (),
    declared: Sequence[int] = (),
) -> Index:
    """Build an index; `ties` are actor, origin, number of conversations that actor went on with.

    `declared` stand in an organisation.
    """
    accounts = len(exchanges)
    held = [(t, a, len(x)) for t, trait in enumerate(traits) for a, x in sorted(trait.held.items())]
    posted = sorted(
        (t, x, a)
        for t, trait in enumerate(traits)
        if trait.family == "content"
        for a, shown in trait.held.items()
        for x in shown
    )
    shown_by: dict[tuple[int, int], set[int]] = {}
    by_exchange: dict[int, list[tuple[int, int]]] = {}
    for t, x, a in posted:
        by_exchange.setdefault(x, []).append((t, a))
    for rows in by_exchange.values():
        for (t, a), (u, _) in combinations(sorted(rows), 2):
            shown_by.setdefault((t, u), set()).add(a)
    together = sorted((pair, len(who)) for pair, who in shown_by.items() if len(who) >= 2)
    bundles = [trait.bundle for trait in traits]

    def rows_of(rows: Sequence[tuple[int, int, int]]) -> Rows:
        columns = np.array(rows, dtype=np.int64).reshape(-1, 3)
        start = np.searchsorted(columns[:, 0], np.arange(len(traits) + 1)).astype(np.int64)
        return Rows(start=start, account=columns[:, 1].copy(), other=columns[:, 2].copy())

    holdings = rows_of(held)
    tied = np.array(ties, dtype=np.int64).reshape(-1, 3)
    return Index(
        accounts=accounts,
        exchanges=np.array(exchanges, dtype=np.int64),
        kind=[trait.kind for trait in traits],
        family=[trait.family for trait in traits],
        bundle=bundles,
        value=[str(t) for t in range(len(traits))],
        common=np.isin(np.arange(len(traits)), np.array(common, dtype=np.int64)),
        holders=np.diff(holdings.start),
        traits_held=np.bincount(holdings.account, minlength=accounts).astype(np.int64),
        holdings=holdings,
        postings=rows_of([(t, a, x) for t, x, a in posted]),
        together_first=np.array([pair[0] for pair, _ in together], dtype=np.int64),
        together_second=np.array([pair[1] for pair, _ in together], dtype=np.int64),
        together_accounts=np.array([n for _, n in together], dtype=np.int64),
        declared=np.isin(np.arange(accounts), np.array(declared, dtype=np.int64)),
        actor=np.repeat(tied[:, 0], tied[:, 2]),
        origin=np.repeat(tied[:, 1], tied[:, 2]),
        act=np.arange(int(tied[:, 2].sum())),
        trait_of_holding=np.repeat(np.arange(len(traits)), np.diff(holdings.start)),
        bundle_number=np.unique(np.array(bundles, dtype=str), return_inverse=True)[1],
    )
