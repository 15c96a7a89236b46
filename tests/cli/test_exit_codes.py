"""Exit codes are a contract: 0 done, 1 findings that were asked about, 2 usage, 3 input."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import Command, Ran
from tests.worlds.scans import World


def assert_one_message(ran: Ran, *words: str) -> None:
    """Check for one message on stderr, nothing of Python's insides, and nothing on stdout."""
    assert "Traceback" not in ran.err and 'File "' not in ran.err
    assert ran.out == ""
    for word in words:
        assert word in ran.err


def test_a_scan_that_finds_nothing_is_done(
    command: Command, quiet_logs: Path, tmp_path: Path
) -> None:
    for fail_on in ([], ["--fail-on", "campaign"], ["--fail-on", "group"]):
        ran = command("scan", quiet_logs, "--out", tmp_path, *fail_on)
        assert (ran.code, ran.err) == (0, "")
    assert (tmp_path / "report.html").is_file()


def test_findings_are_1_only_where_they_were_asked_about(
    command: Command, demo_world: World, null_world: World, tmp_path: Path
) -> None:
    campaign = ["--fail-on", "campaign"]
    found = command("scan", demo_world.folder, "--out", tmp_path / "demo", *campaign)
    assert found.code == 1 and found.err == ""
    none = command("scan", null_world.folder, "--out", tmp_path / "null", *campaign)
    assert none.code == 0
    assert pq.read_table(tmp_path / "null" / "groups.parquet").num_rows > 0
    group = command("scan", null_world.folder, "--out", tmp_path / "null", "--fail-on", "group")
    assert group.code == 1
    assert command("scan", null_world.folder, "--out", tmp_path / "null").code == 0


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["scan", "x", "--out", "o", "--frobnicate"], "--frobnicate"),
        (["scan", "x"], "--out"),
        (["scan", "--out", "o"], "logs"),
        (["scan", "x", "--out", "o", "--format", "carrier-pigeon"], "carrier-pigeon"),
        (["scan", "x", "--out", "o", "--fail-on", "everything"], "everything"),
        (["scan", "x", "--out", "o", "--max-rejected", "2"], "--max-rejected"),
        (["scan", "x", "--out", "o", "--since", "yesterday"], "yesterday"),
        (["scan", "x", "--out", "o", "--threads", "-1"], "--threads"),
        (["scan", "x", "--out", "o", "--trusted-network", "300.1.1.1/8"], "300.1.1.1/8"),
        (["fly"], "fly"),
        (["simulate", "nothing-like-it", "--out", "o"], "nothing-like-it"),
    ],
)
def test_what_cannot_be_meant_is_2(
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    arguments: list[str],
    word: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = command(*arguments)
    assert ran.code == 2
    assert_one_message(ran, word)
    assert list(tmp_path.iterdir()) == [], "a command that was not understood writes nothing"


@pytest.mark.parametrize("name", ["scan", "ingest", "readiness"])
def test_a_path_that_is_not_there_is_3(command: Command, tmp_path: Path, name: str) -> None:
    out = [] if name == "readiness" else ["--out", tmp_path / "out"]
    ran = command(name, tmp_path / "absent.jsonl", *out)
    assert ran.code == 3
    assert_one_message(ran, "absent.jsonl")


def test_a_world_that_is_not_there_is_3(command: Command, tmp_path: Path) -> None:
    ran = command("evaluate", tmp_path / "nowhere")
    assert ran.code == 3
    assert_one_message(ran, "nowhere")


def test_a_file_that_is_no_log_is_3(command: Command, tmp_path: Path) -> None:
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)) * 20)
    ran = command("scan", tmp_path / "noise.bin", "--out", tmp_path / "out")
    assert ran.code == 3
    assert_one_message(ran, "noise.bin")


@pytest.mark.parametrize("name", ["scan", "ingest"])
def test_too_many_bad_rows_are_3_and_the_good_ones_are_kept(
    command: Command, bad_log: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "out"
    ran = command(name, bad_log, "--out", out)
    assert ran.code == 3
    assert "1 of 10 rows of exchanges were rejected" in ran.err and "--max-rejected" in ran.err
    assert "Traceback" not in ran.err
    assert pq.read_table(out / "rejected.parquet").num_rows == 1
    allowed = command(name, bad_log, "--out", tmp_path / "again", "--max-rejected", "0.1")
    assert allowed.code == 0


def test_simulate_scan_and_evaluate_go_together(command: Command, tmp_path: Path) -> None:
    world, out = tmp_path / "world", tmp_path / "out"
    made = command("simulate", "null", "--scale", "0.02", "--seed", "3", "--out", world)
    assert made.code == 0 and str(world) in made.out.replace("\n", "")
    assert command("scan", world, "--out", out).code == 0
    assert command("evaluate", world, "--result", out).code == 0
    again = command("simulate", "null", "--scale", "0.02", "--out", world)
    assert again.code in {2, 3}, "a world is not written over another"
    assert_one_message(again, "world")


def test_ingest_is_done_and_its_tree_can_be_scanned(
    command: Command, quiet_logs: Path, tmp_path: Path
) -> None:
    ran = command("ingest", quiet_logs, "--out", tmp_path / "tree")
    assert ran.code == 0 and "16 exchanges" in ran.out and ran.err == ""
    assert command("scan", tmp_path / "tree", "--out", tmp_path / "out").code == 0


def test_bad_accounts_are_weighed_against_accounts_and_not_exchanges(
    command: Command, quiet_logs: Path, tmp_path: Path
) -> None:
    accounts = tmp_path / "accounts.csv"
    rows = [f"a{n},pro\n" for n in range(8)] + ["a0,free\n"]
    accounts.write_text("account_id,plan\n" + "".join(rows))
    given = ("scan", quiet_logs, "--out", tmp_path / "out", "--accounts", accounts)
    # One row is 1 of 9 accounts, and would be 1 of 17 rows of both tables together.
    ran = command(*given, "--max-rejected", "0.1")
    assert ran.code == 3 and "1 of 9 rows of accounts were rejected (11.1%)" in ran.err
    assert command(*given, "--max-rejected", "0.12").code == 0
    record = json.loads((tmp_path / "out" / "scan.json").read_text())
    assert record["counts"]["rejected_by_table"] == {"exchanges": 0, "accounts": 1}


def test_an_out_that_cannot_be_written_is_one_message(
    command: Command, quiet_logs: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine")
    ran = command("scan", quiet_logs, "--out", tmp_path / "file" / "out")
    assert ran.code == 3
    assert_one_message(ran, "file/out")
