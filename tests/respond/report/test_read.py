"""Reading a result folder: the whole of it, a part of it, and what is no such folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillwatch.errors import InputError
from stillwatch.respond.report.read_detail import named_accounts, read_detail
from stillwatch.respond.report.read_result import read_result
from tests.respond.report.findings import add_campaign, full_folder
from tests.respond.report.result_folder import START, Folder


def test_a_full_folder(tmp_path: Path) -> None:
    result = read_result(full_folder().write(tmp_path))
    campaign = result.campaigns[0]
    assert [group.kind for group in result.groups] == [
        "campaign", "resale_pool", "organisation", "organisation", "class", "unexplained",
    ]  # fmt: skip
    assert len(campaign.terms) == 14
    assert sum(t.log_odds for t in campaign.terms if t.score == "extraction") == pytest.approx(
        campaign.scores["extraction"]
    )
    assert campaign.capabilities[0] == ("reasoning_mathematics", 0.62)
    assert [(one.name, one.exchanges, one.output_tokens) for one in campaign.capability_counts] == [
        ("reasoning_mathematics", 36_897, 27_300_000),
        ("grading", 10_437, 7_200_000),
        ("other", 11_760, None),
    ]
    assert all(group.capability_counts == () for group in result.others)
    assert campaign.first_seen is not None
    assert campaign.first_seen.isoformat() == "2026-03-02T05:00:00+00:00"
    assert {(row.reason, row.rows) for row in result.rejected} == {
        ("negative input_tokens", 10), ("occurred_at is no time", 10), ("not JSON", 10),
    }  # fmt: skip


def test_a_folder_of_an_older_scan_holds_no_counts(tmp_path: Path) -> None:
    folder = full_folder().write(tmp_path)
    (folder / "capabilities.parquet").unlink()
    assert read_result(folder).campaigns[0].capability_counts == ()


def test_detail_of_a_campaign(tmp_path: Path) -> None:
    folder = full_folder()
    result = read_result(folder.write(tmp_path))
    detail = read_detail(tmp_path, result.campaigns[0].group_id, 20)
    assert len(detail.members) == 20
    assert detail.listed == 147
    own = {row["account_id"] for row in folder.tables["members"] if row["group_id"] != "0a11"}
    assert {member.account_id for member in detail.members} <= own
    odds = [member.log_odds for member in detail.members]
    assert odds == sorted(odds, reverse=True)
    assert detail.named == len(named_accounts(tmp_path, result.campaigns[0].group_id))
    assert detail.link_kinds == (("answer_replayed", 98), ("failover", 49))
    template = next(tie for tie in detail.ties if tie.kind == "template")
    assert template.everywhere == 154
    assert next(tie for tie in detail.ties if tie.value is None).everywhere is None
    assert detail.hours[0].start >= START


def test_links_and_traits_of_others_do_not_count(tmp_path: Path) -> None:
    folder = Folder()
    add_campaign(folder, 10)
    inside = folder.tables["members"][0]["account_id"]
    folder.tables["links"].append({"kind": "failover", "account_a": inside, "account_b": "other"})
    folder.tables["traits"].append(
        {"kind": "referrer", "family": "identity", "value": "e4b1f07722c19a55", "accounts": 99}
    )
    detail = read_detail(folder.write(tmp_path), "c1a7e90b44d2", 5)
    assert sum(count for _, count in detail.link_kinds) == 10
    assert next(tie for tie in detail.ties if tie.kind == "template").everywhere == 17


def test_families_of_a_member_are_those_that_speak_for_it(tmp_path: Path) -> None:
    folder = Folder()
    folder.add_group("g", "campaign", [], accounts=1, exchanges=1, q_value=0.01)
    folder.tables["members"].append({"group_id": "g", "account_id": "a", "log_odds": 2.0})
    for family, weight in (("timing", 1.0), ("content", 3.0), ("client", -1.0), (None, 5.0)):
        folder.tables["evidence"].append(
            {"group_id": "g", "account_id": "a", "family": family, "term": "membership.x",
             "log_odds": weight}
        )  # fmt: skip
    detail = read_detail(folder.write(tmp_path), "g", 5)
    assert detail.members[0].families == ("content", "timing")


@pytest.mark.parametrize("table", ["groups", "evidence", "readiness", "rejected"])
def test_a_missing_table_is_named(tmp_path: Path, table: str) -> None:
    full_folder().write(tmp_path)
    (tmp_path / f"{table}.parquet").unlink()
    with pytest.raises(InputError, match=f"there is no {table}.parquet"):
        read_result(tmp_path)


def test_a_damaged_table_is_named(tmp_path: Path) -> None:
    full_folder().write(tmp_path)
    (tmp_path / "groups.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(InputError, match=r"groups\.parquet cannot be read"):
        read_result(tmp_path)


@pytest.mark.parametrize("record", ["{", "[]", "\udcff"])
def test_a_damaged_record_is_named(tmp_path: Path, record: str) -> None:
    full_folder().write(tmp_path)
    (tmp_path / "scan.json").write_text(record, errors="surrogateescape")
    with pytest.raises(InputError, match=r"scan\.json"):
        read_result(tmp_path)


def test_a_folder_that_is_no_result(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no scan\.json"):
        read_result(tmp_path)


def test_older_results_have_no_pictures(tmp_path: Path) -> None:
    full_folder().write(tmp_path)
    (tmp_path / "ties.parquet").unlink()
    (tmp_path / "timeline.parquet").unlink()
    detail = read_detail(tmp_path, "c1a7e90b44d2", 5)
    assert detail.ties == ()
    assert detail.hours == ()
