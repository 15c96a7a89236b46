"""What every engine can do, and how it says that it cannot."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.engine import Engine, open_engine
from stillwatch.errors import EngineError, UsageError
from tests.engine.conftest import Open

NUMBERS = pa.table({"n": pa.array([3, 1, None, 2], pa.int64()), "word": ["c", "a", None, "b"]})


def rows(engine: Engine, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in engine.arrow(sql).to_pylist()]


def test_parquet_columns_are_matched_by_name(engine: Engine, tmp_path: Path) -> None:
    one, two, three = (tmp_path / f"{name}.parquet" for name in "abc")
    pq.write_table(pa.table({"id": ["x"], "n": pa.array([1], pa.int32())}), one)
    pq.write_table(pa.table({"n": pa.array([1 << 40], pa.int64()), "id": ["y"]}), two)
    pq.write_table(pa.table({"id": ["z"], "tags": [["p", "q"]]}), three)
    engine.add_parquet("t", [three, one, two])
    assert rows(engine, "SELECT id, n, tags FROM t ORDER BY id") == [
        ("x", 1, None),
        ("y", 1 << 40, None),
        ("z", None, ["p", "q"]),
    ]


def test_a_path_may_hold_a_quote_and_spaces(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "it's a log.parquet"
    pq.write_table(NUMBERS, path)
    engine.add_parquet("t", [path])
    assert engine.scalar("SELECT count(*) FROM t") == 4


def test_parquet_replaces_whatever_had_the_name(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(NUMBERS, path)
    engine.create("t", "SELECT 1 AS other")
    engine.add_parquet("t", [path])
    assert engine.scalar("SELECT count(n) FROM t") == 3


def test_arrow_comes_back_as_it_went_in(engine: Engine) -> None:
    data = pa.table(
        {
            "s": pa.array(["é", None], pa.string()),
            "l": pa.array([[1, -(1 << 63)], None], pa.list_(pa.int64())),
            "t": pa.array([0, 1_700_000_000_000_001], pa.timestamp("us", tz="UTC")),
            "b": pa.array([True, None], pa.bool_()),
            "f": pa.array([0.5, None], pa.float32()),
            "x": pa.array([b"\x00\xff", None], pa.binary()),
        }
    )
    engine.add_arrow("kept", data)
    again = engine.arrow("SELECT * FROM kept ORDER BY t")
    assert again.schema.names == data.schema.names
    assert again.to_pylist() == data.to_pylist()


def test_an_arrow_table_of_no_rows_keeps_its_columns(engine: Engine) -> None:
    engine.add_arrow("nothing", NUMBERS.slice(0, 0))
    found = engine.arrow("SELECT * FROM nothing")
    assert found.num_rows == 0 and found.schema.names == ["n", "word"]


def test_arrow_is_a_copy_that_outlives_its_source(engine: Engine) -> None:
    engine.add_arrow("one", NUMBERS)
    engine.add_arrow("two", pa.table({"n": [7]}))
    assert engine.scalar("SELECT sum(n) FROM one") == 6
    assert engine.scalar("SELECT sum(n) FROM two") == 7


@pytest.mark.parametrize("first", ["create", "view", "add_arrow"])
@pytest.mark.parametrize("second", ["create", "view", "add_arrow"])
def test_what_had_a_name_is_replaced(engine: Engine, first: str, second: str) -> None:
    for how, value in ((first, 1), (second, 2)):
        if how == "add_arrow":
            engine.add_arrow("t", pa.table({"n": [value]}))
        else:
            getattr(engine, how)("t", f"SELECT {value} AS n")
    assert rows(engine, "SELECT n FROM t") == [(2,)]
    assert engine.tables() == {"t"}


@pytest.mark.parametrize("first", ["create", "view"])
def test_a_table_may_be_replaced_by_a_query_of_itself(engine: Engine, first: str) -> None:
    getattr(engine, first)("t", "SELECT 1 AS n UNION ALL SELECT 2")
    engine.create("t", "SELECT n + 10 AS n FROM t")
    assert rows(engine, "SELECT n FROM t ORDER BY n") == [(11,), (12,)]


def test_a_created_table_is_a_copy_and_a_view_is_not(engine: Engine) -> None:
    engine.create("source", "SELECT 1 AS n")
    engine.create("kept", "SELECT n FROM source")
    engine.view("seen", "SELECT n FROM source")
    engine.create("source", "SELECT 5 AS n")
    assert (engine.scalar("SELECT n FROM kept"), engine.scalar("SELECT n FROM seen")) == (1, 5)


def test_batches_stream_every_row_once_and_in_the_stated_order(engine: Engine) -> None:
    engine.create("t", "SELECT range AS n FROM range(10_000)")
    sizes, seen = [], []
    for batch in engine.batches("SELECT n FROM t ORDER BY n", rows=1_000):
        sizes.append(batch.num_rows)
        seen += batch["n"].to_pylist()
    assert seen == list(range(10_000))
    assert len(sizes) > 1


def test_an_engine_answers_while_batches_are_open(engine: Engine) -> None:
    engine.create("t", "SELECT range AS n FROM range(5_000)")
    total = 0
    for batch in engine.batches("SELECT n FROM t", rows=1_000):
        assert engine.scalar("SELECT count(*) FROM t") == 5_000
        total += batch.num_rows
    assert total == 5_000


def test_batches_of_nothing_are_none_or_empty(engine: Engine) -> None:
    batches = list(engine.batches("SELECT 1 AS n WHERE FALSE"))
    assert sum(b.num_rows for b in batches) == 0


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT 41 + 1", 42),
        ("SELECT CAST(NULL AS BIGINT)", 0),
        ("SELECT sum(n) FROM (SELECT 1 AS n WHERE FALSE)", 0),
        ("SELECT 1 WHERE FALSE", 0),
        ("SELECT -(1::HUGEINT << 70)", -(1 << 70)),
    ],
)
def test_a_scalar_is_an_integer_and_null_is_0(engine: Engine, sql: str, expected: int) -> None:
    assert engine.scalar(sql) == expected


def test_a_query_is_written_to_one_file(engine: Engine, tmp_path: Path) -> None:
    engine.add_arrow("t", NUMBERS)
    path = tmp_path / "out.parquet"
    engine.write_parquet("SELECT n, word FROM t ORDER BY n NULLS LAST", path)
    assert pq.read_table(path).to_pylist() == NUMBERS.sort_by("n").to_pylist()


def test_a_query_without_rows_is_written_with_its_columns(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "none.parquet"
    engine.write_parquet("SELECT 1 AS n, 'a' AS word WHERE FALSE", path)
    written = pq.read_table(path)
    assert written.num_rows == 0 and written.schema.names == ["n", "word"]


def test_tables_are_listed_and_dropped_whatever_they_are(engine: Engine) -> None:
    engine.create("made", "SELECT 1 AS n")
    engine.view("seen", "SELECT 1 AS n")
    engine.add_arrow("kept", NUMBERS)
    assert engine.tables() == {"made", "seen", "kept"}
    engine.drop("seen", "made", "never_was")
    assert engine.tables() == {"kept"}
    with pytest.raises(EngineError):
        engine.arrow("SELECT * FROM made")


def test_times_are_utc_whatever_the_machine(engine: Engine) -> None:
    text = rows(engine, "SELECT CAST(make_timestamptz(0) AS VARCHAR)")
    assert text == [("1970-01-01 00:00:00+00",)]


@pytest.mark.parametrize(
    "ask",
    [
        lambda e: e.arrow("SELECT * FROM nowhere"),
        lambda e: e.arrow("SELEC 1"),
        lambda e: list(e.batches("SELECT * FROM nowhere")),
        lambda e: e.scalar("SELECT n FROM nowhere"),
        lambda e: e.create("t", "SELECT * FROM nowhere"),
        lambda e: e.view("t", "SELECT * FROM nowhere"),
        lambda e: e.write_parquet("SELECT * FROM nowhere", Path("unwritten.parquet")),
        lambda e: e.arrow("SELECT CAST('a' AS INTEGER)"),
    ],
)
def test_a_wrong_query_is_an_engine_error_that_quotes_it(engine: Engine, ask: object) -> None:
    with pytest.raises(EngineError) as caught:
        ask(engine)  # type: ignore[operator] # a lambda of the list above
    assert "nowhere" in str(caught.value) or "SELEC" in str(caught.value)
    assert engine.scalar("SELECT 1") == 1, "the engine works on after an error"


def test_an_error_leaves_the_table_that_was_there(engine: Engine) -> None:
    engine.create("t", "SELECT 1 AS n")
    with pytest.raises(EngineError):
        engine.create("t", "SELECT * FROM nowhere")
    assert engine.scalar("SELECT n FROM t") == 1


def test_a_file_that_is_gone_or_damaged_is_an_engine_error(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"gone\.parquet") as caught:
        engine.add_parquet("t", [tmp_path / "gone.parquet"])
    assert caught.value.hint is not None
    damaged = tmp_path / "damaged.parquet"
    damaged.write_bytes(b"PAR1 this is no table PAR1")
    with pytest.raises(EngineError, match=r"damaged\.parquet"):
        engine.add_parquet("t", [damaged])
    with pytest.raises(EngineError, match="no Parquet file"):
        engine.add_parquet("t", [])


def test_a_folder_that_is_not_there_is_an_engine_error(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        engine.write_parquet("SELECT 1 AS n", tmp_path / "absent" / "t.parquet")
    assert caught.value.hint is not None


def test_too_little_memory_is_said_with_what_to_do(opened: Open) -> None:
    small = opened(memory_limit="20MB", threads=1)
    with pytest.raises(EngineError, match="memory") as caught:
        small.scalar("SELECT len(list(range)) FROM range(20_000_000)")
    assert caught.value.hint is not None and "STILLWATCH_MEMORY_LIMIT" in caught.value.hint


def test_a_closed_engine_says_so(opened: Open) -> None:
    with opened() as engine:
        assert engine.scalar("SELECT 1") == 1
    with pytest.raises(EngineError):
        engine.scalar("SELECT 1")


def test_an_unknown_engine_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="abacus") as caught:
        open_engine("abacus")
    assert caught.value.hint is not None
