"""What a scan of a small world writes: the tables of the contract, and explanations that add up."""

from __future__ import annotations

import json
from collections import defaultdict
from math import fsum, isclose

import pytest
from scipy.special import expit

from stillwatch.model.tables_picture import PICTURED_ACCOUNTS, PICTURED_TIES
from stillwatch.model.vocabulary import (
    CAMPAIGN_Q_VALUE,
    CAPABILITIES,
    EVIDENCE_FAMILIES,
    GROUP_KINDS,
    OTHER_CAPABILITY,
)
from tests.worlds.scans import WRITTEN, Scan, World

SCORES = ("coordination", "extraction", "concealment")


@pytest.fixture(params=["demo_scan", "null_scan"])
def result(request: pytest.FixtureRequest) -> Scan:
    scan: Scan = request.getfixturevalue(request.param)
    return scan


def near(one: float, two: float) -> bool:
    return isclose(one, two, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize("name", WRITTEN)
def test_every_table_has_exactly_its_schema(result: Scan, name: str) -> None:
    assert result.table(name).schema.equals(WRITTEN[name])


def test_nothing_else_is_left_behind(result: Scan) -> None:
    assert {path.name for path in result.folder.iterdir()} == {
        *(f"{name}.parquet" for name in WRITTEN),
        "scan.json",
        "report.html",
    }


def test_the_terms_of_a_group_sum_to_its_scores(result: Scan) -> None:
    terms: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row in result.rows("evidence"):
        if row["account_id"] is None:
            terms[row["group_id"], row["term"].split(".")[0]].append(row["log_odds"])
    groups = result.rows("groups")
    assert groups, "a world without any group shows nothing here"
    assert {score for _, score in terms} == set(SCORES)
    for group in groups:
        for score in SCORES:
            assert near(fsum(terms[group["group_id"], score]), group[f"{score}_log_odds"])


def test_the_terms_of_a_member_sum_to_its_log_odds(demo_scan: Scan) -> None:
    terms: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row in demo_scan.rows("evidence"):
        if row["account_id"] is not None:
            assert row["term"].startswith("membership.")
            terms[row["group_id"], row["account_id"]].append(row["log_odds"])
    campaigns = {g["group_id"] for g in demo_scan.rows("groups") if g["kind"] == "campaign"}
    members = [m for m in demo_scan.rows("members") if m["group_id"] in campaigns]
    assert members, "the pool of this world must be found for this to show anything"
    assert set(terms) == {(m["group_id"], m["account_id"]) for m in members}
    for member in members:
        assert near(fsum(terms[member["group_id"], member["account_id"]]), member["log_odds"])


def test_probability_is_the_sigmoid_of_log_odds(result: Scan) -> None:
    for member in result.rows("members"):
        assert near(member["probability"], float(expit(member["log_odds"])))


def test_a_term_stands_once_and_is_explained(result: Scan) -> None:
    rows = result.rows("evidence")
    places = [(r["group_id"], r["account_id"], r["term"]) for r in rows]
    assert len(set(places)) == len(places)
    ids = {g["group_id"] for g in result.rows("groups")}
    for row in rows:
        assert row["group_id"] in ids
        assert row["statement"] and "{" not in row["statement"]
        assert row["innocent_explanation"]
        assert row["family"] is None or row["family"] in EVIDENCE_FAMILIES
        if row["account_id"] is None:
            assert row["family"] in EVIDENCE_FAMILIES


def test_counts_agree_between_tables(demo_scan: Scan, demo_world: World) -> None:
    held = demo_world.exchanges.group_by("account_id").aggregate([("exchange_id", "count")])
    exchanges = dict(
        zip(held["account_id"].to_pylist(), held["exchange_id_count"].to_pylist(), strict=True)
    )
    likely: dict[str, list[dict[str, int]]] = defaultdict(list)
    for member in demo_scan.rows("members"):
        assert member["exchanges"] == exchanges[member["account_id"]]
        assert 0 <= member["campaign_exchanges"] <= member["exchanges"]
        if member["probability"] >= 0.5:
            likely[member["group_id"]].append(member)
    attributed: dict[str, int] = defaultdict(int)
    for row in demo_scan.rows("attributed"):
        attributed[row["group_id"]] += 1
    timeline: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in demo_scan.rows("timeline"):
        timeline[row["group_id"]][0] += row["exchanges"]
        timeline[row["group_id"]][1] += row["campaign_exchanges"]
    for group in demo_scan.rows("groups"):
        inside = likely[group["group_id"]]
        assert group["accounts"] == len(inside)
        assert group["exchanges"] == sum(m["exchanges"] for m in inside)
        assert group["campaign_exchanges"] == sum(m["campaign_exchanges"] for m in inside)
        assert group["campaign_exchanges"] == attributed[group["group_id"]]
        assert timeline[group["group_id"]] == [group["exchanges"], group["campaign_exchanges"]]
        assert group["first_seen"] <= group["last_seen"]


def test_attributed_exchanges_are_of_members_of_campaigns(
    demo_scan: Scan, demo_world: World
) -> None:
    campaigns = {g["group_id"] for g in demo_scan.rows("groups") if g["kind"] == "campaign"}
    members = {
        (m["group_id"], m["account_id"])
        for m in demo_scan.rows("members")
        if m["probability"] >= 0.5
    }
    owner = dict(
        zip(
            demo_world.exchanges["exchange_id"].to_pylist(),
            demo_world.exchanges["account_id"].to_pylist(),
            strict=True,
        )
    )
    rows = demo_scan.rows("attributed")
    assert rows and {r["group_id"] for r in rows} == campaigns
    assert len({(r["group_id"], r["exchange_id"]) for r in rows}) == len(rows)
    assert all((r["group_id"], owner[r["exchange_id"]]) in members for r in rows)


def test_a_campaigns_capabilities_sum_to_its_exchanges(demo_scan: Scan, demo_world: World) -> None:
    ids, tokens = (
        demo_world.exchanges[name].to_pylist() for name in ("exchange_id", "output_tokens")
    )
    stated = dict(zip(ids, tokens, strict=True))
    exchanges: dict[str, int] = defaultdict(int)
    output: dict[str, int] = defaultdict(int)
    rows = demo_scan.rows("capabilities")
    for row in rows:
        assert row["capability"] in (*CAPABILITIES, OTHER_CAPABILITY)
        assert row["exchanges"] > 0
        exchanges[row["group_id"]] += row["exchanges"]
        output[row["group_id"]] += row["output_tokens"] or 0
    assert len({(row["group_id"], row["capability"]) for row in rows}) == len(rows)
    spent: dict[str, int] = defaultdict(int)
    for row in demo_scan.rows("attributed"):
        spent[row["group_id"]] += stated[row["exchange_id"]] or 0
    assert output == spent
    assert exchanges == {
        group["group_id"]: group["campaign_exchanges"]
        for group in demo_scan.rows("groups")
        if group["kind"] == "campaign"
    }


def test_examples_are_exchanges_of_the_group(demo_scan: Scan, demo_world: World) -> None:
    owner = dict(
        zip(
            demo_world.exchanges["exchange_id"].to_pylist(),
            demo_world.exchanges["account_id"].to_pylist(),
            strict=True,
        )
    )
    members = {
        (m["group_id"], m["account_id"])
        for m in demo_scan.rows("members")
        if m["probability"] >= 0.5
    }
    shown = 0
    for row in demo_scan.rows("evidence"):
        for exchange in row["example_exchange_ids"]:
            shown += 1
            assert (row["group_id"], owner[exchange]) in members
            assert row["account_id"] in (None, owner[exchange])
    assert shown


def test_groups_say_what_the_contract_promises(result: Scan) -> None:
    groups = result.rows("groups")
    assert len({g["group_id"] for g in groups}) == len(groups)
    kinds = [g["kind"] for g in groups]
    assert set(kinds) <= set(GROUP_KINDS)
    assert kinds == sorted(kinds, key=lambda kind: kind != "campaign"), "campaigns come first"
    for group in groups:
        assert 0 <= group["q_value"] <= 1
        assert group["kind"] != "campaign" or group["q_value"] <= CAMPAIGN_Q_VALUE
        assert group["kind"] == "campaign" or group["campaign_exchanges"] == 0
        assert set(group["families"]) <= set(EVIDENCE_FAMILIES)
        shares = dict(group["capabilities"])
        assert isclose(sum(shares.values()), 1.0) or not shares
        assert f"{group['accounts']:,}" in group["summary"]


def test_pictures_stay_small_and_true(demo_scan: Scan) -> None:
    groups = {g["group_id"]: g for g in demo_scan.rows("groups")}
    per_group: dict[str, int] = defaultdict(int)
    for tie in demo_scan.rows("ties"):
        per_group[tie["group_id"]] += 1
        assert len(tie["accounts"]) <= min(tie["members"], PICTURED_ACCOUNTS)
        assert tie["members"] <= groups[tie["group_id"]]["accounts"]
    assert per_group and max(per_group.values()) <= PICTURED_TIES


def test_traits_name_a_number_of_accounts_that_share_them(result: Scan) -> None:
    traits = result.rows("traits")
    assert traits
    assert {t["family"] for t in traits} <= set(EVIDENCE_FAMILIES)
    assert min(t["accounts"] for t in traits) >= 4
    assert len({(t["kind"], t["value"]) for t in traits}) == len(traits)


def test_the_record_says_what_was_done(demo_scan: Scan) -> None:
    record = json.loads((demo_scan.folder / "scan.json").read_text())
    groups = demo_scan.rows("groups")
    assert record["counts"]["groups"] == len(groups) == demo_scan.report.groups
    assert record["counts"]["campaigns"] == sum(g["kind"] == "campaign" for g in groups)
    assert record["counts"]["exchanges"] == demo_scan.report.exchanges
    assert all(len(entry["sha256"]) == 64 for entry in record["inputs"])
    assert list(record["timings"]) == demo_scan.stages
    assert "simulation-calibrated" in record["parameters"]["calibration"]
    assert any("no guarantee" in note for note in record["notes"])
