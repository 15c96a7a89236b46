"""Whose files a scan removes, and what it leaves behind when it fails."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from stillwatch.errors import EngineError, InputError, StillwatchError, UsageError
from stillwatch.ingest import IngestOptions
from stillwatch.pipeline.result_folder import MARKER
from tests.worlds.rows import strangers, write_logs
from tests.worlds.scans import KEY, WRITTEN, run_scan

MODULE: Any = importlib.import_module("stillwatch.pipeline.scan")
RESULTS = {*(f"{name}.parquet" for name in WRITTEN), "scan.json", "report.html"}


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    return write_logs(tmp_path / "logs", strangers(6))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("own", ["photo.jpg", "fingerprints-00000.parquet", "scan.json", MARKER])
def test_a_users_own_intermediate_folder_is_left_alone(logs: Path, out: Path, own: str) -> None:
    theirs = out / "intermediate"
    (theirs / "deep").mkdir(parents=True)
    (theirs / own).write_text("mine")
    with pytest.raises(UsageError, match="intermediate") as caught:
        run_scan(logs, out)
    assert caught.value.hint is not None and "--out" in caught.value.hint
    assert (theirs / own).read_text() == "mine" and (theirs / "deep").is_dir()
    assert names(out) == {"intermediate"}, "what was not begun writes nothing"


def test_files_that_look_like_ours_without_a_marker_are_left_alone(logs: Path, out: Path) -> None:
    theirs = out / "intermediate" / "fingerprints-00000.parquet"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("mine")
    with pytest.raises(UsageError, match="not known to be of an earlier scan"):
        run_scan(logs, out)
    assert theirs.read_text() == "mine"


def test_a_file_or_a_link_named_intermediate_is_left_alone(
    logs: Path, out: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / MARKER).write_text("mine")
    out.mkdir()
    (out / "intermediate").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="intermediate"):
        run_scan(logs, out)
    assert (tmp_path / "elsewhere" / MARKER).read_text() == "mine"
    (out / "intermediate").unlink()
    (out / "intermediate").write_text("mine")
    with pytest.raises(UsageError, match="intermediate"):
        run_scan(logs, out)
    assert (out / "intermediate").read_text() == "mine"


def test_an_empty_intermediate_folder_and_a_kept_one_are_used_again(logs: Path, out: Path) -> None:
    (out / "intermediate").mkdir(parents=True)
    run_scan(logs, out, keep_intermediate=True)
    assert names(out / "intermediate") == {MARKER, "fingerprints-00000.parquet"}
    (out / "intermediate" / "fingerprints-00009.parquet").write_text("of a larger scan")
    run_scan(logs, out, keep_intermediate=True)
    assert names(out / "intermediate") == {MARKER, "fingerprints-00000.parquet"}
    run_scan(logs, out)
    assert names(out) == RESULTS


def test_what_a_killed_scan_left_is_removed_by_the_next(logs: Path, out: Path) -> None:
    parts = out / "intermediate"
    parts.mkdir(parents=True)
    for name in (MARKER, "fingerprints-00000.parquet", "groups.parquet"):
        (parts / name).write_text("half")
    (parts / "duckdb_temp_7_0_owner").touch()
    (parts / "duckdb_temp_7_0_storage_DEFAULT-0.tmp").write_text("spilled")
    (out / "members.parquet").write_text("stale")
    run_scan(logs, out)
    assert names(out) == RESULTS


def test_a_file_that_is_no_folder_is_a_usage_error(logs: Path, out: Path) -> None:
    out.write_text("mine")
    with pytest.raises(UsageError, match="no folder"):
        run_scan(logs, out)
    assert out.read_text() == "mine"


def test_nothing_readable_leaves_no_older_result_but_says_why(
    logs: Path, out: Path, tmp_path: Path
) -> None:
    run_scan(logs, out)
    (out / "notes.txt").write_text("mine")
    noise = tmp_path / "noise.jsonl"
    noise.write_text("{broken\n")
    with pytest.raises(InputError, match="no exchange could be read") as caught:
        run_scan([noise], out)
    assert names(out) == {"notes.txt", "rejected.parquet"}
    (row,) = pq.read_table(out / "rejected.parquet").to_pylist()
    assert row["source"] == str(noise) and row["record"] == "{broken\n"
    assert caught.value.hint is not None and "rejected.parquet" in caught.value.hint


def test_a_path_that_leads_nowhere_leaves_no_older_result(logs: Path, out: Path) -> None:
    run_scan(logs, out)
    for name in ("accounts", "account_events", "control_events", "authorised_use"):
        wrong = {name: "nowhere.csv"}
        with pytest.raises(InputError, match="nowhere"):
            run_scan(logs, out, **wrong)
        assert names(out) == set()
        run_scan(logs, out)
    with pytest.raises(InputError, match="absent"):
        run_scan([out / "absent.jsonl"], out)
    assert names(out) == set()


@pytest.mark.parametrize(
    "broken", ["detect", "write_report", "write_record", "input_entries", "split_duplicates"]
)
def test_whatever_stops_a_scan_what_was_rejected_is_written(
    logs: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    run_scan(logs, out, keep_intermediate=True)
    (logs / "exchanges" / "more.jsonl").write_text("{broken\n")

    def stop(*_: object, **__: object) -> None:
        raise EngineError("no memory")

    monkeypatch.setattr(MODULE, broken, stop)
    with pytest.raises(StillwatchError, match="no memory"):
        run_scan(logs, out)
    assert names(out) == {"rejected.parquet"}
    assert pq.read_table(out / "rejected.parquet").num_rows == 1


def test_a_usage_error_leaves_an_older_result_as_it_was(
    logs: Path, out: Path, tmp_path: Path
) -> None:
    run_scan(logs, out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with pytest.raises(UsageError, match="an input"):
        run_scan([out / "rejected.parquet"], out)
    with pytest.raises(UsageError, match="an input"):
        run_scan(logs, out, accounts=str(out / ".." / "out" / "members.parquet"))
    with pytest.raises(UsageError, match="do not know 'nobody'"):
        run_scan(logs, out, ingest=IngestOptions(key=KEY, account_field="nobody"))
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_an_input_that_cannot_be_read_again_has_no_digest_and_says_so(
    logs: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = MODULE.detect

    def rotated_away(*arguments: Any) -> Any:
        (logs / "exchanges" / "part-00000.parquet").unlink()
        return inner(*arguments)

    monkeypatch.setattr(MODULE, "detect", rotated_away)
    report = run_scan(logs, out).report
    record = json.loads((out / "scan.json").read_text())
    (entry,) = record["inputs"]
    assert entry["sha256"] is None and "could not be read again" in entry["problem"]
    assert any("1 of 1 input files" in note for note in report.notes)
    assert any("1 of 1 input files" in note for note in record["notes"])
    assert "could not be read again" in (out / "report.html").read_text()
