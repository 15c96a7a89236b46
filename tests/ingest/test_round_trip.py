"""Canonical rows survive JSON lines and Parquet unchanged, whatever they hold."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.ingest.coerce import NOT_NEGATIVE
from stillwatch.model.hashing import to_hex
from stillwatch.model.tables_in import EXCHANGES
from tests.ingest.reading import canonical, lines_of, read_all

MOMENTS = st.datetimes(datetime(2015, 1, 2), datetime(2099, 12, 30), timezones=st.just(UTC))
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def values(field: pa.Field) -> st.SearchStrategy[Any]:
    kind, low = field.type, 0 if field.name in NOT_NEGATIVE else None
    if pa.types.is_list(kind):
        inner = values(pa.field(field.name, kind.value_type, nullable=False))
        found: st.SearchStrategy[Any] = st.lists(inner, max_size=3)
    elif pa.types.is_integer(kind):
        top = 999 if field.name == "status" else (1 << (kind.bit_width - 1)) - 1
        found = st.integers(-top - 1 if low is None else low, top)
    elif pa.types.is_floating(kind):
        found = st.floats(width=32, allow_nan=False, allow_infinity=False)
    elif pa.types.is_boolean(kind):
        found = st.booleans()
    elif pa.types.is_timestamp(kind):
        found = MOMENTS
    else:
        found = TEXT if field.nullable else TEXT.filter(bool)
    return st.one_of(st.none(), found) if field.nullable else found


rows = st.lists(
    st.fixed_dictionaries({field.name: values(field) for field in EXCHANGES}),
    min_size=1,
    max_size=4,
)


@settings(max_examples=30)
@given(rows)
def test_json_lines_and_parquet_give_the_same_rows_back(given_rows: list[dict[str, Any]]) -> None:
    table = pa.Table.from_pylist(given_rows, schema=EXCHANGES)
    expected = table.to_pylist()
    with tempfile.TemporaryDirectory() as folder:
        as_json, as_parquet = Path(folder) / "a.jsonl", Path(folder) / "a.parquet"
        as_json.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in expected))
        pq.write_table(table, as_parquet)
        for path in (as_json, as_parquet):
            found = read_all(path, format_in="canonical")
            assert found.rejected == []
            assert found.rows == expected


def test_hashes_may_come_as_hex_or_unsigned(tmp_path: Path) -> None:
    hashes = [-1, 5, -(1 << 63)]
    row = canonical(1)
    (tmp_path / "hex.jsonl").write_bytes(
        lines_of(
            [
                {
                    **row,
                    "response_hash": to_hex(-2),
                    "prior_assistant_hashes": [to_hex(h) for h in hashes],
                }
            ]
        )
    )
    unsigned = [h % (1 << 64) for h in hashes]
    (tmp_path / "unsigned.jsonl").write_bytes(
        lines_of([{**row, "response_hash": (1 << 64) - 2, "prior_assistant_hashes": unsigned}])
    )
    table = pa.table(
        {
            **{name: [value] for name, value in row.items()},
            "response_hash": pa.array([(1 << 64) - 2], pa.uint64()),
            "prior_assistant_hashes": pa.array([unsigned], pa.list_(pa.uint64())),
        }
    )
    pq.write_table(table, tmp_path / "unsigned.parquet")
    found = read_all(tmp_path)
    assert found.rejected == []
    assert [one["response_hash"] for one in found.rows] == [-2] * 3
    assert [one["prior_assistant_hashes"] for one in found.rows] == [hashes] * 3


def test_older_and_stranger_column_types_are_read(tmp_path: Path) -> None:
    row = {name: value for name, value in canonical(1).items() if name != "source"}
    table = pa.table({name: [value] for name, value in row.items()})
    moment = pa.array([1_772_323_200_000_000_123], pa.timestamp("ns"))
    table = (
        table.set_column(1, "occurred_at", moment)
        .set_column(2, "account_id", pa.array(["a"]).dictionary_encode())
        .append_column("temperature", pa.array([float("nan")], pa.float64()))
        .append_column("max_tokens", pa.array([100.0], pa.float64()))
        .append_column("stream", pa.array([1], pa.int8()))
        .append_column("session_id", pa.array([12345678901], pa.int64()))
        .append_column("shoe_size", pa.array([44]))
    )
    pq.write_table(table, tmp_path / "log.parquet")
    found = read_all(tmp_path)
    (read,) = found.rows
    assert read["occurred_at"] == datetime(2026, 3, 1, tzinfo=UTC)
    assert (read["account_id"], read["temperature"], read["max_tokens"]) == ("a", None, 100)
    assert (read["stream"], read["session_id"], read["source"]) == (
        True,
        "12345678901",
        "canonical",
    )
    assert found.notes == ["columns that are not part of the schema were ignored: shoe_size"]
