"""What commands print: help that teaches, JSON that parses, colour only where it is wanted."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

import stillwatch
from stillwatch.cli.main import app
from tests.cli.conftest import Command
from tests.worlds.scans import Scan, World

ROOT = typer.main.get_command(app)
COMMANDS = sorted(getattr(ROOT, "commands"))  # noqa: B009 - a group has them, a command has not
ESCAPE = re.compile(r"\x1b\[")


@pytest.mark.parametrize("name", COMMANDS)
def test_help_explains_the_command_and_every_option(command: Command, name: str) -> None:
    ran = command(name, "--help")
    assert ran.code == 0 and ran.err == ""
    words = " ".join(ran.out.split())
    of_name = getattr(ROOT, "commands")[name]  # noqa: B009 - as above
    assert len((of_name.help or "").split()) >= 15
    for option in of_name.params:
        assert option.help and len(option.help.split()) >= 3, option.name
        for flag in option.opts:
            if flag.startswith("--"):
                assert flag in words
        assert " ".join(option.help.split())[:30] in words


def test_help_says_what_of_account_events_is_judged(command: Command) -> None:
    for name in ("scan", "ingest"):
        assert "Suspensions are judged" in " ".join(command(name, "--help").out.split())


def test_help_names_every_command_and_the_settings(command: Command) -> None:
    ran = command("--help")
    assert ran.code == 0
    for name in COMMANDS:
        assert f" {name} " in ran.out
    assert "STILLWATCH_HASH_KEY" in ran.out


def test_scan_says_its_exit_codes(command: Command) -> None:
    words = " ".join(command("scan", "--help").out.split())
    assert "Exit codes: 0 done; 1 findings" in words


def test_without_a_command_help_is_shown(command: Command) -> None:
    ran = command()
    assert "scan" in ran.out + ran.err and "Traceback" not in ran.err


def test_version(command: Command) -> None:
    assert command("--version").out == f"stillwatch {stillwatch.__version__}\n"


def test_a_scan_as_json_is_one_object(command: Command, quiet_logs: Path, tmp_path: Path) -> None:
    ran = command("scan", quiet_logs, "--out", tmp_path, "--format", "json")
    assert ran.code == 0 and ran.err == ""
    assert isinstance(json.loads(ran.out), dict)


def test_a_scan_as_jsonl_is_a_group_a_line(
    command: Command, null_world: World, null_scan: Scan, tmp_path: Path
) -> None:
    ran = command("scan", null_world.folder, "--out", tmp_path, "--format", "jsonl")
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert lines and all("group_id" in line and "kind" in line for line in lines)


def test_a_scan_as_html_prints_where_the_report_is(
    command: Command, quiet_logs: Path, tmp_path: Path
) -> None:
    ran = command("scan", quiet_logs, "--out", tmp_path, "--format", "html")
    assert ran.out == f"{tmp_path / 'report.html'}\n"


def test_readiness_as_json_and_as_a_table(command: Command, quiet_logs: Path) -> None:
    ran = command("readiness", quiet_logs, "--format", "json")
    assert ran.code == 0 and ran.err == ""
    rows = json.loads(ran.out)["readiness"]
    assert {row["subject"] for row in rows} == {"field", "family", "limit"}
    table = command("readiness", quiet_logs)
    assert table.code == 0
    words = " ".join(table.out.split())
    assert "identity evidence cannot run" in words and "exchanges.prompt" in words


def test_an_evaluation_as_json(command: Command, null_world: World, null_scan: Scan) -> None:
    ran = command("evaluate", null_world.folder, "--result", null_scan.folder, "--format", "json")
    assert ran.code == 0
    assert isinstance(json.loads(ran.out), dict)


@pytest.mark.parametrize("arguments", [["--format", "table"], ["--format", "json"]])
def test_no_colour_and_no_progress_where_nobody_watches(
    command: Command, quiet_logs: Path, tmp_path: Path, arguments: list[str]
) -> None:
    ran = command("scan", quiet_logs, "--out", tmp_path, *arguments)
    assert not ESCAPE.search(ran.out)
    assert ran.err == "", "progress is for terminals"


@pytest.mark.parametrize(("no_color", "coloured"), [(None, True), ("1", False)])
def test_no_color_is_honoured_where_colour_is_forced(
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    quiet_logs: Path,
    no_color: str | None,
    coloured: bool,
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    if no_color is not None:
        monkeypatch.setenv("NO_COLOR", no_color)
    ran = command("readiness", quiet_logs)
    assert bool(re.search(r"\x1b\[[0-9;]*3[0-9]", ran.out)) is coloured


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("THREADS", "no-such-key"),
        ("THREADS", "-1"),
        ("THREADS", "two"),
        ("MEMORY_LIMIT", "plenty"),
        ("MEMORY_LIMIT", "-1GB"),
        ("MEMORY_LIMIT", "12"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_one_message(
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    quiet_logs: Path,
    tmp_path: Path,
    name: str,
    bad: str,
) -> None:
    monkeypatch.setenv(f"STILLWATCH_{name}", bad)
    ran = command("scan", quiet_logs, "--out", tmp_path / "out")
    assert ran.code == 2
    assert "Traceback" not in ran.err and f"STILLWATCH_{name}" in ran.err
    assert not (tmp_path / "out").exists()


def test_another_hash_key_makes_other_fingerprints(
    command: Command, monkeypatch: pytest.MonkeyPatch, quiet_logs: Path, tmp_path: Path
) -> None:
    said = command("scan", quiet_logs, "--out", tmp_path, "--format", "json").out
    assert "public development key" in said
    monkeypatch.setenv("STILLWATCH_HASH_KEY", "a key of our own")
    said = command("scan", quiet_logs, "--out", tmp_path, "--format", "json").out
    assert "public development key" not in said and "a key of our own" not in said
    for path in tmp_path.iterdir():
        assert b"a key of our own" not in path.read_bytes(), path.name


def test_it_runs_as_a_module_and_errors_go_to_stderr(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "stillwatch", "scan", str(tmp_path / "absent"), "--out", "o"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "80"},
        timeout=120,
        check=False,
    )
    assert ran.returncode == 3
    assert ran.stdout == "" and ran.stderr.startswith("stillwatch: ")
    assert "Traceback" not in ran.stderr
