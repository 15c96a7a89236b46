"""Large worlds are written in shards, with the same bytes however many processes write them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.model.tables_in import EXCHANGES
from stillwatch.simulate import shards, write_world
from stillwatch.simulate.exchanges import ExchangeTable
from stillwatch.simulate.records import TURN, Rows
from stillwatch.simulate.shards import ProcessSink, processes_for, shards_for
from stillwatch.simulate.world import World
from stillwatch.simulate.writer import FileFacts, PartWriter


def _files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every world count as large."""
    monkeypatch.setattr(shards, "LARGE", 0)


@pytest.mark.usefixtures("large")
def test_the_number_of_processes_changes_no_byte(tmp_path: Path) -> None:
    for processes in (1, 3):
        write_world("demo", 0.03, 4, tmp_path / str(processes), processes=processes)
    alone, together = _files(tmp_path / "1"), _files(tmp_path / "3")
    assert sorted(name for name in alone if name.startswith("exchanges")) == [
        f"exchanges/part-00000-{k}.parquet" for k in range(4)
    ]
    assert alone == together


def test_shards_hold_the_same_exchanges_as_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_world("demo", 0.03, 4, tmp_path / "one")
    monkeypatch.setattr(shards, "LARGE", 0)
    write_world("demo", 0.03, 4, tmp_path / "four", processes=1)
    whole = pq.read_table(tmp_path / "one" / "exchanges")
    parts = [pq.read_table(p) for p in sorted((tmp_path / "four" / "exchanges").iterdir())]
    for part in parts:
        assert part.schema.equals(EXCHANGES)
        assert (np.diff(part["occurred_at"].cast("int64").to_numpy()) >= 0).all()
        assert len(part) > 0.15 * len(whole)
    key = [("exchange_id", "ascending")]
    assert pa.concat_tables(parts).sort_by(key).equals(whole.sort_by(key))


def test_whether_a_world_is_large_depends_on_it_alone() -> None:
    assert [shards_for(n) for n in (10.0, 1e6, 1e6 + 1, 1e9)] == [1, 1, 4, 4]
    assert [processes_for(4, n) for n in (1, 2, 3, 99)] == [0, 2, 3, 4]
    assert processes_for(1, 99) == 0
    assert processes_for(4, None) in (0, 2, 3, 4)


def test_about_as_many_exchanges_come_as_are_expected() -> None:
    world = World("demo", 0.2, 3)
    came = sum(len(rows) for rows, _ in world.rows(world.stage.end))
    assert came == pytest.approx(world.expected(), rel=0.25)


class _FullDisk(PartWriter):
    def write(self, exchanges: pa.Table, rows: Rows, table: ExchangeTable) -> None:
        raise OSError(f"no space left for {len(exchanges)} of {len(rows)}, {table}")

    def finish(self) -> list[FileFacts]:
        return []


def test_what_goes_wrong_in_a_process_is_told(tmp_path: Path) -> None:
    world = World("null", 0.02, 1)
    writers = [_FullDisk(tmp_path, k) for k in range(2)]
    with (
        pytest.raises(RuntimeError, match="no space left for"),
        ProcessSink(world.table, writers, 2) as sink,
    ):
        for rows, _ in world.rows(world.stage.end):
            sink.write(rows)
        sink.finish()


def test_a_process_that_dies_is_noticed(tmp_path: Path) -> None:
    world = World("null", 0.02, 1)
    with (
        pytest.raises(RuntimeError, match="exit code"),
        ProcessSink(world.table, [PartWriter(tmp_path, k) for k in range(2)], 2) as sink,
    ):
        sink._helpers[0]._process.kill()
        for _ in range(50):
            sink.write(np.zeros(1000, TURN))
        sink.finish()
