"""Counts, while rows stream by, how many hold a value in each column."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from stillwatch.detect import Presence

_EMPTY_LISTS_ARE_ABSENT = pa.types.is_list


@dataclass(slots=True)
class PresenceCounter:
    """Adds up batches of one schema."""

    schema: pa.Schema
    rows: int = 0
    held: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.held = dict.fromkeys(self.schema.names, 0)

    def add(self, batch: pa.RecordBatch | pa.Table) -> None:
        """Count a batch; an empty list is no value, since a source without history has them too."""
        self.rows += batch.num_rows
        for name in self.held:
            column = batch[name]
            if _EMPTY_LISTS_ARE_ABSENT(column.type):
                lengths = pa.compute.list_value_length(column)
                self.held[name] += int(
                    pa.compute.sum(pa.compute.greater(lengths, 0), min_count=0).as_py()
                )
            else:
                self.held[name] += batch.num_rows - column.null_count

    def presence(self) -> Presence:
        """Return the counts."""
        return Presence(rows=self.rows, held=dict(self.held))
