"""The same id twice: equal rows are one, and no order of files or threads picks the winner."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.engine import open_engine
from stillwatch.ingest import split_duplicates

SCHEMA = pa.schema(
    [
        ("exchange_id", pa.string()),
        ("occurred_at", pa.timestamp("us", tz="UTC")),
        ("account_id", pa.string()),
        ("temperature", pa.float32()),
        ("prior_assistant_hashes", pa.list_(pa.int64())),
        ("minhash", pa.binary(2)),
        ("response_hash", pa.int64()),
        ("origin", pa.string()),
        ("line", pa.int64()),
    ]
)
contents = st.fixed_dictionaries(
    {
        "exchange_id": st.sampled_from("abc"),
        "occurred_at": st.sampled_from([datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2)]),
        "account_id": st.sampled_from(["p", "q"]),
        "temperature": st.sampled_from([None, 0.5]),
        "prior_assistant_hashes": st.sampled_from([None, [], [1], [1, 2]]),
        "minhash": st.sampled_from([None, b"ab"]),
        "response_hash": st.sampled_from([None, -1]),
    }
)


def split(
    rows: list[dict[str, Any]], threads: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    with open_engine(threads=threads) as engine:
        engine.add_arrow("arrivals", pa.Table.from_pylist(rows, schema=SCHEMA))
        lost = split_duplicates(engine, "arrivals", "kept")
        kept = engine.arrow("SELECT * FROM kept ORDER BY exchange_id").to_pylist()
        assert engine.tables() == {"arrivals", "kept"}
        return kept, lost.to_pylist()


@settings(max_examples=25)
@given(st.lists(contents, max_size=8), st.randoms(use_true_random=False))
def test_order_and_threads_change_nothing(rows: list[dict[str, Any]], random: Any) -> None:
    placed = [{**row, "origin": f"f{i % 3}", "line": i} for i, row in enumerate(rows)]
    shuffled = list(placed)
    random.shuffle(shuffled)
    kept, lost = split(placed, 1)
    assert (kept, lost) == split(shuffled, 2)
    assert [row["exchange_id"] for row in kept] == sorted({row["exchange_id"] for row in rows})
    different = {json.dumps(row, default=str, sort_keys=True) for row in rows}
    assert len(kept) + len(lost) == len(different)
    assert all("origin" not in row and "line" not in row for row in kept)


def test_the_loser_is_told_with_place_and_record() -> None:
    row = {
        "exchange_id": "x",
        "occurred_at": datetime(2026, 1, 1, tzinfo=UTC),
        "account_id": "p",
        "response_hash": -1,
        "minhash": b"ab",
    }
    later = {**row, "occurred_at": datetime(2026, 1, 2, tzinfo=UTC), "origin": "b", "line": 7}
    kept, lost = split(
        [later, {**row, "origin": "c", "line": 9}, {**row, "origin": "a", "line": 1}], 2
    )
    assert [one["occurred_at"].day for one in kept] == [1]
    (loser,) = lost
    assert (loser["source"], loser["line"]) == ("b", 7)
    assert "exchange_id x stands twice with other content" in loser["reason"]
    record = json.loads(loser["record"])
    assert record["response_hash"] == "f" * 16
    assert record["minhash"] == "6162"


def test_without_repeats_nothing_is_lost() -> None:
    rows = [{"exchange_id": str(i), "origin": "a", "line": i} for i in range(5)]
    kept, lost = split(rows, 1)
    assert len(kept) == 5
    assert lost == []
