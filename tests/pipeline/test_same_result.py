"""The same input gives the same tables: whatever the files, their order, the rows' and the threads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.worlds.rows import strangers, write_logs
from tests.worlds.scans import WRITTEN, Scan, World, run_scan


def assert_same(one: Scan, two: Scan) -> None:
    different = [name for name in WRITTEN if not one.table(name).equals(two.table(name))]
    assert different == []


def test_twice_and_with_one_thread(demo_world: World, demo_scan: Scan, tmp_path: Path) -> None:
    assert_same(run_scan(demo_world.folder, tmp_path, threads=1), demo_scan)


def test_shuffled_rows_in_other_files(demo_world: World, demo_scan: Scan, tmp_path: Path) -> None:
    rows = demo_world.exchanges.num_rows
    order = np.random.default_rng(5).permutation(rows)
    accounts = pq.read_table(demo_world.folder / "accounts.parquet")
    folder = write_logs(
        tmp_path / "shuffled",
        demo_world.exchanges.take(order),
        accounts.take(np.random.default_rng(6).permutation(accounts.num_rows)),
        parts=5,
    )
    parts = sorted((folder / "exchanges").iterdir(), reverse=True)
    assert len(parts) == 5
    for number, name in enumerate(("account_events", "control_events"), start=7):
        rows = pq.read_table(demo_world.folder / f"{name}.parquet")
        order = np.random.default_rng(number).permutation(rows.num_rows)
        pq.write_table(rows.take(order), folder / f"{name}.parquet")
    again = run_scan(
        parts,
        tmp_path / "out",
        accounts=str(folder / "accounts.parquet"),
        account_events=str(folder / "account_events.parquet"),
        control_events=str(folder / "control_events.parquet"),
    )
    assert_same(again, demo_scan)


def test_a_result_folder_is_made_anew(null_world: World, null_scan: Scan, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "groups.parquet").write_bytes(b"of an older scan")
    assert_same(run_scan(null_world.folder, tmp_path), null_scan)
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("keep", [True, False])
def test_fingerprints_are_kept_when_asked_and_hold_no_text(tmp_path: Path, keep: bool) -> None:
    logs = write_logs(tmp_path / "logs", strangers(6))
    run_scan(logs, tmp_path / "out", keep_intermediate=keep)
    kept = list((tmp_path / "out" / "intermediate").glob("*.parquet"))
    assert bool(kept) is keep
    for path in kept:
        assert not {"prompt", "system_prompt"} & set(pq.read_schema(path).names)
