"""Integer aggregates are the same whatever the threads, the row order and the split into files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.engine import Engine
from tests.engine.conftest import Open

QUERIES = (
    "SELECT k, count(*) AS n, sum(v) AS total, min(v) AS low, max(v) AS high, "
    "count(DISTINCT v) AS kinds FROM t GROUP BY k ORDER BY k NULLS FIRST",
    "SELECT a.v, count(*) AS pairs FROM t a JOIN t b ON a.v = b.v AND a.i < b.i "
    "GROUP BY a.v ORDER BY a.v",
    "SELECT i, row_number() OVER (PARTITION BY k ORDER BY v, i) AS place FROM t ORDER BY i",
    "SELECT v % 7 AS m, sum(v * v) AS squares, count(CASE WHEN v > 0 THEN 1 END) AS above "
    "FROM t GROUP BY 1 ORDER BY 1",
    "SELECT CAST(dense_rank() OVER (ORDER BY k NULLS FIRST) AS INTEGER) AS rank, i "
    "FROM t ORDER BY i",
)

Row = tuple[int, str | None, int]


def table(rows: Sequence[Row]) -> pa.Table:
    return pa.table(
        {
            "i": pa.array([r[0] for r in rows], pa.int64()),
            "k": pa.array([r[1] for r in rows], pa.string()),
            "v": pa.array([r[2] for r in rows], pa.int64()),
        }
    )


def answers(engine: Engine) -> list[list[dict[str, object]]]:
    return [engine.arrow(sql).to_pylist() for sql in QUERIES]


@pytest.fixture(scope="module")
def pair(opened: Open) -> tuple[Engine, Engine]:
    return opened(threads=1), opened(threads=2)


values = st.tuples(st.sampled_from([None, "", "a", "b", "é"]), st.integers(-50, 50))


@settings(max_examples=25)
@given(st.lists(values, min_size=1, max_size=60), st.randoms(use_true_random=False), st.data())
def test_order_threads_and_files_change_nothing(
    pair: tuple[Engine, Engine], content: list[tuple[str | None, int]], random: object, data: object
) -> None:
    rows: list[Row] = [(i, k, v) for i, (k, v) in enumerate(content)]
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis' random.Random
    cut = data.draw(st.integers(0, len(rows)))  # type: ignore[attr-defined] # hypothesis' data
    one, two = pair
    one.add_arrow("t", table(rows))
    two.add_arrow("t", table(shuffled))
    expected = answers(one)
    assert answers(two) == expected
    with TemporaryDirectory() as folder:
        parts = [Path(folder) / "a.parquet", Path(folder) / "b.parquet"]
        pq.write_table(table(shuffled[cut:]), parts[0])
        pq.write_table(table(shuffled[:cut]), parts[1])
        two.add_parquet("t", parts)
        assert answers(two) == expected


def test_many_rows_on_two_threads_add_up_as_on_one(pair: tuple[Engine, Engine]) -> None:
    for engine in pair:
        engine.create(
            "t",
            "SELECT range AS i, CAST(range % 1013 AS VARCHAR) AS k, (range * 2654435761) % 1000 AS v "
            "FROM range(200_000)",
        )
    sql = "SELECT k, sum(v * v) AS squares, count(DISTINCT v) AS kinds FROM t GROUP BY k ORDER BY k"
    assert pair[0].arrow(sql).equals(pair[1].arrow(sql))
