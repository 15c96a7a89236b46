"""Files, folders, globs and addresses; truth is never among them."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.errors import InputError
from stillwatch.ingest import ReadProgress, find_companions, log_files, read_logs
from stillwatch.ingest.options import IngestOptions
from tests.ingest.reading import KEY, canonical, lines_of, read_all
from tests.ingest.s3_fake import s3

BESIDE = ("accounts", "account_events", "control_events", "authorised_use")
Written = Callable[[str, bytes], Path]


def names(*paths: Path) -> list[str]:
    return [Path(file.name).name for file in log_files([str(path) for path in paths])]


@pytest.fixture
def world(written: Written, tmp_path: Path) -> Path:
    for name in (*BESIDE, "truth", "truth_exchanges"):
        written(f"world/{name}.parquet", b"PAR1")
    table = pa.Table.from_pylist([canonical(1, occurred_at=1_780_000_000)])
    (tmp_path / "world" / "exchanges").mkdir()
    for part in range(2):
        pq.write_table(table, tmp_path / "world" / "exchanges" / f"part-{part}.parquet")
    return tmp_path / "world"


def test_a_world_is_its_exchanges(world: Path) -> None:
    assert names(world) == ["part-0.parquet", "part-1.parquet"]
    assert len(read_all(world).rows) == 2
    for path in (world, world / "exchanges", world / "exchanges" / "part-0.parquet"):
        found = find_companions([str(path)])
        assert asdict(found) == {name: str(world / f"{name}.parquet") for name in BESIDE}
    assert find_companions([str(world.parent / "elsewhere.jsonl")]).accounts is None


def test_truth_is_never_read_nor_listed(world: Path, written: Written) -> None:
    written("world/exchanges/truth_more.parquet", b"PAR1")
    assert "truth_more.parquet" not in names(world)
    assert "truth.parquet" not in [file.name for file in log_files([str(world / "*.parquet")])]
    with pytest.raises(InputError, match="for scoring only"):
        read_all(world / "truth.parquet")


def test_folders_and_globs(written: Written, tmp_path: Path) -> None:
    for name in (
        "a/1.jsonl", "a/b/2.ndjson.gz", "a/b/3.json.zst", "a/.hidden.jsonl", "a/_tmp/4.json",
        "a/readme.md", "a/accounts.csv", "a/b/5[x].csv", "a/6",
    ):  # fmt: skip
        written(name, b"")
    assert names(tmp_path / "a") == ["1.jsonl", "6", "2.ndjson.gz", "3.json.zst", "5[x].csv"]
    assert names(tmp_path / "a" / "[0-9]*.jsonl") == ["1.jsonl"]
    assert names(tmp_path / "**" / "[23].*") == ["2.ndjson.gz", "3.json.zst"]
    assert names(tmp_path / "a" / "b" / "?.json.zst") == ["3.json.zst"]
    assert names(tmp_path / "a" / "readme.md", tmp_path / "a" / "readme.md") == ["readme.md"]


def test_an_address_of_the_local_disk(written: Written, tmp_path: Path) -> None:
    path = written("a/1.jsonl", lines_of([canonical(1)]))
    assert len(read_all(f"file://{path}").rows) == 1
    assert len(read_all(f"file://{tmp_path}/*/*.jsonl").rows) == 1


def test_s3_is_read_like_a_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist([canonical(3, occurred_at=1_780_000_000)]), sink)
    objects = {
        "gateway/2026/a.jsonl.gz": gzip.compress(lines_of([canonical(1)])),
        "gateway/2026/b.jsonl": lines_of([canonical(2)]),
        "gateway/2026/c.parquet": sink.getvalue().to_pybytes(),
        "gateway/truth.parquet": b"PAR1",
    }
    with s3(objects) as query:
        found = read_all(f"s3://logs/gateway{query}")
        assert found.rejected == []
        assert found.ids == ["x1", "x2", "x3"]
        assert found.places[0] == ("s3://logs/gateway/2026/a.jsonl.gz", 1)
        assert read_all(f"s3://logs/gateway/2026/b.jsonl{query}").ids == ["x2"]
        assert read_all(f"s3://logs/gateway/*/[ab].*{query}").ids == ["x1", "x2"]
        with pytest.raises(InputError, match="no such file"):
            read_all(f"s3://logs/nothing{query}")


def test_rows_come_in_the_order_of_names_whatever_was_typed(written: Written) -> None:
    paths = [written(f"{n}.jsonl", lines_of([canonical(n)])) for n in (3, 1, 2)]
    assert read_all(*paths).ids == ["x1", "x2", "x3"]


def test_progress_ends_at_the_end(written: Written, tmp_path: Path) -> None:
    for number in range(3):
        packed = gzip.compress(lines_of([canonical(n) for n in range(50)]))
        written(f"{number}.jsonl.gz", packed)
    told: list[ReadProgress] = []
    options = IngestOptions(key=KEY, batch_rows=20)
    read = sum(b.bytes_read for b in read_logs([str(tmp_path)], options, told.append))
    assert told[-1].files_done == told[-1].files == 3
    assert told[-1].bytes_read == told[-1].bytes == read
    assert told[-1].rows == 150
    assert [one.rows for one in told] == sorted(one.rows for one in told)


def test_a_window_leaves_the_rest_out(written: Written) -> None:
    rows = [canonical(n, occurred_at=f"2026-03-0{n}T00:00:00Z") for n in range(1, 6)]
    path = written("a.jsonl", lines_of(rows))
    window = {"since": datetime(2026, 3, 2), "until": datetime(2026, 3, 4, tzinfo=UTC)}
    found = read_all(path, **window)
    assert found.ids == ["x2", "x3"]
    assert found.left_out == {"outside_window": 3}
    table = pa.Table.from_pylist(rows)
    pq.write_table(table, path.with_suffix(".parquet"))
    again = read_all(path.with_suffix(".parquet"), **window)
    assert (again.ids, again.left_out) == (found.ids, found.left_out)
    assert [line for _, line in again.places] == [2, 3]
