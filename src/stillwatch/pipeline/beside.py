"""The tables that lie beside the logs or are named: found, read, and laid before detection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pyarrow as pa

from stillwatch.detect import Presence
from stillwatch.engine import Engine
from stillwatch.ingest import SCHEMAS_BESIDE, Tally, find_companions, read_beside
from stillwatch.model.hashing import HashKey
from stillwatch.pipeline.presence import PresenceCounter


class Named(Protocol):
    """Options that may name each of the tables; null where they do not."""

    @property
    def accounts(self) -> str | None:
        """Who the accounts say they are."""

    @property
    def account_events(self) -> str | None:
        """What happened to accounts."""

    @property
    def control_events(self) -> str | None:
        """What accounts did beside asking."""

    @property
    def authorised_use(self) -> str | None:
        """Whose use was agreed to."""


def files_beside(logs: Sequence[str], named: Named) -> dict[str, str]:
    """Return the path of each table that is named, or else found beside the logs."""
    found = find_companions(logs)
    paths = {name: getattr(named, name) or getattr(found, name) for name in SCHEMAS_BESIDE}
    return {name: path for name, path in paths.items() if path is not None}


def read_tables_beside(
    paths: dict[str, str], key: HashKey, rejected: list[pa.Table], tallies: dict[str, Tally]
) -> dict[str, pa.Table]:
    """Return every table of this sort, empty where there is none; add to what was rejected."""
    tables = {name: schema.empty_table() for name, schema in SCHEMAS_BESIDE.items()}
    for name, path in paths.items():
        tables[name], bad = read_beside(name, path, key)
        rejected.append(bad)
        tallies[name] = Tally(bad.num_rows, tables[name].num_rows)
    return tables


def load_tables_beside(engine: Engine, tables: dict[str, pa.Table]) -> dict[str, Presence]:
    """Move the tables into the engine, which leaves none in `tables`; return what each holds."""
    held = {}
    for name, schema in SCHEMAS_BESIDE.items():
        table = tables.pop(name)
        counter = PresenceCounter(schema)
        counter.add(table)
        held[name] = counter.presence()
        engine.add_arrow(name, table)
    return held
