"""Lineage and signature replay: one account goes on with what was answered to another."""

from __future__ import annotations

from typing import Any

import pytest

from stillwatch.detect import Parameters
from stillwatch.detect.links.collect import collect_links
from stillwatch.detect.links.registry import link_kinds
from tests.detect.prints import fingerprints, links, prepared

ANSWER = 77
KINDS = ("lineage", "signature_replay")


def issue(kind: str, account: str, second: float, **more: Any) -> dict[str, Any]:
    column = "response_hash" if kind == "lineage" else "issued_signature_hash"
    return {
        "account_id": account, "second": second, column: ANSWER, "output_tokens": 100,
        "temperature": 1.0, **more,
    }  # fmt: skip


def replay(kind: str, account: str, second: float, **more: Any) -> dict[str, Any]:
    column = "prior_assistant_hashes" if kind == "lineage" else "replayed_signature_hashes"
    return {"account_id": account, "second": second, column: [5, ANSWER], **more}


def found(
    kind: str, *rows: dict[str, Any], claims: list[dict[str, Any]] | None = None
) -> list[tuple[str, str, str, str]]:
    with prepared(fingerprints(rows), claims) as engine:
        collect_links(engine, link_kinds(), Parameters())
        return links(engine, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_carried_on_by_another_account_is_a_link(kind: str) -> None:
    assert found(kind, issue(kind, "a", 0), replay(kind, "b", 10)) == [
        ("a", "b", "x00000", "x00001")
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_one_link_however_often_it_is_carried_on(kind: str) -> None:
    rows = [issue(kind, "a", 0), *(replay(kind, "b", 10.0 + i) for i in range(5))]
    assert found(kind, *rows) == [("a", "b", "x00000", "x00001")]


@pytest.mark.parametrize("kind", KINDS)
def test_an_account_that_goes_on_with_its_own_answer_is_no_link(kind: str) -> None:
    assert found(kind, issue(kind, "a", 0), replay(kind, "a", 10)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_replayed_before_it_was_issued_is_no_link(kind: str) -> None:
    assert found(kind, replay(kind, "b", 0), issue(kind, "a", 10)) == []
    assert found(kind, replay(kind, "b", 10), issue(kind, "a", 10)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_two_accounts_were_answered_ties_nobody(kind: str) -> None:
    rows = [issue(kind, "a", 0), issue(kind, "c", 1), replay(kind, "b", 10)]
    assert found(kind, *rows) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("replayers", "linked"), [(7, 7), (8, 8), (9, 0), (40, 0)])
def test_what_many_replay_is_a_published_transcript(kind: str, replayers: int, linked: int) -> None:
    rows = [issue(kind, "a", 0), *(replay(kind, f"b{i:02d}", 10) for i in range(replayers))]
    assert len(found(kind, *rows)) == linked


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("one", "other", "linked"),
    [("acme", "acme", 0), ("acme", "bolt", 1), ("acme", None, 1), (None, None, 1)],
)
def test_accounts_of_one_declared_organisation_hide_nothing(
    kind: str, one: str | None, other: str | None, linked: int
) -> None:
    claims = [
        {"account_id": "a", "organization_id": one},
        {"account_id": "b", "organization_id": other},
    ]
    rows = [issue(kind, "a", 0), replay(kind, "b", 10)]
    assert len(found(kind, *rows, claims=claims)) == linked


@pytest.mark.parametrize(("tokens", "linked"), [(None, 0), (0, 0), (39, 0), (40, 1), (4_000, 1)])
def test_a_short_answer_may_be_anybodys(tokens: int | None, linked: int) -> None:
    rows = [issue("lineage", "a", 0, output_tokens=tokens), replay("lineage", "b", 10)]
    assert len(found("lineage", *rows)) == linked


@pytest.mark.parametrize(("temperature", "linked"), [(0.0, 0), (0.2, 1), (None, 1)])
def test_at_temperature_0_two_people_can_get_one_answer(
    temperature: float | None, linked: int
) -> None:
    rows = [issue("lineage", "a", 0, temperature=temperature), replay("lineage", "b", 10)]
    assert len(found("lineage", *rows)) == linked


def test_an_answer_that_failed_was_not_issued() -> None:
    assert found("lineage", issue("lineage", "a", 0, status=500), replay("lineage", "b", 9)) == []
