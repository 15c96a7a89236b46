"""The same exchange twice: equal rows are one, unequal ones have a winner that no order decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import orjson
import pyarrow as pa

from stillwatch.engine import Engine
from stillwatch.ingest.batches import rejected_batch
from stillwatch.model.hashing import to_hex
from stillwatch.model.tables_out import REJECTED

_PLACE: Final = ("origin", "line")
_RANKED: Final = "ingest_repeated_ranked"
_IDS: Final = "ingest_repeated_ids"
REASON: Final = "exchange_id {} stands twice with other content; the other row was kept"


@dataclass(frozen=True, slots=True)
class Repeated:
    """What became of ids that arrived more than once; `ranked` names their rows, winner first."""

    columns: list[str]
    hashes: frozenset[str] = field(default_factory=frozenset)
    any: bool = False


def split_duplicates(engine: Engine, arrivals: str, kept: str) -> pa.Table:
    """Create `kept` with one row an exchange; return what lost, as rows of `rejected`.

    `arrivals` holds exchange_id, any columns, and origin and line. Rows equal in all but origin
    and line are one. Of rows that differ, the smallest wins, compared by occurred_at and then
    column by column, so that file order and threads change nothing. Only repeated ids are sorted.
    """
    repeated = rank_repeated(engine, arrivals)
    listed = ", ".join(_quoted(name) for name in repeated.columns)
    if not repeated.any:
        engine.create(kept, f"SELECT {listed} FROM {arrivals}")
        forget(engine)
        return REJECTED.empty_table()
    engine.create(
        kept,
        f"SELECT {listed} FROM {arrivals} "
        f"WHERE exchange_id NOT IN (SELECT exchange_id FROM {_IDS}) "
        f"UNION ALL SELECT {listed} FROM {_RANKED} WHERE content_rank = 1 AND place_rank = 1",
    )
    lost = losers(engine, repeated)
    forget(engine)
    return lost


def rank_repeated(engine: Engine, arrivals: str, places: tuple[str, ...] = _PLACE) -> Repeated:
    """Keep the rows of repeated ids with `content_rank` (1 wins) and `place_rank`.

    `places` are the columns that say where a row stood, which is no content.
    """
    schema = engine.arrow(f"SELECT * FROM {arrivals} LIMIT 0").schema
    columns = [name for name in schema.names if name not in places]
    engine.create(
        _IDS, f"SELECT exchange_id FROM {arrivals} GROUP BY exchange_id HAVING count(*) > 1"
    )
    repeated = Repeated(
        columns=columns,
        hashes=frozenset(
            one.name
            for one in schema
            if one.type in (pa.int64(), pa.list_(pa.int64())) and one.name not in places
        ),
        any=engine.scalar(f"SELECT count(*) FROM {_IDS}") > 0,
    )
    if repeated.any:
        leading = [name for name in ("occurred_at", "account_id") if name in columns]
        rest = [name for name in columns if name not in (*leading, "exchange_id")]
        order = ", ".join(f"{_quoted(name)} ASC NULLS FIRST" for name in (*leading, *rest))
        content = order or "exchange_id"
        # Equal content has equal rank, so rows that are the same stay together.
        engine.create(
            _RANKED,
            f"""
            SELECT *, row_number() OVER (
                PARTITION BY exchange_id, content_rank ORDER BY {", ".join(places)}
            ) AS place_rank
            FROM (
                SELECT *, dense_rank() OVER (
                    PARTITION BY exchange_id ORDER BY {content}
                ) AS content_rank
                FROM {arrivals}
                WHERE exchange_id IN (SELECT exchange_id FROM {_IDS})
            )
            """,
        )
    return repeated


def losers(engine: Engine, repeated: Repeated) -> pa.Table:
    """Return each content that lost, once, as a row of `rejected`."""
    lost = engine.arrow(
        f"SELECT * FROM {_RANKED} WHERE content_rank > 1 AND place_rank = 1 "
        "ORDER BY origin, line, exchange_id, content_rank"
    )
    rows = []
    for row in lost.to_pylist():
        record = {name: _shown(row[name], name in repeated.hashes) for name in repeated.columns}
        text = orjson.dumps(
            {name: value for name, value in record.items() if value is not None}, default=str
        ).decode()
        rows.append((row["origin"], row["line"], REASON.format(row["exchange_id"]), text))
    return pa.Table.from_batches([rejected_batch(rows)])


def loser_places(engine: Engine) -> pa.Table:
    """Return part and row of the rows that `losers` tells of, in the same order."""
    return engine.arrow(
        f"SELECT part, row FROM {_RANKED} WHERE content_rank > 1 AND place_rank = 1 "
        "ORDER BY origin, line, exchange_id, content_rank"
    )


def dropped_places(engine: Engine) -> pa.Table:
    """Return part and row of every repeated row that is not kept."""
    return engine.arrow(
        f"SELECT part, row FROM {_RANKED} WHERE content_rank > 1 OR place_rank > 1 "
        "ORDER BY part, row"
    )


def forget(engine: Engine) -> None:
    """Drop what ranking left behind."""
    engine.drop(_RANKED, _IDS)


def _shown(value: Any, hashed: bool) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if hashed and isinstance(value, int):
        return to_hex(value)
    if hashed and isinstance(value, list):
        return [to_hex(one) for one in value]
    return value


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
