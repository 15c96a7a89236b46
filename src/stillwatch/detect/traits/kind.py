"""What a trait kind is: the question it asks of the data, and the innocent cause that could answer."""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.model.vocabulary import EvidenceFamily


@dataclass(frozen=True, slots=True)
class TraitKind:
    """A discrete property that accounts can share.

    `sql` selects `account` (int32), `exchange` (int64, null for a claim made at sign-up) and
    `value` (string) from the tables `observed` and `claims`, a row each time it is seen. Kinds of
    one `bundle` depend on each other, so a pair of them says nothing that one of them does not;
    the bundle `wording` is the exception: two wordings that never stand in one exchange are two.
    """

    name: str
    family: EvidenceFamily
    bundle: str
    needs: tuple[str, ...]
    """Columns that must hold values, as `exchanges.COLUMN` or `accounts.COLUMN`."""
    sql: str
    says: str
    """Finishes the sentence "Two accounts share it when they …"."""
    innocent_cause: str
    price_of_evasion: str


def claim(column: str, expression: str | None = None) -> str:
    """Return the query of a trait that an account claims once, at sign-up."""
    value = expression or column
    return (
        f"SELECT account, CAST(NULL AS BIGINT) AS exchange, CAST({value} AS VARCHAR) AS value "
        f"FROM claims WHERE {column} IS NOT NULL"
    )


def observation(expression: str, where: str) -> str:
    """Return the query of a trait that an account's exchanges show."""
    return (
        f"SELECT account, exchange, CAST({expression} AS VARCHAR) AS value "
        f"FROM observed WHERE {where}"
    )


def network_of(column: str) -> str:
    """Return an expression for the network of an address: /24 of IPv4, first 48 bits of IPv6."""
    return (
        f"CASE WHEN {column} LIKE '%:%' THEN regexp_extract({column}, '^([0-9a-fA-F]*:[0-9a-fA-F]*:"
        f"[0-9a-fA-F]*)', 1) ELSE regexp_extract({column}, '^([0-9]+[.][0-9]+[.][0-9]+)[.]', 1) END"
    )
