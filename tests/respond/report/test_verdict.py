"""The sentence that everybody reads first."""

from __future__ import annotations

from pathlib import Path

from stillwatch.respond.report.read_result import read_result
from stillwatch.respond.report.verdict import reach, verdict
from tests.respond.report.findings import (
    CAMPAIGN_TERMS,
    add_campaign,
    empty_folder,
    full_folder,
    null_folder,
)
from tests.respond.report.result_folder import Folder


def test_a_campaign_among_innocents(tmp_path: Path) -> None:
    assert verdict(read_result(full_folder().write(tmp_path))) == (
        "Found 1 campaign: 147 accounts that act as one and harvest mathematical reasoning; "
        "3 other groups explained innocently; 1 resale pool (evidence of resale only); "
        "1 group left unexplained."
    )


def test_several_campaigns(tmp_path: Path) -> None:
    folder = Folder()
    add_campaign(folder, 40, "a")
    add_campaign(folder, 60, "b")
    assert verdict(read_result(folder.write(tmp_path))) == (
        "Found 2 campaigns with 100 accounts in all, the largest of 60 accounts that act as one "
        "and harvest mathematical reasoning."
    )


def test_a_null_result_says_what_it_would_have_found(tmp_path: Path) -> None:
    result = read_result(null_folder().write(tmp_path))
    assert verdict(result).startswith("No campaign found; 3 groups explained innocently;")
    sentences = reach(result)
    assert sentences[0] == "It could not look at lineage evidence: the source lacks the fields."
    assert any("groups of 12 or more accounts" in sentence for sentence in sentences)


def test_an_empty_scan_does_not_claim_to_have_looked(tmp_path: Path) -> None:
    result = read_result(empty_folder().write(tmp_path))
    assert verdict(result) == "Nothing was scanned: the logs hold no exchange."
    assert reach(result) == (
        "The scan recorded no limit, so how small a group it could find is unknown.",
    )


def test_a_suspect_above_the_bar_is_not_reported(tmp_path: Path) -> None:
    folder = Folder()
    for group_id, q_value in (("above", 0.0501), ("none", None), ("nan", float("nan"))):
        folder.add_group(
            group_id, "campaign", CAMPAIGN_TERMS, accounts=9, exchanges=90, q_value=q_value
        )
    result = read_result(folder.write(tmp_path))
    assert result.campaigns == ()
    assert verdict(result) == "No campaign found; 3 suspect groups too uncertain to report."


def test_a_group_at_the_bar_is_reported(tmp_path: Path) -> None:
    folder = Folder()
    folder.add_group("at", "campaign", CAMPAIGN_TERMS, accounts=9, exchanges=90, q_value=0.05)
    assert len(read_result(folder.write(tmp_path)).campaigns) == 1
