"""Fingerprints and claims by hand, in an engine as a scan would hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import pyarrow as pa

from stillwatch.detect import Parameters
from stillwatch.detect.links.collect import collect_links
from stillwatch.detect.links.registry import link_kinds
from stillwatch.detect.prepare import prepare
from stillwatch.detect.traits.collect import collect_traits
from stillwatch.detect.traits.kind import TraitKind
from stillwatch.detect.traits.registry import trait_kinds
from stillwatch.engine import Engine, open_engine
from stillwatch.model.tables_between import FINGERPRINTS
from stillwatch.model.tables_in import ACCOUNT_EVENTS, ACCOUNTS, AUTHORISED_USE, CONTROL_EVENTS
from tests.worlds.rows import accounts, at

Row = Mapping[str, Any]
_BESIDE: Final = {
    "account_events": ACCOUNT_EVENTS,
    "control_events": CONTROL_EVENTS,
    "authorised_use": AUTHORISED_USE,
}


def fingerprints(rows: Iterable[Row], **same: Any) -> pa.Table:
    """Fill a table of fingerprints: ids in order, a minute apart, twenty words each.

    A row may give its time as `second` instead of `occurred_at`.
    """
    filled = []
    for i, given in enumerate(rows):
        row = {**same, **given}
        plain = {
            "exchange_id": f"x{i:05d}",
            "occurred_at": at(row.pop("second", 60.0 * i)),
            "account_id": "a0",
            "source": "test",
            "model": "m",
            "status": 200,
            "words": 20,
            "phrases": [],
            "features": 0,
            "capabilities": 0,
        }
        filled.append({**plain, **row})
    return pa.Table.from_pylist(filled, schema=FINGERPRINTS)


def add_beside(engine: Engine, **given: pa.Table | None) -> None:
    """Add the tables that lie beside a log, but for accounts; empty where none is given."""
    for name, schema in _BESIDE.items():
        table = given.get(name)
        engine.add_arrow(name, schema.empty_table() if table is None else table)


@contextmanager
def prepared(
    prints: pa.Table,
    claims: Iterable[Row] | None = None,
    parameters: Parameters | None = None,
    events: pa.Table | None = None,
    control: pa.Table | None = None,
    authorised: pa.Table | None = None,
) -> Iterator[Engine]:
    """Open an engine that holds fingerprints and the tables beside them, laid out for detection."""
    with open_engine(threads=1) as engine:
        engine.add_arrow("fingerprints", prints)
        engine.add_arrow("accounts", ACCOUNTS.empty_table() if claims is None else accounts(claims))
        add_beside(engine, account_events=events, control_events=control, authorised_use=authorised)
        prepare(engine, parameters or Parameters())
        yield engine


@contextmanager
def collected(
    prints: pa.Table,
    claims: Iterable[Row] | None = None,
    parameters: Parameters | None = None,
    kinds: tuple[TraitKind, ...] | None = None,
) -> Iterator[Engine]:
    """Open an engine that has collected traits and links too."""
    parameters = parameters or Parameters()
    with prepared(prints, claims, parameters) as engine:
        collect_traits(engine, kinds or trait_kinds(), parameters)
        collect_links(engine, link_kinds(), parameters)
        yield engine


def links(
    engine: Engine, kind: str, table: str = "account_links"
) -> list[tuple[str, str, str, str]]:
    """Return links as account and exchange ids: from, to, first exchange, second exchange."""
    found = engine.arrow(
        "SELECT a.account_id AS a, b.account_id AS b, x.exchange_id AS x, y.exchange_id AS y "
        f"FROM {table} l JOIN account_index a ON a.account = l.account_a "
        "JOIN account_index b ON b.account = l.account_b "
        "JOIN observed x ON x.exchange = l.exchange_a JOIN observed y ON y.exchange = l.exchange_b "
        + (f"WHERE l.kind = '{kind}' " if table == "account_links" else "")
        + "ORDER BY 1, 2, 3, 4"
    ).to_pylist()
    return [(r["a"], r["b"], r["x"], r["y"]) for r in found]
