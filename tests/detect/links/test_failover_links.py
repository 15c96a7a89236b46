"""Failover: a failed request comes back on another account, more often after the error than before."""

from __future__ import annotations

from typing import Any

import pytest

from stillwatch.detect import Parameters
from stillwatch.detect.links.collect import collect_links
from stillwatch.detect.links.registry import link_kinds
from tests.detect.prints import fingerprints, links, prepared


def ask(account: str, second: float, status: int = 200, **more: Any) -> dict[str, Any]:
    return {"account_id": account, "second": second, "status": status, "request_hash": 9, **more}


def echoes(
    *rows: dict[str, Any], claims: list[dict[str, Any]] | None = None
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the pairs linked after an error, and those in the control window before."""
    with prepared(fingerprints(rows), claims) as engine:
        collect_links(engine, link_kinds(), Parameters())
        after = links(engine, "failover")
        before = links(engine, "failover", table="failover_control")
    return [r[:2] for r in after], [r[:2] for r in before]


@pytest.mark.parametrize("status", [401, 402, 403, 408, 429, 500, 503, 529])
def test_an_echo_after_an_error_is_a_link(status: int) -> None:
    assert echoes(ask("a", 0, status), ask("b", 30)) == ([("a", "b")], [])


@pytest.mark.parametrize("status", [200, 204, 400, 404, 422])
def test_what_did_not_fail_or_fails_everywhere_is_not_retried(status: int) -> None:
    assert echoes(ask("a", 0, status), ask("b", 30)) == ([], [])


@pytest.mark.parametrize(
    ("scope", "linked"), [(None, [("a", "b")]), ("account", [("a", "b")]), ("provider", [])]
)
@pytest.mark.parametrize("status", [429, 503])
def test_an_error_that_is_the_providers_by_name_ties_nobody(
    scope: str | None, linked: list[tuple[str, str]], status: int
) -> None:
    failed = ask("a", 1_000, status, error_scope=scope)
    assert echoes(failed, ask("b", 1_030)) == (linked, [])
    # Nor does it make a window before the error to compare with.
    assert echoes(ask("b", 970), failed) == ([], linked)


@pytest.mark.parametrize(
    ("second", "after", "before"),
    [
        (-121.0, 0, 0), (-120.0, 0, 1), (-1.0, 0, 1), (0.0, 0, 0), (1.0, 1, 0), (120.0, 1, 0),
        (121.0, 0, 0),
    ],
)  # fmt: skip
def test_the_windows_before_and_after_are_equal(second: float, after: int, before: int) -> None:
    found, control = echoes(ask("a", 1_000, 429), ask("b", 1_000 + second))
    assert (len(found), len(control)) == (after, before)


def test_the_same_account_again_is_no_failover() -> None:
    assert echoes(ask("a", 0, 429), ask("a", 10), ask("a", 20)) == ([], [])


@pytest.mark.parametrize(("accounts", "linked"), [(2, 1), (6, 5), (7, 0)])
def test_a_request_that_many_send_is_common_wording(accounts: int, linked: int) -> None:
    rows = [ask("a", 0, 429), *(ask(f"b{i}", 10.0 + i) for i in range(accounts - 1))]
    assert len(echoes(*rows)[0]) == linked


def test_short_requests_are_anybodys() -> None:
    assert echoes(ask("a", 0, 429, words=3), ask("b", 10, words=3)) == ([], [])


def test_the_prompt_stands_in_where_a_source_keeps_no_request_hash() -> None:
    rows = [ask("a", 0, 429), ask("b", 10)]
    for row in rows:
        row["request_hash"], row["prompt_hash"] = None, 4
    assert echoes(*rows)[0] == [("a", "b")]
    for row in rows:
        row["prompt_hash"] = None
    assert echoes(*rows) == ([], [])


def test_an_outage_makes_everybody_retry_and_ties_nobody() -> None:
    outage = [
        {"account_id": f"o{i}", "second": 600.0 + i, "status": 503, "request_hash": 100 + i}
        for i in range(30)
    ]
    failed, again = ask("a", 610, 503), ask("b", 640)
    assert echoes(failed, again)[0] == [("a", "b")]
    assert echoes(failed, again, *outage) == ([], [])
    # The same errors among enough requests that went well are no outage.
    well = [
        {"account_id": f"w{i}", "second": 600.0 + i / 10, "request_hash": 1_000 + i}
        for i in range(300)
    ]
    assert echoes(failed, again, *outage, *well)[0] == [("a", "b")]
    # Nor is an error in another minute part of it.
    assert echoes(ask("a", 700, 503), ask("b", 720), *outage)[0] == [("a", "b")]


def test_a_declared_team_is_left_out_of_both_windows() -> None:
    claims = [{"account_id": a, "organization_id": "acme"} for a in ("a", "b")]
    assert echoes(ask("b", 990), ask("a", 1_000, 429), ask("b", 1_010), claims=claims) == ([], [])


def test_no_more_links_than_errors_and_accounts() -> None:
    rows = [ask("a", 0, 429), ask("b", 10), ask("b", 20), ask("b", 30, 429), ask("c", 40)]
    found, _ = echoes(*rows)
    assert sorted(found) == [("a", "b"), ("a", "c"), ("b", "c")]
