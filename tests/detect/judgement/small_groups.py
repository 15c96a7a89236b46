"""Groups by hand in a prepared engine: who is in them, and which of their exchanges are work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from stillwatch.engine import Engine
from stillwatch.model.tables_in import ACCOUNT_EVENTS, CONTROL_EVENTS
from tests.detect.prints import fingerprints, prepared
from tests.worlds.rows import at

DAY = 86_400.0


@contextmanager
def grouped(
    rows: Iterable[Mapping[str, Any]],
    *groups: Sequence[str],
    suspended: Mapping[str, float] | None = None,
    events: Sequence[tuple[str, float, str, str]] = (),
    control: Sequence[tuple[str, float, str]] = (),
) -> Iterator[Engine]:
    """Open an engine in which each group's work is all that its members did.

    `suspended` gives the second at which an account was suspended, `events` whole rows; `control`
    gives account, second and kind of control events.
    """
    happened = [
        *events,
        *((who, when, "suspended", "true") for who, when in (suspended or {}).items()),
    ]
    table = pa.Table.from_pylist(
        [
            {"account_id": who, "occurred_at": at(when), "field": field, "value": value}
            for who, when, field, value in happened
        ],
        schema=ACCOUNT_EVENTS,
    )
    ticked = pa.Table.from_pylist(
        [{"account_id": who, "occurred_at": at(when), "kind": kind} for who, when, kind in control],
        schema=CONTROL_EVENTS,
    )
    with prepared(fingerprints(rows), events=table, control=ticked) as engine:
        number = account_numbers(engine)
        engine.add_arrow(
            "group_members",
            pa.table(
                {
                    "group_no": pa.array(
                        [no for no, g in enumerate(groups) for _ in g], pa.int32()
                    ),
                    "account": pa.array([number[a] for g in groups for a in g], pa.int32()),
                }
            ),
        )
        engine.create(
            "group_work",
            "SELECT m.group_no, o.exchange, o.account FROM group_members m JOIN observed o USING (account)",
        )
        yield engine


def account_numbers(engine: Engine) -> dict[str, int]:
    """Return each account's number."""
    rows = engine.arrow("SELECT account, account_id FROM account_index").to_pylist()
    return {row["account_id"]: row["account"] for row in rows}
