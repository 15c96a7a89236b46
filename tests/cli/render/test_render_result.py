"""A result on the terminal and for the next program."""

from __future__ import annotations

import json
import unicodedata
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from stillwatch.cli.render import ResultFormat, render_result
from stillwatch.errors import InputError
from tests.respond.report.findings import add_innocents, empty_folder, full_folder, null_folder
from tests.respond.report.result_folder import Folder
from tests.respond.report.test_page import HOSTILE, poison


def rendered(folder: Path, kind: ResultFormat, width: int = 80, **options: Any) -> str:
    out = StringIO()
    render_result(folder, kind, Console(file=out, width=width, **options))
    return out.getvalue()


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return full_folder().write(tmp_path_factory.mktemp("full"))


@pytest.mark.parametrize("width", [80, 100, 140])
def test_the_table_fits_the_terminal(full: Path, width: int) -> None:
    text = rendered(full, "table", width)
    assert max(len(line) for line in text.splitlines()) <= width


def test_the_table_says_what_matters(full: Path) -> None:
    words = " ".join(rendered(full, "table").split())
    assert words.startswith("Found 1 campaign: 147 accounts that act as one")
    for part in (
        "147 accounts work through one queue of mathematics tasks",
        "59,094 of the campaign, 89,670 in all", "mathematical reasoning 62 %",
        "mathematical reasoning 36,897 exchanges (27,300,000 tokens out)",
        "none of these 11,760 exchanges",
        "client, content, identity, lineage, network, timing",
        "coordination +16.1, extraction +6.2, concealment +5.2",
        "0.0021, weighed against shared workload", "38,112 distinct tasks",
        "resale pool 412 123,600 +5.2 −2.4 −6.0 0.9", "30 rows rejected",
        "groups of 12 or more accounts",
    ):  # fmt: skip
        assert part in words, part
    assert words.index("campaign 147") < words.index("resale pool 412")


def test_a_wide_terminal_shows_summaries(full: Path) -> None:
    assert "58 accounts that were set the same exercises." in rendered(full, "table", 140)


def test_the_report_is_named_on_one_line(full: Path, tmp_path: Path) -> None:
    assert "Report:" not in rendered(full_folder().write(tmp_path / "bare"), "table")
    long = full_folder().write(tmp_path / ("long" * 30))
    path = rendered(long, "html").strip()
    assert Path(path) == long / "report.html"
    assert Path(path).is_file()
    assert f"Report: {path}" in rendered(long, "table").splitlines()


def test_colour_only_where_it_is_wanted(full: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" not in rendered(full, "table")
    assert "\x1b[1;31m" in rendered(full, "table", force_terminal=True, color_system="standard")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "31m" not in rendered(full, "table", force_terminal=True, color_system="standard")


def test_many_groups_are_cut_and_counted(tmp_path: Path) -> None:
    folder = Folder()
    for _ in range(6):
        add_innocents(folder)
    assert "and 18 more groups in groups.parquet" in rendered(folder.write(tmp_path), "table")


@pytest.mark.parametrize("make", [null_folder, empty_folder, Folder])
def test_nothing_found(make: Any, tmp_path: Path) -> None:
    folder = make().write(tmp_path)
    assert "ampaign found" in rendered(folder, "table") or "Nothing" in rendered(folder, "table")
    assert json.loads(rendered(folder, "json"))["verdict"]


def test_json_is_one_object_with_everything(full: Path) -> None:
    value = json.loads(rendered(full, "json"))
    assert value["verdict"].startswith("Found 1 campaign")
    assert value["counts"]["exchanges"] == 1_204_551
    assert value["schema_version"] == 1
    assert {row["status"] for row in value["readiness"]} == {"ready", "partial", "absent"}
    assert sum(row["rows"] for row in value["rejected"]) == 30
    campaign = value["groups"][0]
    assert campaign["reported"] is True
    assert campaign["first_seen"] == "2026-03-02T05:00:00Z"
    assert 130 <= len(campaign["named_accounts"]) <= 147
    assert campaign["named_accounts"] == sorted(campaign["named_accounts"])
    assert sum(
        term["log_odds"] for term in campaign["evidence"] if term["term"].startswith("coord")
    ) == pytest.approx(campaign["coordination_log_odds"])
    assert all(group["named_accounts"] == [] for group in value["groups"][1:])


def test_jsonl_is_one_group_a_line(full: Path) -> None:
    lines = rendered(full, "jsonl").splitlines()
    assert [json.loads(line) for line in lines] == json.loads(rendered(full, "json"))["groups"]


def test_a_record_cannot_pass_for_the_result(tmp_path: Path) -> None:
    folder = null_folder()
    folder.scan |= {"groups": ["forged"], "verdict": "forged", "odd": [float("inf")]}
    value = json.loads(rendered(folder.write(tmp_path), "json"))
    assert value["verdict"] != "forged"
    assert len(value["groups"]) == 5
    assert value["odd"] == [None]


@settings(max_examples=25)
@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=120)))
def test_no_value_can_drive_a_terminal(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = poison(full_folder(accounts=5), text).write(tmp_path_factory.mktemp("hostile"))
    for kind in ("table", "json", "jsonl"):
        kinds = {unicodedata.category(c) for c in rendered(folder, kind).replace("\n", "")}
        assert not kinds & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}, kind
    last = json.loads(rendered(folder, "jsonl").splitlines()[0])
    assert last["summary"] == text


def test_markup_of_the_terminal_stays_text(tmp_path: Path) -> None:
    folder = poison(full_folder(accounts=5), "[bold]x[/] [link=http://a]y[/link]").write(tmp_path)
    assert "[bold]x[/] [link=http://a]y[/link]" in rendered(folder, "table", 200)


def test_a_folder_that_is_no_result(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no scan\.json"):
        rendered(tmp_path, "json")
