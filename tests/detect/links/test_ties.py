"""Ties: two conversations of one's own making, and one's own gone on with by others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.detect import Parameters
from stillwatch.detect.links.collect import collect_links
from stillwatch.detect.links.registry import link_kinds
from stillwatch.detect.links.ties import OWN_ACTS, core_of
from tests.detect.prints import fingerprints, prepared

Row = dict[str, Any]


def ring(names: str, chats: int) -> list[Row]:
    """Let each account go on with this many chats of the one before it."""
    rows: list[Row] = []
    for i, account in enumerate(names):
        for k in range(chats):
            token = 100 * (i + 1) + k
            rows.append({"account_id": names[i - 1], "response_hash": token, "output_tokens": 90})
            rows.append({"account_id": account, "prior_assistant_hashes": [token]})
    return rows


def tied(*rows: Row) -> list[tuple[str, str, int]]:
    with prepared(fingerprints(rows)) as engine:
        collect_links(engine, link_kinds(), Parameters())
        found = engine.arrow(
            "SELECT a.account_id AS a, b.account_id AS b, ties FROM tied_accounts t "
            "JOIN account_index a ON a.account = t.account_a "
            "JOIN account_index b ON b.account = t.account_b ORDER BY 1, 2"
        ).to_pylist()
    return [(r["a"], r["b"], r["ties"]) for r in found]


def acts_of(account: str, *rows: Row) -> int:
    with prepared(fingerprints(rows)) as engine:
        collect_links(engine, link_kinds(), Parameters())
        return engine.scalar(
            "SELECT count(DISTINCT act) FROM continuations JOIN account_index i "
            f"ON i.account = actor WHERE account_id = '{account}'"
        )


@pytest.mark.parametrize(("chats", "pairs"), [(1, 0), (2, 3), (3, 3)])
def test_a_tie_takes_two_chats_of_each(chats: int, pairs: int) -> None:
    assert len(tied(*ring("abc", chats))) == pairs


def test_pairs_need_not_meet_twice() -> None:
    # Each goes on with one chat of either other account: no pair recurs in one direction, all do act twice.
    forward, back = ring("abc", 1), ring("cba", 1)
    for row in back:
        for column in ("response_hash", "prior_assistant_hashes"):
            if column in row:
                row[column] = (
                    [row[column][0] + 5_000]
                    if isinstance(row[column], list)
                    else row[column] + 5_000
                )
    assert tied(*forward, *back) == [("a", "b", 2), ("a", "c", 2), ("b", "c", 2)]


def issue(account: str, token: int, **more: Any) -> Row:
    return {"account_id": account, "response_hash": token, "output_tokens": 90, **more}


def go_on(account: str, *tokens: int, **more: Any) -> Row:
    return {"account_id": account, "prior_assistant_hashes": list(tokens), **more}


def test_one_history_of_two_answers_is_one_act() -> None:
    assert acts_of("v", issue("a", 1), issue("b", 2), go_on("v", 1, 2)) == 1


def test_an_answer_and_its_signature_are_one_act() -> None:
    rows = [
        issue("a", 1, issued_signature_hash=11),
        issue("b", 2, issued_signature_hash=12),
        go_on("v", 1, 2, replayed_signature_hashes=[11, 12]),
    ]
    assert acts_of("v", *rows) == 1


def test_a_chat_that_grows_between_two_visits_is_one_act() -> None:
    rows = [
        issue("a", 1),
        go_on("v", 1),
        issue("b", 2, prior_assistant_hashes=[1]),
        go_on("v", 1, 2),
    ]
    assert acts_of("v", *rows) == 1
    assert acts_of("v", *rows, issue("a", 3), go_on("v", 3)) == 2


def test_a_failover_that_goes_on_with_a_chat_is_one_act() -> None:
    rows = [
        issue("a", 1),
        {"account_id": "a", "request_hash": 9, "status": 429, "prior_assistant_hashes": [1]},
        go_on("b", 1, request_hash=9),
    ]
    assert acts_of("b", *rows) == 1


def test_who_is_only_replayed_or_only_replays_is_tied_to_nobody() -> None:
    pool = ring("abc", 2)
    copied = [row for k in (1, 2, 3) for row in (issue("x", k), go_on("a", k))]
    planted = [row for k in (4, 5, 6) for row in (issue("a", k), go_on("y", k))]
    assert {name for a, b, _ in tied(*pool, *copied, *planted) for name in (a, b)} == {*"abc"}


def test_nothing_ties_nobody() -> None:
    assert tied({"account_id": "a"}) == []


edges = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 3)).filter(
        lambda e: e[0] != e[1]
    ),
    max_size=60,
    unique=True,
)


@given(edges)
def test_the_core_is_the_largest_set_that_keeps_its_own_rule(
    drawn: list[tuple[int, int, int]],
) -> None:
    def peeled(rows: set[tuple[int, int, int]], out: set[int]) -> set[int]:
        inside = {a for a, _, _ in rows} | {b for _, b, _ in rows}
        return {
            v
            for v in inside - out
            if len({c for a, _, c in rows if a == v}) < OWN_ACTS
            or not any(b == v for _, b, _ in rows)
        }

    rows, out = set(drawn), set[int]()
    while bad := peeled(rows, out):
        # One at a time, in whatever order: the core does not depend on it.
        out.add(max(bad))
        rows = {r for r in rows if r[0] not in out and r[1] not in out}
    expected = {a for a, _, _ in rows}
    columns = np.array(drawn, dtype=np.int64).reshape(-1, 3).T
    actor, origin, chat = columns
    assert core_of(actor, origin, 10 * actor + chat).tolist() == sorted(expected)
