"""Says before a verdict what a source can show: fields, evidence families, smallest group found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any, Final

import pyarrow as pa
from scipy.stats import poisson

from stillwatch.detect.links.kind import LinkKind
from stillwatch.detect.parameters import Parameters
from stillwatch.detect.traits.kind import TraitKind
from stillwatch.model.tables_out import READINESS
from stillwatch.model.vocabulary import EVIDENCE_FAMILIES

_MOSTLY: Final = 0.5
_SHARINGS: Final = (0.8, 0.4, 0.25, 0.1)
_LARGEST_SEARCHED: Final = 100_000


@dataclass(frozen=True, slots=True)
class Presence:
    """How many rows of a table hold a value in each column."""

    rows: int
    held: Mapping[str, int]

    def fields(self, table: str) -> frozenset[str]:
        """Return the columns that hold any value, as `TABLE.COLUMN`."""
        return frozenset(f"{table}.{column}" for column, held in self.held.items() if held)

    def share(self, column: str) -> float:
        """Return the share of rows that hold a value."""
        return self.held.get(column, 0) / self.rows if self.rows else 0.0


def readiness_table(
    exchanges: Presence,
    accounts: Presence,
    traits: Sequence[TraitKind],
    links: Sequence[LinkKind],
    parameters: Parameters,
    *,
    account_count: int,
    tested_pairs: int | None = None,
) -> pa.Table:
    """Return `readiness`: one row a field, an evidence family and a limit."""
    tables = {"exchanges": exchanges, "accounts": accounts}
    rows = [
        _field(f"{table}.{column}", presence.share(column))
        for table, presence in tables.items()
        for column in presence.held
    ]

    def share(need: str) -> float:
        table, column = need.split(".")
        return tables[table].share(column)

    # The share that a kind can see is that of its rarest need.
    every: list[TraitKind | LinkKind] = [*traits, *links]
    kinds = [(k.family, k.name, min(share(n) for n in k.needs)) for k in every]
    rows += [_family(family, [k for k in kinds if k[0] == family]) for family in EVIDENCE_FAMILIES]
    pairs = tested_pairs or max(1, (2 * account_count) ** 2 // 2)
    rows += [_limit(sharing, account_count, pairs, parameters) for sharing in _SHARINGS]
    return pa.Table.from_pylist(rows, schema=READINESS)


def smallest_group(sharing: float, accounts: int, pairs: int, rate: float) -> int | None:
    """Return the smallest group whose trait pairs pass the search; None if none would.

    Each member holds either of two independent traits of the group with probability `sharing`, so
    a group of k shows a pair k·q² times, against λ = (k·q)²/N by chance, at the strictest level of
    the false discovery rate.
    """
    k = 3
    while k <= min(accounts, _LARGEST_SEARCHED):
        together = int(k * sharing**2)
        chance = (k * sharing) ** 2 / max(1, accounts)
        if together >= 3 and poisson.logsf(together - 1, chance) <= log(rate) - log(pairs):
            return k
        k += max(1, k // 50)
    return None


def _field(name: str, share: float) -> dict[str, Any]:
    if share == 0:
        status, statement = "absent", f"{name} is not in this source."
    elif share < _MOSTLY:
        status, statement = "partial", f"{name} is filled in {share:.1%} of rows."
    else:
        status, statement = "ready", f"{name} is filled in {share:.1%} of rows."
    return _row("field", name, status, share, statement)


def _family(family: str, kinds: Sequence[tuple[str, str, float]]) -> dict[str, Any]:
    able = sorted(name for _, name, share in kinds if share > 0)
    unable = sorted(name for _, name, share in kinds if share == 0)
    best = max((share for _, _, share in kinds), default=0.0)
    if not able:
        statement = (
            f"{family} evidence cannot run on this source ({', '.join(unable)} lack fields)."
        )
        return _row("family", family, "absent", 0.0, statement + " That is not “found nothing”.")
    statement = f"{family} evidence runs on {', '.join(able)}."
    if unable:
        statement += f" It cannot run on {', '.join(unable)}: their fields are absent."
    status = "ready" if not unable and best >= _MOSTLY else "partial"
    return _row("family", family, status, best, statement)


def _limit(sharing: float, accounts: int, pairs: int, parameters: Parameters) -> dict[str, Any]:
    size = smallest_group(sharing, accounts, pairs, parameters.pair_false_discovery_rate)
    name = f"sharing ≥ {sharing:g}"
    if size is None:
        statement = (
            f"No group would be found among {accounts:,} accounts at {name} by traits alone."
        )
        return _row("limit", name, "absent", None, statement)
    statement = (
        f"Would have found groups of ≥ {max(size, parameters.smallest_group):,} accounts among "
        f"{accounts:,} at {name} of two unrelated traits; links find smaller ones."
    )
    return _row("limit", name, "ready", None, statement)


def _row(
    subject: str, name: str, status: str, share: float | None, statement: str
) -> dict[str, Any]:
    return {
        "subject": subject,
        "name": name,
        "status": status,
        "present_share": share,
        "statement": statement,
    }
