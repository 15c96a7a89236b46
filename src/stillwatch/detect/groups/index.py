"""A read-only view of holdings, postings and links as arrays, sorted once for all groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stillwatch.engine import Engine

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_ORGANISATION = 5


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows grouped by key: those of key k stand at `start[k]:start[k + 1]`."""

    start: Ints
    account: Ints
    other: Ints
    """Exchange numbers of postings, exchanges that show the trait for holdings."""

    def of(self, keys: Ints) -> Ints:
        """Return the row positions of all these keys, in key order."""
        if keys.size == 0:
            return np.empty(0, dtype=np.int64)
        sizes = self.start[keys + 1] - self.start[keys]
        offsets = np.repeat(self.start[keys] - np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes)
        return offsets + np.arange(int(sizes.sum()), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Index:
    """Everything that group building reads, by trait number and account number."""

    accounts: int
    exchanges: Ints
    """Exchanges per account."""
    kind: list[str]
    family: list[str]
    bundle: list[str]
    value: list[str]
    common: npt.NDArray[np.bool_]
    holders: Ints
    """Accounts per trait."""
    traits_held: Ints
    """Traits per account."""
    holdings: Rows
    postings: Rows
    together_first: Ints
    together_second: Ints
    together_accounts: Ints
    """Pairs of content traits and how many accounts show both in one exchange."""
    declared: npt.NDArray[np.bool_]
    """Accounts that stand in an organisation which five accounts or more declare."""
    actor: Ints
    origin: Ints
    act: Ints
    """`actor` went on with something of `origin`'s; rows of one act are one conversation."""

    trait_of_holding: Ints
    """The trait of each row of `holdings`."""
    bundle_number: Ints
    """Each trait's bundle, numbered in the order of names."""

    @property
    def traits(self) -> int:
        """How many traits there are."""
        return len(self.kind)

    def in_family(self, *families: str) -> npt.NDArray[np.bool_]:
        """Return which traits belong to these families."""
        return np.isin(np.array(self.family, dtype=object), families)


def build_index(engine: Engine) -> Index:
    """Read the tables that trait and link collection left behind."""
    accounts = engine.scalar("SELECT count(*) FROM account_index")
    traits = engine.arrow(
        "SELECT trait, kind, family, bundle, value, accounts, common FROM trait_values ORDER BY trait"
    )
    activity = engine.arrow("SELECT account, exchanges FROM activity ORDER BY account")
    together = engine.arrow(
        "SELECT first, second, accounts FROM stand_together WHERE accounts >= 2 ORDER BY 1, 2"
    )
    ties = engine.arrow("SELECT actor, origin, act FROM continuations ORDER BY actor, origin, act")
    units = engine.arrow(
        f"SELECT count(*) OVER (PARTITION BY unit) >= {_ORGANISATION} AS declared FROM units "
        "ORDER BY account"
    )
    holdings = _rows(
        engine.arrow("SELECT trait, account, seen AS other FROM holdings ORDER BY trait, account"),
        traits.num_rows,
    )
    return Index(
        accounts=accounts,
        exchanges=_ints(activity, "exchanges"),
        kind=traits["kind"].to_pylist(),
        family=traits["family"].to_pylist(),
        bundle=traits["bundle"].to_pylist(),
        value=traits["value"].to_pylist(),
        common=traits["common"].to_numpy().astype(bool),
        holders=_ints(traits, "accounts"),
        traits_held=np.bincount(holdings.account, minlength=accounts).astype(np.int64),
        holdings=holdings,
        postings=_rows(
            engine.arrow(
                "SELECT trait, account, exchange AS other FROM postings ORDER BY trait, exchange"
            ),
            traits.num_rows,
        ),
        together_first=_ints(together, "first"),
        together_second=_ints(together, "second"),
        together_accounts=_ints(together, "accounts"),
        trait_of_holding=np.repeat(np.arange(traits.num_rows), np.diff(holdings.start)),
        bundle_number=np.unique(
            np.array(traits["bundle"].to_pylist(), dtype=str), return_inverse=True
        )[1],
        declared=units["declared"].to_numpy().astype(bool),
        actor=_ints(ties, "actor"),
        origin=_ints(ties, "origin"),
        act=_ints(ties, "act"),
    )


def _ints(table: pa.Table, column: str) -> Ints:
    return np.asarray(table[column].to_numpy(), dtype=np.int64)


def _rows(table: pa.Table, traits: int) -> Rows:
    trait = _ints(table, "trait")
    start = np.searchsorted(trait, np.arange(traits + 1)).astype(np.int64)
    return Rows(start=start, account=_ints(table, "account"), other=_ints(table, "other"))
