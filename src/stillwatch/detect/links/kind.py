"""What a link kind is: evidence that ties two accounts directly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stillwatch.detect.parameters import Parameters
from stillwatch.model.vocabulary import EvidenceFamily


@dataclass(frozen=True, slots=True)
class LinkKind:
    """A tie from the account that first held something to the account that shows it later.

    `sql(parameters)` selects `account_a`, `account_b` (int32), `at_us` (int64), `exchange_a`,
    `exchange_b` (int64), `token` (int64: what was carried over) and `conversation` (int64: the
    exchange that began what `exchange_b` goes on with; acts within one count once) from `observed`
    and `claims`.
    """

    name: str
    family: EvidenceFamily
    needs: tuple[str, ...]
    sql: Callable[[Parameters], str]
    says: str
    innocent_cause: str
    price_of_evasion: str
