"""`stillwatch ingest`: a tree that scans like the log it came from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from stillwatch.engine import open_engine
from stillwatch.errors import InputError, TooManyRejected
from stillwatch.ingest import (
    IngestOptions,
    IngestReport,
    LogFile,
    digest_of,
    read_account_events,
    read_accounts,
    write_tree,
)
from stillwatch.ingest.digests import Digest
from stillwatch.model.tables_in import EXCHANGES
from stillwatch.model.tables_out import REJECTED
from tests.ingest.reading import KEY, canonical, lines_of, litellm, read_all

Written = Callable[[str, bytes], Path]


def write(source: Path, out: Path, **more: Any) -> IngestReport:
    with open_engine() as engine:
        return write_tree([str(source)], out, IngestOptions(key=KEY, batch_rows=7), engine, **more)


def test_a_tree_reads_back_as_the_log(written: Written, tmp_path: Path) -> None:
    log = written("log.ndjson", lines_of([litellm(n) for n in range(30)]))
    report = write(log, tmp_path / "out")
    assert report.exchanges == 30
    before, after = read_all(log), read_all(tmp_path / "out")
    assert after.rows == before.rows
    told = json.loads((tmp_path / "out" / "ingest.json").read_text())
    assert told["exchanges"] == 30
    assert told["inputs"][0]["bytes"] == log.stat().st_size
    assert len(told["inputs"][0]["sha256"]) == 64
    schema = pq.read_schema(tmp_path / "out" / "exchanges" / "part-00000.parquet")
    assert schema.equals(EXCHANGES)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "exchanges",
        "ingest.json",
        "rejected.parquet",
    ]


def test_duplicates_leave_one_row_each(
    written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stillwatch.ingest.canonical_tree.PART_ROWS", 10)
    rows = [canonical(n) for n in range(25)]
    written("logs/a.jsonl", lines_of(rows))
    written("logs/b.jsonl", lines_of([rows[3], canonical(4, prompt="something else")]))
    report = write(tmp_path / "logs", tmp_path / "out", max_rejected=0.5)
    assert (report.exchanges, report.repeated, report.rejected) == (25, 1, 1)
    found = read_all(tmp_path / "out")
    assert sorted(found.ids) == sorted(row["exchange_id"] for row in rows)
    (lost,) = pq.read_table(tmp_path / "out" / "rejected.parquet").to_pylist()
    assert "x4 stands twice" in lost["reason"]
    kept = next(row["prompt"] for row in found.rows if row["exchange_id"] == "x4")
    texts = {"something else", "tell me about number 4"}
    assert {kept, json.loads(lost["record"])["prompt"]} == texts
    assert len(list((tmp_path / "out" / "exchanges").iterdir())) == 2


def test_too_many_rejected_still_writes_what_was_good(written: Written, tmp_path: Path) -> None:
    rows = [canonical(n) for n in range(50)]
    log = written("log.jsonl", lines_of(rows) + b"broken\n")
    assert write(log, tmp_path / "fine", max_rejected=0.02).rejected == 1
    with pytest.raises(
        TooManyRejected, match=r"1 of 51 rows of exchanges were rejected \(2.0%\)"
    ) as caught:
        write(log, tmp_path / "out")
    assert caught.value.exit_code == 3
    assert len(read_all(tmp_path / "out").rows) == 50
    (bad,) = pq.read_table(tmp_path / "out" / "rejected.parquet", schema=REJECTED).to_pylist()
    assert (bad["line"], bad["record"]) == (51, "broken")


def test_a_tree_is_never_written_over(written: Written, tmp_path: Path) -> None:
    log = written("log.jsonl", lines_of([canonical(1)]))
    write(log, tmp_path / "out")
    with pytest.raises(InputError, match="holds exchanges already"):
        write(log, tmp_path / "out")


def test_account_tables_go_along(written: Written, tmp_path: Path) -> None:
    log = written("log.jsonl", lines_of([canonical(1)]))
    accounts = written(
        "people.csv",
        b"account_id,created_at,plan,email,verified\n"
        b"a1,2026-01-01,pro,Jo.Doe7@Example.com,true\n"
        b"a2,2026-01-01,pro,,perhaps\n"
        b"a1,2026-01-01,pro,Jo.Doe7@Example.com,true\n"
        b"a1,2026-01-02,free,,\n",
    )
    events = written(
        "events.jsonl",
        lines_of(
            [
                {
                    "account_id": "a1",
                    "occurred_at": 1_772_323_200,
                    "field": "plan",
                    "value": "free",
                },
                {"account_id": "a1", "occurred_at": 3, "field": "plan", "value": "free"},
            ]
        ),
    )
    report = write(
        log, tmp_path / "out", accounts=str(accounts), account_events=str(events), max_rejected=1.0
    )
    assert (report.accounts, report.account_events, report.rejected) == (1, 1, 3)
    table, rejected = read_accounts(str(accounts), KEY)
    (row,) = table.to_pylist()
    assert (row["email_domain"], row["email_shape"]) == ("example.com", "aa.aaa9")
    assert "Doe" not in str(row)
    assert rejected.to_pylist()[0]["line"] == 3
    again, _ = read_accounts(str(tmp_path / "out" / "accounts.parquet"), KEY)
    assert again.equals(table)
    happened, bad = read_account_events(str(tmp_path / "out" / "account_events.parquet"))
    assert happened.num_rows == 1
    assert bad.num_rows == 0


def test_an_account_file_without_ids_is_an_error(tmp_path: Path) -> None:
    import pyarrow as pa

    pq.write_table(pa.table({"plan": ["pro"]}), tmp_path / "accounts.parquet")
    with pytest.raises(InputError, match="column account_id is missing"):
        read_accounts(str(tmp_path / "accounts.parquet"), KEY)


def test_each_table_has_a_share_of_its_own_that_may_be_bad(
    written: Written, tmp_path: Path
) -> None:
    log = written("log.jsonl", lines_of([canonical(n) for n in range(50)]))
    rows = b"".join(b"a%d,pro\n" % n for n in range(30))
    accounts = written("people.csv", b"account_id,plan\n" + rows + b"a0,free\na1,free\n")
    with pytest.raises(TooManyRejected, match=r"^[^;]*2 of 32 rows of accounts") as caught:
        write(log, tmp_path / "out", accounts=str(accounts), max_rejected=0.05)
    assert "6.2%" in str(caught.value) and "exchanges were" not in str(caught.value)
    told = json.loads((tmp_path / "out" / "ingest.json").read_text())
    assert told["rejected"] == 2
    assert told["rejected_by_table"] == {"exchanges": 0, "accounts": 2}
    write(log, tmp_path / "fine", accounts=str(accounts), max_rejected=0.07)


def test_good_accounts_do_not_make_up_for_bad_exchanges(written: Written, tmp_path: Path) -> None:
    log = written("log.jsonl", lines_of([canonical(n) for n in range(9)]) + b"broken\n")
    rows = b"".join(b"a%d,pro\n" % n for n in range(1_000))
    accounts = written("people.csv", b"account_id,plan\n" + rows)
    with pytest.raises(TooManyRejected, match="1 of 10 rows of exchanges"):
        write(log, tmp_path / "out", accounts=str(accounts), max_rejected=0.05)


def test_a_file_that_is_gone_when_it_is_digested_is_recorded_so(
    written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = written("log.jsonl", lines_of([canonical(1)]))

    def gone(file: LogFile) -> Digest:
        log.unlink()
        return digest_of(file)

    monkeypatch.setattr("stillwatch.ingest.canonical_tree.digest_of", gone)
    write(log, tmp_path / "out")
    (entry,) = json.loads((tmp_path / "out" / "ingest.json").read_text())["inputs"]
    assert entry["sha256"] is None and "could not be read again" in entry["problem"]
