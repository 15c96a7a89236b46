"""What a scan reads and what it leaves alone: truth, absent accounts, repeated and bad rows."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.worlds.rows import accounts, exchanges, strangers, write_logs
from tests.worlds.scans import WRITTEN, Scan, World, run_scan


def test_truth_is_never_opened(null_world: World, null_scan: Scan, tmp_path: Path) -> None:
    copied = tmp_path / "world"
    shutil.copytree(null_world.folder, copied)
    for path in copied.glob("truth*.parquet"):
        path.write_bytes(b"this is no Parquet file")
    assert len(list(copied.glob("truth*.parquet"))) == 2
    without = run_scan(copied, tmp_path / "out")
    for name in WRITTEN:
        assert without.table(name).equals(null_scan.table(name)), name


def test_without_accounts_a_scan_works_and_says_what_it_cannot_see(
    null_world: World, tmp_path: Path
) -> None:
    bare = run_scan(sorted((null_world.folder / "exchanges").iterdir())[:1], tmp_path / "with")
    alone = tmp_path / "alone"
    shutil.copytree(null_world.folder / "exchanges", alone)
    result = run_scan(alone, tmp_path / "out")
    said = {(r["subject"], r["name"]): r for r in result.rows("readiness")}
    assert said["family", "identity"]["status"] == "absent"
    assert "identity" in said["family", "identity"]["statement"]
    assert said["family", "content"]["status"] == "ready"
    assert said["field", "accounts.plan"]["status"] == "absent"
    assert not {t["family"] for t in result.rows("traits")} & {"identity"}
    assert result.report.campaigns == 0
    # A file inside a world's `exchanges` brings the world's accounts along.
    families = {r["name"]: r["status"] for r in bare.rows("readiness") if r["subject"] == "family"}
    assert families["identity"] != "absent"


def test_an_account_that_is_in_no_account_file_is_kept(tmp_path: Path) -> None:
    logs = write_logs(tmp_path / "logs", strangers(10), accounts([{"account_id": "a0"}]))
    assert run_scan(logs, tmp_path / "out").report.accounts == 10


def test_the_record_names_the_tables_found_beside_the_logs(tmp_path: Path) -> None:
    logs = write_logs(tmp_path / "logs", strangers(10), accounts([{"account_id": "a0"}]))
    result = run_scan(logs, tmp_path / "out")
    record = json.loads((result.folder / "scan.json").read_text())
    assert "accounts.parquet" in {Path(entry["path"]).name for entry in record["inputs"]}


def test_the_same_exchange_twice_changes_nothing(tmp_path: Path) -> None:
    rows = strangers(10)
    once = run_scan(write_logs(tmp_path / "once", rows), tmp_path / "out-once")
    folder = write_logs(tmp_path / "twice", rows)
    shutil.copy(folder / "exchanges" / "part-00000.parquet", folder / "exchanges" / "copy.parquet")
    twice = run_scan(folder, tmp_path / "out-twice")
    assert (twice.report.exchanges, twice.report.repeated, twice.report.rejected) == (20, 20, 0)
    for name in set(WRITTEN):
        assert twice.table(name).equals(once.table(name)), name


def test_the_same_id_with_other_content_has_one_winner(tmp_path: Path) -> None:
    table = exchanges(
        [
            {"exchange_id": "twice", "account_id": "a1", "prompt": "the one"},
            {"exchange_id": "twice", "account_id": "a2", "prompt": "the other"},
            {"exchange_id": "once", "account_id": "a3"},
        ]
    )
    results = [
        run_scan(write_logs(tmp_path / name, rows), tmp_path / f"out-{name}")
        for name, rows in (("forward", table), ("backward", table.take([2, 1, 0])))
    ]
    for result in results:
        (lost,) = result.rows("rejected")
        assert "twice" in lost["reason"] and "a2" in lost["record"]
        assert result.report.exchanges == 2 and result.report.rejected == 1


def test_bad_rows_are_told_apart_from_good_ones(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    good = (
        '{"exchange_id": "x%d", "occurred_at": "2026-05-04T09:00:00Z", "account_id": "a%d", '
        '"source": "s", "model": "m", "status": 200, "prompt": "hello %d"}\n'
    )
    log.write_text("".join(good % (i, i, i) for i in range(9)) + "{broken\n")
    result = run_scan([log], tmp_path / "out")
    (lost,) = result.rows("rejected")
    assert (
        lost["line"] == 10 and lost["source"].endswith("log.jsonl") and "broken" in lost["record"]
    )
    assert (result.report.exchanges, result.report.rejected) == (9, 1)


@pytest.mark.parametrize("public", [True, False])
def test_the_public_key_is_said(tmp_path: Path, public: bool) -> None:
    logs = write_logs(tmp_path / "logs", strangers(5))
    notes = run_scan(logs, tmp_path / "out", public_key=public).report.notes
    assert any("public development key" in note for note in notes) is public


@pytest.mark.parametrize("given", [True, False])
def test_the_result_says_what_of_account_events_is_judged(tmp_path: Path, given: bool) -> None:
    logs = write_logs(tmp_path / "logs", strangers(5))
    (tmp_path / "events.csv").write_text(
        "account_id,occurred_at,field,value\na0,2026-05-04T09:00:00Z,status,suspended\n"
    )
    plain = run_scan(logs, tmp_path / "plain")
    events = {"account_events": str(tmp_path / "events.csv")} if given else {}
    result = run_scan(logs, tmp_path / "out", **events)
    assert any("suspensions are judged" in note for note in result.report.notes) is given
    for name in WRITTEN:
        assert result.table(name).equals(plain.table(name)), name


def test_the_result_says_whose_use_is_declared(tmp_path: Path) -> None:
    logs = write_logs(tmp_path / "logs", strangers(5))
    assert not any("Authorised use" in note for note in run_scan(logs, tmp_path / "a").report.notes)
    (logs / "authorised_use.csv").write_text("account_id,use\na0,research\nnobody,research\n")
    notes = run_scan(logs, tmp_path / "b").report.notes
    assert any("Authorised use: 1 accounts in these logs are declared" in note for note in notes)
