"""How many rows of each table in were rejected, and whether that is too many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stillwatch.errors import TooManyRejected


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows of one table in: those rejected and those that were good."""

    rejected: int
    good: int

    @property
    def share(self) -> float:
        """Rejected rows as a share of all; rows left out on purpose are in neither."""
        rows = self.rejected + self.good
        return self.rejected / rows if rows else 0.0


def check_rejected(tallies: Mapping[str, Tally], max_rejected: float, out: Path) -> None:
    """Raise TooManyRejected if the share of any one table is above what is allowed.

    Tables are weighed apart: bad accounts say nothing about the exchanges, nor the other way.
    """
    over = [
        f"{tally.rejected:,} of {tally.rejected + tally.good:,} rows of {name} were rejected "
        f"({tally.share:.1%})"
        for name, tally in tallies.items()
        if tally.share > max_rejected
    ]
    if over:
        raise TooManyRejected(
            f"{'; '.join(over)}, more than the {max_rejected:.1%} allowed",
            source=str(out / "rejected.parquet"),
            hint="the column `reason` there says why; --max-rejected allows more",
        )
