"""Formats in which one record is one exchange."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from stillwatch.ingest.outcomes import Bad, Good, LeftOut, Outcome, Parsed, RecordError

ToRow = Callable[[dict[str, Any]], "dict[str, Any] | LeftOut"]
"""Makes the columns of one record, or leaves it out; raises RecordError."""


class OneToOne:
    """A converter around a function of one record."""

    def __init__(self, to_row: ToRow, source: str) -> None:
        self._to_row = to_row
        self._source = source

    def convert(self, parsed: Parsed) -> Iterable[Outcome]:
        """Yield the record's one outcome."""
        if not isinstance(parsed.record, dict):
            raise RecordError("not a JSON object")
        row = self._to_row(parsed.record)
        if isinstance(row, LeftOut):
            yield row
        else:
            row.setdefault("source", self._source)
            yield Good(parsed.place, row, parsed.raw)

    def flush(self) -> Iterable[Outcome]:
        """Hold nothing, so give nothing."""
        return ()


class Unrecognised:
    """A converter that rejects every record of a file whose format nobody knows."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def convert(self, parsed: Parsed) -> Iterable[Outcome]:
        """Reject the record."""
        yield Bad(parsed.place, self._reason, parsed.raw)

    def flush(self) -> Iterable[Outcome]:
        """Hold nothing, so give nothing."""
        return ()
