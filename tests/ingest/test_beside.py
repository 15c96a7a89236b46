"""The tables beside a log: read from every format, and what declares nothing is rejected."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.ingest import SCHEMAS_BESIDE, read_beside
from stillwatch.ingest.locations import COMPANIONS
from tests.ingest.reading import KEY, lines_of

Written = Callable[[str, bytes], Path]
USES: list[dict[str, str | None]] = [
    {"account_id": "a", "use": "research"},
    {"organization_id": "lab"},
    {"account_id": None, "organization_id": None, "use": "whose?"},
]


def as_parquet(path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(USES, schema=SCHEMAS_BESIDE["authorised_use"]), path)


def as_csv(path: Path) -> None:
    path.write_text("account_id,organization_id,use\na,,research\n,lab,\n,,whose?\n")


def as_lines(path: Path) -> None:
    path.write_bytes(lines_of([{k: v for k, v in row.items() if v} for row in USES]))


@pytest.mark.parametrize("write", [as_parquet, as_csv, as_lines])
def test_a_use_of_nobody_is_rejected(write: Callable[[Path], None], tmp_path: Path) -> None:
    write(tmp_path / "uses")
    table, rejected = read_beside("authorised_use", str(tmp_path / "uses"), KEY)
    assert [(r["account_id"], r["organization_id"]) for r in table.to_pylist()] == [
        ("a", None),
        (None, "lab"),
    ]
    (bad,) = rejected.to_pylist()
    assert "neither account_id nor organization_id" in bad["reason"] and "whose?" in bad["record"]


def test_control_events_are_read(written: Written) -> None:
    path = written(
        "control.csv",
        b"account_id,occurred_at,kind\na,2026-05-04T09:00:00Z,usage_poll\nb,soon,usage_poll\n",
    )
    table, rejected = read_beside("control_events", str(path), KEY)
    (row,) = table.to_pylist()
    assert (row["account_id"], row["kind"], row["client_address"]) == ("a", "usage_poll", None)
    assert rejected.num_rows == 1


def test_tables_beside_a_log_are_no_logs() -> None:
    assert set(SCHEMAS_BESIDE) <= set(COMPANIONS)
